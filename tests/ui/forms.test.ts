/** Bad input: each mistake is told at its place by a sentence that helps, and what was entered stays. */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { drop, startBrowser, type Visit, visit } from './browser.ts';

const start = (page: Page) => page.getByRole('button', { name: 'Start', exact: true });

describe('a new experiment', () => {
  let browser: Browser;
  let visitor: Visit;
  let page: Page;
  beforeAll(async () => {
    browser = await startBrowser();
    visitor = await visit(browser);
    page = visitor.page;
  }, 60_000);
  afterAll(() => browser?.close(), 60_000);
  beforeEach(async () => {
    // loaded anew, a page knows nothing of what was entered
    await visitor.open('/new');
    await page.getByText('Drop a table here').waitFor();
    visitor.problems.length = 0;
  }, 60_000);
  const exceptions = () => visitor.problems.filter((problem) => problem.startsWith('exception'));

  test.each([
    [
      'a file that is no table',
      'photo.png',
      'x',
      /^photo.png is no table that can be read: give csv, tsv, xlsx/,
    ],
    ['an empty file', 'nothing.csv', '', /^nothing.csv is empty/],
  ])(
    'refuses %s before it is sent',
    async (_, name, content, sentence) => {
      await drop(page, name, content);
      await page.getByRole('alert').getByText(sentence).waitFor();
      expect(await start(page).count()).toBe(0);
      expect(visitor.problems).toEqual([]);
    },
    60_000,
  );

  test.each([
    ['bytes that are no parquet', 'broken.parquet', randomBytes(5_000), /parquet/i],
    ['a table without rows', 'header.csv', 'a,b,c\n', /rows/],
  ])(
    'says what is wrong with %s, and takes another file in its place',
    async (_, name, content, sentence) => {
      await drop(page, name, content);
      const alert = page.getByRole('alert').filter({ hasText: 'This file was not taken' });
      await alert.waitFor();
      await alert.getByText(sentence).waitFor();
      await drop(page, 'penguins.csv', readFileSync('examples/penguins.csv'));
      await start(page).waitFor();
      expect(await alert.count()).toBe(0);
      expect(exceptions()).toEqual([]);
    },
    90_000,
  );

  test('names impossible limits at their fields, and takes no start until they are mended', async () => {
    await drop(page, 'penguins.csv', readFileSync('examples/penguins.csv'));
    await start(page).waitFor();
    // what costs nothing needs no limit of its cost
    await page.getByLabel('Cost, $').waitFor({ state: 'detached' });
    const bad = [
      ['Hours for each stage', '0', 'At least a second.', '1'],
      ['Turns for each stage', '100000', 'A whole number from 1 to 200.', '20'],
      ['Tokens', '1.5', 'A whole number above 0.', '500000'],
    ] as const;
    for (const [label, value, sentence] of bad) {
      const field = page.getByLabel(label);
      await field.fill(value);
      await page.getByRole('alert').getByText(sentence).waitFor();
      const described = await field.getAttribute('aria-describedby');
      expect(await page.locator(`[id="${described}"]`).textContent()).toBe(sentence);
    }
    expect(await start(page).isDisabled()).toBe(true);
    for (const [label, , sentence, value] of bad) {
      await page.getByLabel(label).fill(value);
      await page.getByText(sentence).waitFor({ state: 'detached' });
    }
    await page.getByLabel('Name', { exact: true }).fill(' ');
    await page.getByRole('alert').getByText('Give it a name.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Penguins');
    expect(await start(page).isEnabled()).toBe(true);
    expect(visitor.problems).toEqual([]);
  }, 90_000);

  test('says why a target cannot be predicted, and keeps what was entered, also over another page', async () => {
    const rows = Array.from({ length: 60 }, (_, at) => `${at},same,${at % 3}`);
    await drop(page, 'constant.csv', `size,always,kind\n${rows.join('\n')}\n`);
    await start(page).waitFor();
    await page.getByLabel(/^Target/).selectOption('always');
    await page.getByLabel('Instructions').fill('Mind the seasons');
    await start(page).click();
    const alert = page.getByRole('alert').filter({ hasText: 'It could not be started' });
    await alert.getByText(/always/).waitFor();
    const saved = async () => {
      expect(await page.getByLabel('Instructions').inputValue()).toBe('Mind the seasons');
      expect(await page.getByLabel(/^Target/).inputValue()).toBe('always');
    };
    await saved();
    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    await page.goBack();
    await start(page).waitFor();
    await saved();
    expect(exceptions()).toEqual([]);
  }, 90_000);
});
