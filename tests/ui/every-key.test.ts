/**
 * Each key of the ledger changed where it stands in the tab Decisions: its stage runs again and nothing before it, and
 * taken back there the former outputs are there without being computed or paid. `npm test` takes one key of each kind,
 * the long form all.
 */

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Decision } from '../../core/decisions.ts';
import { STAGES } from '../../core/stages.ts';
import { keyWords } from '../../ui/src/pages/studio/decisions/decision-words.ts';
import { DECIDED_KEYS, formerOf, GIVEN_LIMITS, wishes } from '../platform/decision-keys.ts';
import {
  type Changes,
  lastContents,
  leftBefore,
  readDecisions,
  readLeft,
  runsSince,
  stagesFrom,
} from '../platform/left-by-stages.ts';
import { LONG } from '../platform/lengths.ts';
import { startBrowser, type Visit, visit } from './browser.ts';
import { thePlace } from './place.ts';

let browser: Browser;
let visitor: Visit;
let folder: string;
let session: string;
beforeAll(async () => {
  browser = await startBrowser();
  visitor = await visit(browser);
  folder = mkdtempSync(join(tmpdir(), 'tempera-keys-'));
  copyFileSync('examples/penguins.csv', join(folder, 'later.csv'));
  session = await allStages();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** A session whose scripts ask the ledger, all its stages run. */
async function allStages(): Promise<string> {
  const { rest, scripted: model } = thePlace();
  const fields = { name: 'Penguins, every key', target: 'sex', instructions: 'script: obeys' };
  const experiment = await rest.createExperiment(
    ['examples/penguins.csv', join(folder, 'later.csv')],
    fields,
  );
  const { id } = await rest.createSession(experiment.id, { mode: 'manual', model, limits: GIVEN_LIMITS });
  for (const stage of STAGES) {
    await rest.send('POST', `/api/sessions/${id}/stages/${stage}/start`, {});
    await rest.waitFor(id, [`${stage}_done`]);
  }
  return id;
}

const bar = (page: Page) => page.getByRole('region', { name: 'Changes not yet sent' });

/** The control of a key: of a column's in its row, or beside the table once the column is opened. */
async function controlOf(page: Page, key: string): Promise<Locator> {
  const name = keyWords(key);
  const column = /^column\.([^.]+)\.([a-z_]+)$/u.exec(key);
  if (column === null)
    return page.getByRole('article', { name, exact: true }).getByLabel(name, { exact: true });
  const [, of = '', about = ''] = column;
  if (about === 'use' || about === 'kind') return page.getByLabel(`${name} of ${of}`, { exact: true });
  const opened = page.getByRole('region', { name: `Decisions on ${of}` });
  if ((await opened.count()) === 0) await page.getByRole('button', { name: of, exact: true }).click();
  return opened.getByLabel(name, { exact: true }).and(page.locator('input, select, textarea'));
}

/** Chooses or writes each value, and sends what has come together. */
async function change(page: Page, changes: Changes): Promise<void> {
  for (const { key, value } of changes) {
    const control = await controlOf(page, key);
    const tag = await control.evaluate((element) => element.tagName);
    if (tag === 'SELECT') await control.selectOption(JSON.stringify(value));
    else {
      await control.fill(typeof value === 'string' ? value : JSON.stringify(value));
      await control.press('Enter');
    }
  }
  await bar(page)
    .getByRole('button', { name: /^(Run again|Apply)$/ })
    .click();
  await bar(page).waitFor({ state: 'detached' });
}

const ROWS = DECIDED_KEYS.filter(({ own, value, kind }) => own !== value && (LONG || kind !== undefined));
/** What has one value alone has nothing to choose: a person confirms it. */
const CONFIRMED = DECIDED_KEYS.filter(({ own, value }) => own === value);

test.each(ROWS.map((row) => [row.key, row] as const))(
  '%s: its stage is made anew and nothing before it; taken back, nothing is computed',
  async (_key, row) => {
    const { rest } = thePlace();
    const { page } = visitor;
    const held = await readDecisions(rest, session);
    const was = await readLeft(rest, session);
    await visitor.open(`/sessions/${session}/decisions`);
    await change(page, wishes(row));
    if (row.stage !== null) await rest.waitFor(session, [`${row.stage}_done`]);
    const now = await readLeft(rest, session);
    expect(leftBefore(row.stage, now)).toEqual(leftBefore(row.stage, was));
    expect(runsSince(was, now)).toEqual(row.stage === null ? [] : [`${row.stage} done`]);
    expect(await readDecisions(rest, session)).toEqual(expect.arrayContaining(wishes(row)));
    await visitor.open(`/sessions/${session}/decisions`);
    await change(page, formerOf(row, held));
    const undone = await readLeft(rest, session);
    expect(runsSince(now, undone)).toEqual(stagesFrom(row.stage).map((stage) => `${stage} done`));
    expect([undone.usage.requests, undone.usage.cost]).toEqual([now.usage.requests, now.usage.cost]);
    expect(lastContents(undone)).toEqual(lastContents(was));
    expect(visitor.problems).toEqual([]);
  },
  120_000,
);

test.each(CONFIRMED.map((row) => [row.key, row] as const))(
  '%s, which has one value alone, is confirmed by a button, and left to the agent again',
  async (key, row) => {
    const { rest } = thePlace();
    const { page } = visitor;
    const was = await readLeft(rest, session);
    await visitor.open(`/sessions/${session}/decisions`);
    const entry = (await controlOf(page, key)).locator('xpath=ancestor::article');
    await entry.getByRole('button', { name: /^Confirm/ }).click();
    await bar(page).getByRole('button', { name: 'Apply' }).click();
    await bar(page).waitFor({ state: 'detached' });
    const { items } = await rest.get<{ items: Decision[] }>(`/api/sessions/${session}/decisions`);
    expect(items.find((each) => each.key === key)).toMatchObject({ by: 'person', value: row.value });
    await entry.getByRole('button', { name: /^Leave it to the agent/ }).click();
    await bar(page)
      .getByRole('button', { name: /^(Run again|Apply)$/ })
      .click();
    await bar(page).waitFor({ state: 'detached' });
    expect(runsSince(was, await readLeft(rest, session))).toEqual([]);
  },
  60_000,
);

test('in the table of columns, too, what a person decided is left to the agent again', async () => {
  const { rest } = thePlace();
  const { page } = visitor;
  const was = await readLeft(rest, session);
  const key = 'column.bill_depth_mm.use';
  await visitor.open(`/sessions/${session}/decisions`);
  await change(page, [{ key, value: 'out' }]);
  await rest.waitFor(session, ['prep_done']);
  await visitor.open(`/sessions/${session}/decisions`);
  await (await controlOf(page, key)).selectOption({ label: 'left to the agent' });
  await bar(page)
    .getByRole('button', { name: /^(Run again|Apply)$/ })
    .click();
  await bar(page).waitFor({ state: 'detached' });
  await rest.waitFor(session, ['train_done', 'prep_done']);
  const { items } = await rest.get<{ items: Decision[] }>(`/api/sessions/${session}/decisions`);
  expect(items.find((each) => each.key === key)?.by).not.toBe('person');
  expect(leftBefore('prep', await readLeft(rest, session))).toEqual(leftBefore('prep', was));
  expect(visitor.problems).toEqual([]);
}, 120_000);
