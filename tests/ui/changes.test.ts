/** Decisions changed in their tab: collected, weighed, sent and taken back; by two tabs, and where they cannot be. */

import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { Decision } from '../../core/decisions.ts';
import type { StageRun } from '../../core/records.ts';
import { drop, startBrowser, type Visit, visit } from './browser.ts';
import { penguins, WALK_MS } from './newcomer.ts';
import { scripted, thePlace } from './place.ts';

let browser: Browser;
let visitor: Visit;
beforeAll(async () => {
  browser = await startBrowser();
  visitor = await visit(browser);
}, 60_000);
afterAll(() => browser?.close(), 60_000);
beforeEach(() => {
  visitor.problems.length = 0;
});

async function newSession(): Promise<string> {
  const { rest, scripted: model } = thePlace();
  const experiment = await rest.createExperiment('examples/penguins.csv', {
    ...{ name: 'Penguins, changed', target: 'species' },
  });
  return (await rest.createSession(experiment.id, { mode: 'manual', model })).id;
}

async function inForce(session: string): Promise<Record<string, [unknown, Decision['by']]>> {
  const { items } = await thePlace().rest.get<{ items: Decision[] }>(`/api/sessions/${session}/decisions`);
  return Object.fromEntries(items.map(({ key, value, by }) => [key, [value, by]]));
}

const entry = (page: Page, name: string) => page.getByRole('article', { name, exact: true });
const control = (page: Page, name: string) => entry(page, name).getByRole('combobox', { name, exact: true });
const bar = (page: Page) => page.getByRole('region', { name: 'Changes not yet sent' });

test('what is begun survives a reload and is the same in a second tab, until it is discarded', async () => {
  const session = await newSession();
  const { page, context } = visitor;
  await visitor.open(`/sessions/${session}/decisions`);
  await control(page, 'Metric').selectOption('f1_macro');
  await bar(page).getByText('1 change, from Train on').waitFor();
  await bar(page).getByText('Nothing is made anew: Train has not run yet and will follow them.').waitFor();
  await page.reload();
  await entry(page, 'Metric').getByText('was left to the agent').waitFor();
  const other = await context.newPage();
  await other.goto(`/sessions/${session}/decisions`);
  await bar(other).getByText('1 change, from Train on').waitFor();
  await control(other, 'Split by').selectOption('island');
  await bar(page).getByText('2 changes, from Prep on').waitFor();
  await bar(other).getByRole('button', { name: 'Discard' }).click();
  await bar(page).waitFor({ state: 'detached' });
  expect(await control(page, 'Metric').locator('option:checked').textContent()).toBe('left to the agent');
  await other.close();
  expect(await inForce(session)).toEqual({ target: ['species', 'person'] });
  expect(visitor.problems).toEqual([]);
}, 60_000);

test('a column is left out and another groups rows; what is taken is marked as the person’s', async () => {
  const session = await newSession();
  const { page } = visitor;
  await visitor.open(`/sessions/${session}/decisions`);
  await page.getByLabel('Use of sex').selectOption('left out');
  await page.getByLabel('Role of island').selectOption('groups rows');
  await bar(page).getByText('3 changes, from Prep on').waitFor();
  await page.getByLabel('Kind of flipper_length_mm').selectOption('category');
  await bar(page).getByText('4 changes, from EDA on').waitFor();
  await bar(page).getByRole('button', { name: 'Apply' }).click();
  await page.getByText('4 changes taken.').first().waitFor();
  await bar(page).waitFor({ state: 'detached' });
  await entry(page, 'Split by').getByText('You', { exact: true }).waitFor();
  expect(await inForce(session)).toEqual({
    target: ['species', 'person'],
    'column.sex.use': ['out', 'person'],
    'column.flipper_length_mm.kind': ['category', 'person'],
    'split.by': ['island', 'person'],
    'split.strategy': ['group', 'person'],
  });
  await page.getByLabel('Which columns').selectOption('Decided by you');
  await page.getByText('2 of 7 columns').waitFor();
  // what was decided is left to the agent again: groups without a column are none, so both together
  await entry(page, 'Split by').getByRole('button', { name: 'Leave it to the agent: Split by' }).click();
  await entry(page, 'Split')
    .getByRole('alert')
    .getByText(/cannot be group without split\.by/)
    .waitFor();
  await entry(page, 'Split')
    .getByRole('button', { name: 'Leave it to the agent: Split', exact: true })
    .click();
  await entry(page, 'Split by').getByText('was island').waitFor();
  await bar(page).getByRole('button', { name: 'Apply' }).click();
  await bar(page).waitFor({ state: 'detached' });
  expect(Object.keys(await inForce(session)).filter((key) => key.startsWith('split.'))).toEqual([]);
  // the refusal that was asked for
  expect(visitor.problems.filter((problem) => !/422/.test(problem))).toEqual([]);
}, 60_000);

test('what is not possible is said beside its control, and nothing is sent', async () => {
  const session = await newSession();
  const { page } = visitor;
  await visitor.open(`/sessions/${session}/decisions`);
  await control(page, 'Metric').selectOption('accuracy');
  await control(page, 'Kind of prediction').selectOption('a number');
  await entry(page, 'Metric')
    .getByRole('alert')
    .getByText(/metric cannot be "accuracy"\. Possible: "r2"/)
    .waitFor();
  await bar(page).getByText('One of them is not possible, as is said beside it.').waitFor();
  for (const name of ['Fork', 'Run again'])
    expect(await bar(page).getByRole('button', { name }).isDisabled()).toBe(true);
  await control(page, 'Metric').selectOption('rmse');
  await bar(page).getByText('2 changes, from EDA on').waitFor();
  await entry(page, 'Kind of prediction').getByRole('button', { name: 'Take this change back' }).click();
  await entry(page, 'Metric').getByRole('button', { name: 'Take this change back' }).click();
  await bar(page).waitFor({ state: 'detached' });
  expect(await inForce(session)).toEqual({ target: ['species', 'person'] });
  // the refusals that were asked for
  expect(visitor.problems.filter((problem) => !/422/.test(problem))).toEqual([]);
}, 60_000);

test('a stage runs again, and what was before comes back without being computed', async () => {
  const session = await scripted('plain', { name: 'Penguins, again' });
  const { rest } = thePlace();
  await rest.waitFor(session, ['eda_done']);
  const runs = async () => {
    const { items } = await rest.get<{ items: StageRun[] }>(`/api/sessions/${session}/stages`);
    return items.map(({ stage, run, state }) => `${stage} ${run} ${state}`);
  };
  const { page } = visitor;
  await visitor.open(`/sessions/${session}/decisions`);
  await control(page, 'Target').selectOption('sex');
  await bar(page).getByText('EDA is made anew.').waitFor();
  await bar(page).getByRole('button', { name: 'Run again' }).click();
  await bar(page).waitFor({ state: 'detached' });
  await rest.waitForEvent(session, ({ type, run }) => type === 'report_ready' && run === 2);
  await rest.waitFor(session, ['eda_done']);
  await page.getByRole('button', { name: 'Show history' }).click();
  await entry(page, 'Target').getByRole('button', { name: 'Choose species again' }).click();
  await bar(page).getByRole('button', { name: 'Run again' }).click();
  await page.getByText('1 change taken; EDA is as run 1 had made it.').first().waitFor();
  await page.waitForFunction(() => document.querySelector('li[data-stage="eda"].done') !== null);
  expect(await runs()).toEqual(['eda 1 done', 'eda 2 done', 'eda 3 done']);
  expect((await inForce(session)).target).toEqual(['species', 'person']);
  expect(visitor.problems).toEqual([]);
}, 120_000);

test(
  'a fork goes on from before the stage that is concerned, and the session stays as it was',
  async () => {
    const session = await penguins();
    const before = await inForce(session);
    const { page } = visitor;
    const { rest } = thePlace();
    await visitor.open(`/sessions/${session}/decisions`);
    await page.getByLabel('Use of sex').selectOption('left out');
    await bar(page).getByText('Prep and Train are made anew.').waitFor();
    await bar(page).getByRole('button', { name: 'Fork' }).click();
    await page.waitForURL((url) => !url.pathname.includes(session));
    const [, fork = ''] = /\/sessions\/([\w-]+)\/decisions/.exec(page.url()) ?? [];
    await page.getByText(/, forked from /).waitFor();
    await page.getByLabel('Which columns').selectOption('Decided by you');
    await page
      .getByRole('table', { name: 'Columns' })
      .getByRole('button', { name: 'sex', exact: true })
      .waitFor();
    expect((await inForce(fork))['column.sex.use']).toEqual(['out', 'person']);
    await page.getByRole('tab', { name: 'Report' }).click();
    await page.getByText('Decided by you: sex: left out.').waitFor();
    expect(await inForce(session)).toEqual(before);
    expect(visitor.problems).toEqual([]);
    // others look at these penguins too, as a newest session with its score; no page stands on what goes
    await visitor.open('/settings');
    await rest.send('POST', `/api/sessions/${fork}/cancel`, {});
    await rest.waitFor(fork, ['cancelled']);
    expect((await rest.send('DELETE', `/api/sessions/${fork}`)).status).toBe(204);
  },
  WALK_MS + 60_000,
);

test('a new experiment decides metric, split and kinds from the start', async () => {
  const { page } = visitor;
  await visitor.open('/new');
  await page.getByText('Drop a table here').waitFor();
  await drop(page, 'penguins.csv', readFileSync('examples/penguins.csv'));
  await page.getByLabel('Metric').selectOption('f1_macro');
  await page.getByLabel('Kind of body_mass_g').selectOption('category');
  await page.getByLabel('Split into training and test').selectOption('By groups: rows of one stay together');
  await page.getByText('Choose the column.', { exact: true }).waitFor();
  await page.getByLabel('Column of the split').selectOption('island');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(/\/sessions\//);
  const [, session = ''] = /\/sessions\/([\w-]+)/.exec(page.url()) ?? [];
  await thePlace().rest.send('POST', `/api/sessions/${session}/cancel`, {});
  expect(await inForce(session)).toMatchObject({
    metric: ['f1_macro', 'person'],
    'column.body_mass_g.kind': ['category', 'person'],
    'split.strategy': ['group', 'person'],
    'split.by': ['island', 'person'],
  });
  expect(visitor.problems).toEqual([]);
}, 60_000);
