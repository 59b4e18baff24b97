/**
 * Classification as a person meets it: results of the sample in one click, evidence, a decision and its undo,
 * the review by keys, a source of one's own from its upload to its deletion, a vocabulary of one's own.
 */

import { join } from 'node:path';
import type { Browser, Request } from 'playwright-core';
import { until } from '../platform/wait.ts';
import { contentOf, startBrowser, type Visit, visit } from './browser.ts';
import { RUN_SECONDS, sampleRun } from './classified.ts';
import { thePlace } from './place.ts';

const LONG_MS = 2 * RUN_SECONDS * 1_000;

describe('classification', () => {
  let browser: Browser;
  let visitor: Visit;
  let run: string;
  beforeAll(async () => {
    run = await sampleRun();
    browser = await startBrowser();
    visitor = await visit(browser);
  }, LONG_MS);
  afterAll(() => browser?.close(), 60_000);
  beforeEach(() => {
    visitor.problems.length = 0;
  });

  test('results are one click away; rows are filtered, opened by keys, decided and taken back', async () => {
    const { page } = visitor;
    await visitor.open('/classify');
    await visitor.click(page.getByRole('link', { name: 'See the sample’s results' }));
    const grid = page.getByRole('grid', { name: 'Classified columns' });
    await grid.getByRole('gridcell').first().waitFor();
    const all = Number(await grid.getAttribute('aria-rowcount'));
    await page.getByRole('searchbox', { name: /^Search in the names/ }).fill('email');
    await page.waitForFunction(
      (before) => Number(document.querySelector('[role=grid]')?.getAttribute('aria-rowcount')) < before,
      all,
    );
    await grid.focus();
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Evidence' }).getByText('E-mail address').first().waitFor();
    await page.keyboard.press('a');
    await page.getByRole('button', { name: 'Undo' }).first().waitFor();
    await page.getByText('accepted', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await page.getByText('taken back').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Evidence' }).waitFor({ state: 'detached' });
    expect(visitor.problems).toEqual([]);
  }, 60_000);

  test('what is shown comes as a file with a line for each column', async () => {
    const { page } = visitor;
    await visitor.open(`/classify/runs/${run}/results?sensitive=yes`);
    const grid = page.getByRole('grid', { name: 'Classified columns' });
    await grid.getByRole('gridcell').first().waitFor();
    const columns = Number(await grid.getAttribute('aria-rowcount')) - 1;
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'CSV of what is shown' }).click(),
    ]);
    const lines = (await contentOf(download)).toString().trim().split('\r\n');
    expect(lines).toHaveLength(columns + 1);
    expect(lines[0]).toContain('column_name,type,predicted_code');
  }, 60_000);

  test('the review goes by keys: none of these, undo, and a correction found in the tree', async () => {
    const { page } = visitor;
    await visitor.open(`/classify/runs/${run}/review`);
    const name = page.getByRole('heading', { level: 2 });
    await page.getByRole('list', { name: 'Values that were read' }).waitFor();
    const first = await name.textContent();
    await page.keyboard.press('n');
    await page.waitForFunction((before) => document.querySelector('h2')?.textContent !== before, first);
    await page.keyboard.press('u');
    await page.waitForFunction((before) => document.querySelector('h2')?.textContent === before, first);
    await page.keyboard.press('c');
    await page.getByRole('combobox', { name: 'Search the terms' }).fill('colour');
    await page
      .getByRole('option', { name: /^Colour/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page
      .getByText(/: corrected\.$/)
      .first()
      .waitFor();
    await page.keyboard.press('u');
    await page.waitForFunction((before) => document.querySelector('h2')?.textContent === before, first);
    expect(visitor.problems).toEqual([]);
  }, 60_000);

  test(
    'files become a source, which is tested, classified live without a lasting connection, and deleted',
    async () => {
      const { page } = visitor;
      const open = new Set<Request>();
      page.on('request', (request) => request.url().includes('/api/fsm/') && open.add(request));
      page.on('requestfinished', (request) => open.delete(request));
      page.on('requestfailed', (request) => open.delete(request));
      await visitor.open('/classify');
      await page.getByRole('button', { name: 'Add a source' }).first().click();
      const files = ['penguins.csv'].map((file) => join('examples', file));
      await page.getByLabel('Choose table files').setInputFiles(files);
      await page.getByText('there', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Penguins' }).waitFor();
      await page.getByRole('table', { name: 'Tables' }).getByText('penguins').first().waitFor();
      await page.getByRole('button', { name: 'Test' }).click();
      await page.getByText('can be read').waitFor();
      await page.getByRole('button', { name: 'Classify' }).first().click();
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.getByRole('list', { name: 'States of the run' }).waitFor();
      await page.getByRole('heading', { name: 'What came of it' }).waitFor({ timeout: RUN_SECONDS * 1_000 });
      await until('no connection to the run stays open', () => open.size === 0);
      await page.getByRole('link', { name: 'Penguins' }).click();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('table', { name: 'Data sources' }).waitFor();
      expect(await page.getByRole('link', { name: 'Penguins' }).count()).toBe(0);
      const { rest } = thePlace();
      const list = () => rest.get<{ items: { display_name: string }[] }>('/api/data-sources');
      const isThere = async () => (await list()).items.some(({ display_name: name }) => name === 'Penguins');
      await until('the source is deleted', async () => !(await isThere()));
      expect(visitor.problems).toEqual([]);
    },
    LONG_MS,
  );

  test('a vocabulary of one’s own is taken with its findings, and a wrong one refused with its line', async () => {
    const { page } = visitor;
    const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await visitor.open('/classify/vocabularies');
    await page.getByRole('button', { name: 'Add a vocabulary' }).click();
    const choose = page.getByLabel(/Choose a vocabulary|shop_terms/);
    await choose.setInputFiles(csv('shop_terms.csv', 'code,label\nA,One\nA,Two\n'));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/duplicate_code|twice|line/i)
      .first()
      .waitFor();
    expect(visitor.problems.every((problem) => problem.includes('400'))).toBe(true);
    visitor.problems.length = 0;
    const good = 'code,label,common_names\nMAIL,Electronic mail,e-mail address\nTOWN,Town,city\n';
    await choose.setInputFiles(csv('shop_terms.csv', good));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Shop terms' }).waitFor();
    await page.getByText(/^Attachments/).click();
    await page.getByRole('table', { name: 'Attachments' }).getByText('Electronic mail').first().waitFor();
    expect(visitor.problems).toEqual([]);
  }, 60_000);
});
