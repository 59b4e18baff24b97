/** Sessions side by side on their ledgers: names, what differs, which scores compare, folds; an experiment's forks. */

import type { Browser, Page } from 'playwright-core';
import { startBrowser, type Visit, visit } from './browser.ts';
import { addCompared, type ComparedRows } from './compared-rows.ts';

let browser: Browser;
let visitor: Visit;
let made: ComparedRows;
const TITLES = [
  'with sex · linear',
  'with sex · boosting',
  'without sex · split by island · linear',
  'without sex · boosting',
] as const;

beforeAll(async () => {
  made = await addCompared();
  browser = await startBrowser();
  visitor = await visit(browser);
}, 60_000);
afterAll(() => browser?.close(), 60_000);
beforeEach(() => {
  visitor.problems.length = 0;
});

const texts = async (page: Page, selector: string): Promise<string[]> =>
  (await page.locator(selector).allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());

test('sessions are named by what differs, ranked among the same test rows, and told apart fold by fold', async () => {
  const { page } = visitor;
  await visitor.open(`/compare?sessions=${made.sessions.join(',')}`);
  const table = page.getByRole('region', { name: 'Comparison of 4 sessions' });
  await table.waitFor();
  const rows = await texts(page, '[aria-label="Comparison of 4 sessions"] tbody tr');
  expect(rows.map((row) => TITLES.findIndex((title) => row.startsWith(title)))).toEqual([1, 0, 2, 3]);
  expect(rows.map((row) => / (set \d(?:, not comparable)?|not recorded) /.exec(row)?.[1])).toEqual([
    ...['set 1', 'set 1', 'set 2, not comparable', 'not recorded'],
  ]);
  await page.getByText('They were tested on 2 different sets of rows.').waitFor();
  await page.getByText('Of 1 session it was not recorded').waitFor();
  expect(await texts(page, 'td.best')).toEqual(['0.970', '0.980']);
  const differing = page.getByRole('region', { name: /^Decisions and settings/ });
  await differing.getByRole('row', { name: /^sex: use used used left out · you left out · you/ }).waitFor();
  await page.getByText('better on the same 5 folds').waitFor();
  await page.getByText('no difference that 5 folds could show').waitFor();
  await page.getByText('not comparable: cross-validated on other folds').waitFor();
  await page.getByLabel('Compared with').selectOption(made.sessions[1] ?? '');
  await page.getByText('worse on the same 5 folds').first().waitFor();
  expect(new URL(page.url()).searchParams.get('reference')).toBe(made.sessions[1]);
  await differing.getByRole('link', { name: TITLES[2] }).click();
  await page.getByRole('tab', { name: 'Decisions', selected: true }).waitFor();
  expect(visitor.problems).toEqual([]);
}, 60_000);

test('curves carry what sessions differ in, and name the learner once', async () => {
  const { page } = visitor;
  await visitor.open(`/compare?sessions=${made.sessions.slice(0, 2).join(',')}`);
  await page.getByRole('button', { name: 'cv_accuracy', exact: true }).click();
  const curves = page.locator('section', { has: page.getByLabel('Smoothing') });
  for (const name of ['regularised linear model', 'gradient boosting']) {
    await curves
      .getByTitle(new RegExp(`^${name}(?:, the chosen model)?$`))
      .first()
      .waitFor();
    expect(await curves.getByTitle(new RegExp(`· ${name}`)).count()).toBe(0);
  }
  expect(visitor.problems).toEqual([]);
}, 60_000);

test('an experiment lists its sessions by what differs, and its forks as a tree that the keyboard walks', async () => {
  const { page } = visitor;
  await visitor.open(`/experiments/${made.experiment}`);
  const list = page.getByRole('list', { name: 'Forks of this experiment' });
  await list.waitFor();
  const table = page.getByRole('table', { name: 'Sessions of this experiment' });
  for (const name of TITLES) await table.getByRole('link', { name }).waitFor();
  const first = page.getByRole('list', { name: `Forks of ${TITLES[0]}` });
  await first.getByText('after Prep: boosting').waitFor();
  await first.getByText('after EDA: without sex · split by island').waitFor();
  await page
    .getByRole('list', { name: `Forks of ${TITLES[1]}` })
    .getByText('after EDA: without sex')
    .waitFor();
  await list.getByText('accuracy 0.99 ± ').waitFor();
  await list.getByText('not comparable: other test rows').waitFor();
  await list.getByText('test rows not recorded').waitFor();
  expect(await list.getByText('best', { exact: true }).count()).toBe(1);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(TITLES[1]);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/sessions/${made.sessions[1]}**`);
  expect(visitor.problems).toEqual([]);
}, 60_000);
