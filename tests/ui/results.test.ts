/**
 * What a finished session gives: SQL over its data, its model tried with a row and with a file, which comes predicted,
 * with its first rows and its count, sessions compared; and what a browser keeps.
 */

import type { Browser } from 'playwright-core';
import { contentOf, startBrowser, type Visit, visit } from './browser.ts';
import { penguins, WALK_MS } from './newcomer.ts';
import { scripted } from './place.ts';

describe('results', () => {
  let browser: Browser;
  let visitor: Visit;
  let session: string;
  beforeAll(async () => {
    session = await penguins();
    browser = await startBrowser();
    visitor = await visit(browser);
  }, WALK_MS);
  afterAll(() => browser?.close(), 60_000);
  beforeEach(() => {
    visitor.problems.length = 0;
  });

  test('rows are filtered and sorted, and SQL answers', async () => {
    const { page } = visitor;
    await visitor.open(`/sessions/${session}/data`);
    await page.getByRole('table', { name: 'Rows of train' }).getByRole('row').nth(3).waitFor();
    await page.getByRole('combobox', { name: 'Table', exact: true }).selectOption('dataset');
    await page.getByText('344 of 344 rows').waitFor();
    await page.getByText('SQL', { exact: true }).click();
    const editor = page.getByRole('textbox', { name: 'SQL' });
    await editor.fill('SELECT species, count(*) AS birds FROM dataset GROUP BY species ORDER BY birds DESC');
    await page.keyboard.press('Control+Enter');
    const result = page.getByRole('table', { name: 'Result' });
    await result.getByRole('cell', { name: '152' }).waitFor();
    expect(await result.getByRole('row').count()).toBe(4);
    expect(visitor.problems).toEqual([]);
    await editor.fill('SELECT speces FROM dataset');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/speces/)
      .waitFor();
    expect(await editor.innerText()).toBe('SELECT speces FROM dataset');
  }, 60_000);

  test('a query is written with the names that there are, found again, and its answer kept as a file', async () => {
    const { page } = visitor;
    await visitor.open(`/sessions/${session}/data`);
    await page.getByText('SQL', { exact: true }).click();
    const editor = page.getByRole('textbox', { name: 'SQL' });
    await editor.fill('SELECT max(');
    await page
      .getByRole('button', { name: /^bill_length_mm/ })
      .first()
      .click();
    await page.keyboard.type(') AS longest FROM dat');
    await page.getByRole('option', { name: 'dataset', exact: true }).click();
    expect(await editor.innerText()).toBe('SELECT max(bill_length_mm) AS longest FROM dataset');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('table', { name: 'Result' }).getByRole('cell', { name: '59.6' }).waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    expect((await contentOf(await downloading)).toString()).toBe('longest\r\n59.6\r\n');
    await editor.fill('SELECT 1');
    await page.getByRole('button', { name: 'History' }).click();
    await page.getByRole('menuitem', { name: /max\(bill_length_mm\)/ }).click();
    expect(await editor.innerText()).toBe('SELECT max(bill_length_mm) AS longest FROM dataset');
    expect(visitor.problems).toEqual([]);
  }, 60_000);

  test('the model is tried with one row and with a file', async () => {
    const { page } = visitor;
    await visitor.open('/models');
    // other files' sessions have models, too
    const rows = page.getByRole('row').filter({ hasText: 'penguins' }).filter({ hasText: 'species' });
    await rows.first().getByRole('button', { name: 'Try it' }).click();
    await page.getByLabel(/^bill_length_mm/).fill('38.5');
    await page.getByRole('button', { name: 'Predict', exact: true }).click();
    await page
      .locator('.answer strong')
      .getByText(/Adelie|Gentoo|Chinstrap/)
      .waitFor({ timeout: 30_000 });
    const downloading = page.waitForEvent('download', { timeout: 30_000 });
    await page.getByLabel('Predict a file').setInputFiles('examples/penguins.csv');
    await page.getByText('344 rows predicted.').waitFor();
    await page.getByRole('table', { name: 'The first rows' }).waitFor();
    await page.getByRole('link', { name: /^Download penguins-predictions/ }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('penguins-predictions.csv');
    const lines = (await contentOf(download)).toString().trim().split('\n');
    expect(lines.length).toBe(345);
    expect(visitor.problems).toEqual([]);
  }, 90_000);

  test('three sessions stand side by side', async () => {
    const { page } = visitor;
    const others = [await scripted('plain'), await scripted('plain', { name: 'Third' })];
    await visitor.open(`/compare?sessions=${session},${others[0]}`);
    const table = page.getByRole('region', { name: 'Comparison of 2 sessions' });
    await table.waitFor();
    const third = await page
      .getByLabel('Add a session')
      .locator('option', { hasText: 'Third' })
      .first()
      .getAttribute('value');
    await page.getByLabel('Add a session').selectOption(third);
    const three = page.getByRole('region', { name: 'Comparison of 3 sessions' });
    await three.waitFor();
    expect(await three.locator('tbody').getByRole('row').count()).toBe(3);
    await three.getByRole('button', { name: 'test_accuracy' }).click();
    await three.getByRole('columnheader', { name: 'test_accuracy ↓' }).waitFor();
    expect(visitor.problems).toEqual([]);
  }, 60_000);

  test('theme and density are kept', async () => {
    const { page } = visitor;
    await visitor.open('/settings');
    const looks = () =>
      page.evaluate(() => {
        const { theme, density } = document.documentElement.dataset;
        return { theme, density };
      });
    await page.getByText('Dark', { exact: true }).click();
    await page.getByText('Compact', { exact: true }).click();
    expect(await looks()).toEqual({ theme: 'dark', density: 'compact' });
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(await looks()).toEqual({ theme: 'dark', density: 'compact' });
    expect(await page.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true);
    expect(visitor.problems).toEqual([]);
  }, 60_000);
});
