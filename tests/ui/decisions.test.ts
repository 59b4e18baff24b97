/** The studio's tab of decisions: what was chosen, by whom and why; its history; thousands of columns. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Decision } from '../../core/decisions.ts';
import { newId } from '../../core/ids.ts';
import { insertDecisions, type NewDecision } from '../../db/index.ts';
import { startBrowser, type Visit, visit } from './browser.ts';
import { thePlace } from './place.ts';
import { inDatabase } from './rows.ts';

const COLUMNS = 5_000;
const CHANGED = 1_000;
/** Of a studio with some rows in sight; a table of 5,000 rows would have ten times as many. */
const MOST_ELEMENTS = 2_500;

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

type Row = Omit<NewDecision, 'id' | 'session_id' | 'run' | 'stage'> & Partial<NewDecision>;

/** Writes rows as the platform does. */
const decide = (session: string, rows: readonly Row[]): Promise<void> =>
  inDatabase((database) =>
    database.transaction((tx) =>
      insertDecisions(
        tx,
        rows.map((row) => ({ id: newId(), session_id: session, run: null, stage: 'prep', ...row })),
      ),
    ),
  );

async function newSession(file = 'examples/penguins.csv', name = 'Penguins, decided'): Promise<string> {
  const { rest, scripted: model } = thePlace();
  const experiment = await rest.createExperiment(file, { name, target: 'species' });
  return (await rest.createSession(experiment.id, { mode: 'manual', model })).id;
}

const entry = (page: Page, name: string) => page.getByRole('article', { name, exact: true });
/** The value that is chosen, in words. */
const chosen = (page: Page, name: string) =>
  entry(page, name).getByRole('combobox', { name, exact: true }).locator('option:checked').textContent();
const tableOfColumns = (page: Page) => page.getByRole('table', { name: 'Columns' });
const elements = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length);

test('each decision tells who made it, why, on what evidence and what else was possible', async () => {
  const session = await newSession();
  const strategy = {
    ...{ key: 'split.strategy', value: 'group', by: 'rule' as const, confidence: 0.9 },
    reason: 'rows of one island are alike',
    evidence: { score_by_rows: 0.98765, score_by_groups: 0.5, query: 'SELECT count(*) FROM dataset' },
    alternatives: [{ value: 'random', changes: 'the test rows would be of islands seen in training' }],
  };
  await decide(session, [
    strategy,
    { key: 'column.sex.use', value: 'out', by: 'person', reason: 'I asked for it' },
  ]);
  const { page } = visitor;
  await visitor.open(`/sessions/${session}/decisions`);
  await entry(page, 'Split').getByText('Rule · 90 % sure').waitFor();
  expect(await chosen(page, 'Split')).toBe('by groups: rows of one stay together');
  await entry(page, 'Split').getByText('Rows of one island are alike.').waitFor();
  expect(await entry(page, 'Split').getByRole('definition').allTextContents()).toEqual(['0.988', '0.5']);
  await entry(page, 'Split').getByLabel('The query that it rests on').waitFor();
  await entry(page, 'Split').getByText('the test rows would be of islands seen in training').waitFor();
  expect(await chosen(page, 'Target')).toBe('species');
  const sex = tableOfColumns(page).getByRole('row').filter({ hasText: 'I asked for it.' });
  const use = sex.getByRole('combobox', { name: 'Use of sex' });
  expect(await use.locator('option:checked').textContent()).toBe('left out');
  await sex.getByRole('cell', { name: 'category', exact: true }).waitFor();
  const target = tableOfColumns(page).getByRole('row').filter({ hasText: 'species' });
  await target.getByRole('cell', { name: 'target', exact: true }).waitFor();
  expect(visitor.problems).toEqual([]);
}, 60_000);

test('the history is shown on demand, and what waits is marked always', async () => {
  const session = await newSession();
  await decide(session, [
    { key: 'metric', value: 'f1', by: 'person', stage: 'train' },
    { key: 'metric', value: 'recall', by: 'person', stage: 'train' },
    { key: 'metric', value: 'accuracy', by: 'person', stage: 'train', queued: true },
    { key: 'metric', value: 'roc_auc', by: 'agent', stage: 'train', run: 1, yields: true },
  ]);
  const { page } = visitor;
  await visitor.open(`/sessions/${session}/decisions`);
  await entry(page, 'Metric').getByText('waits for the end of the stage that runs').waitFor();
  expect(await chosen(page, 'Metric')).toBe('recall');
  expect(await entry(page, 'Metric').getByRole('list', { name: 'Before' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Show history' }).click();
  const before = entry(page, 'Metric').getByRole('list', { name: 'Before' });
  await before.getByText('yielded to a decision made before').waitFor();
  expect(await before.locator('.was').allTextContents()).toEqual(['roc_auc', 'f1']);
  await page.getByRole('button', { name: 'Hide history' }).click();
  await before.waitFor({ state: 'detached' });
  expect(visitor.problems).toEqual([]);
}, 60_000);

test('what a stage decides appears while the tab is open', async () => {
  const session = await newSession();
  const { page } = visitor;
  const { rest } = thePlace();
  await visitor.open(`/sessions/${session}/decisions`);
  await entry(page, 'Target').waitFor();
  await decide(session, [{ key: 'metric', value: 'accuracy', by: 'default', stage: 'train' }]);
  await rest.send('POST', `/api/sessions/${session}/stages/eda/start`, {});
  await entry(page, 'Metric').getByText('Default').waitFor();
  await rest.send('POST', `/api/sessions/${session}/cancel`, {});
  expect(visitor.problems).toEqual([]);
}, 60_000);

test('a session without a ledger says so, and shows its columns', async () => {
  const session = await newSession();
  await inDatabase((database) => database.query('delete from decisions where session_id = $1', [session]));
  const { page } = visitor;
  await visitor.open(`/sessions/${session}/decisions`);
  await page.getByRole('heading', { name: 'No decisions' }).waitFor();
  await page.getByText('7 columns', { exact: true }).waitFor();
  expect(visitor.problems).toEqual([]);
}, 60_000);

describe(`${COLUMNS} columns, ${CHANGED} of them decided by hand`, () => {
  const name = (at: number): string => `gene ${at}`;
  let folder: string;
  let session: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tempera-columns-'));
    const file = join(folder, 'wide.csv');
    const places = Array.from({ length: COLUMNS - 1 }, (_, at) => at);
    const lines = Array.from({ length: 12 }, (_, row) =>
      [row % 2 ? 'a' : 'b', ...places.map((at) => (row * 31 + at * 7) % 97)].join(','),
    );
    writeFileSync(file, [['species', ...places.map(name)].join(','), ...lines, ''].join('\n'));
    session = await newSession(file, 'Genes');
    await decide(
      session,
      places.slice(0, CHANGED).map((at) => ({
        ...{ key: `column.gene_${at}.use`, value: 'out', by: 'person' as const, reason: 'it is no marker' },
      })),
    );
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('few elements are drawn, and each column can be reached and found, also without a pointer', async () => {
    const { page } = visitor;
    await visitor.open(`/sessions/${session}/decisions`);
    const table = tableOfColumns(page);
    await page.getByText('5,000 columns', { exact: true }).waitFor();
    expect(await table.getAttribute('aria-rowcount')).toBe(String(COLUMNS + 1));
    expect(await elements(page)).toBeLessThan(MOST_ELEMENTS);
    const button = (column: string) => table.getByRole('button', { name: column, exact: true });
    await button('species').focus();
    await page.keyboard.press('End');
    await isFocused(page, name(COLUMNS - 2));
    await page.keyboard.press('k');
    await isFocused(page, name(COLUMNS - 3));
    await page.keyboard.press('Home');
    await page.keyboard.press('j');
    await isFocused(page, name(0));
    await page.keyboard.press('Enter');
    await page
      .getByRole('region', { name: `Decisions on ${name(0)}` })
      .getByText('It is no marker.')
      .waitFor();
    await page.getByLabel('Find a column').fill('GENE 4321');
    await page.getByText('1 of 5,000 columns').waitFor();
    await button(name(4321)).waitFor();
    await page.getByLabel('Find a column').fill('');
    await page.getByLabel('Which columns').selectOption('Decided by you');
    await page.getByText('1,000 of 5,000 columns').waitFor();
    await page.getByLabel('Find a column').fill('gene 4321');
    await page.getByText(/^No column is called “gene 4321”/).waitFor();
    expect(await elements(page)).toBeLessThan(MOST_ELEMENTS);
    expect(visitor.problems).toEqual([]);
  }, 60_000);
});

/** Waits until the row of that column has the focus. */
const isFocused = (page: Page, column: string): Promise<unknown> =>
  page.waitForFunction((text) => document.activeElement?.textContent?.includes(text), column);

test('what is to be confirmed has a button; texts that stand for no value are written beside any column', async () => {
  const session = await newSession();
  const asked = { value: ['total'], by: 'default' as const, confidence: 0.5, stage: 'eda' as const };
  await decide(session, [{ key: 'rows.left_out', reason: 'a line holds sums', ...asked }]);
  const { page } = visitor;
  await visitor.open(`/sessions/${session}/decisions`);
  await entry(page, 'Rows left out').getByText('Default · to confirm').waitFor();
  await entry(page, 'Rows left out').getByRole('button', { name: 'Confirm totals' }).click();
  await tableOfColumns(page).getByRole('button', { name: 'sex' }).click();
  const about = page.getByRole('region', { name: 'Decisions on sex' });
  await about.getByRole('textbox', { name: 'Stands for no value' }).fill('?, unclear');
  await about.getByRole('textbox', { name: 'Stands for no value' }).press('Enter');
  const bar = page.getByRole('region', { name: 'Changes not yet sent' });
  await bar.getByText('2 changes, from EDA on').waitFor();
  await bar.getByRole('button', { name: 'Apply' }).click();
  await entry(page, 'Rows left out').getByText('You', { exact: true }).waitFor();
  const { items } = await thePlace().rest.get<{ items: Decision[] }>(`/api/sessions/${session}/decisions`);
  const held = new Map(items.map(({ key, value, by }) => [key, [value, by]]));
  expect(held.get('rows.left_out')).toEqual([['total'], 'person']);
  expect(held.get('column.sex.missing')).toEqual([['?', 'unclear'], 'person']);
  expect(visitor.problems).toEqual([]);
}, 60_000);
