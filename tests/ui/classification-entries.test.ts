/**
 * What a person brings to classification beside files: a connection, with its mistakes at their fields, its test in
 * words, its tables and a source of it; one column from pasted values; what a vocabulary's term is known by.
 */

import type { Browser } from 'playwright-core';
import { startBrowser, type Visit, visit } from './browser.ts';
import { sampleRun } from './classified.ts';
import { thePlace } from './place.ts';

describe('entries of classification', () => {
  let browser: Browser;
  let visitor: Visit;
  beforeAll(async () => {
    await sampleRun();
    browser = await startBrowser();
    visitor = await visit(browser);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    // other tests begin where nobody has brought a source
    const { rest } = thePlace();
    const { items } = await rest.get<{ items: { id: string; display_name: string }[] }>('/api/data-sources');
    for (const { id } of items.filter(({ display_name: name }) => name === 'own'))
      await rest.send('DELETE', `/api/data-sources/${id}`);
    await rest.send('DELETE', '/api/data-connections/own');
  }, 60_000);
  beforeEach(() => {
    visitor.problems.length = 0;
  });

  test('a connection is made after its mistakes, tested in words, listed with tables, and made a source', async () => {
    const { page } = visitor;
    const database = new URL(thePlace().database);
    await visitor.open('/classify/connections');
    await page.getByRole('button', { name: 'Add a connection' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('own');
    await page.getByLabel('Address').fill(`postgres://me:secret@${database.host}/x`);
    await page.getByRole('button', { name: 'Add and test' }).click();
    await page
      .getByRole('alert')
      .getByText(/holds a user or a password/)
      .waitFor();
    expect(await page.getByLabel('Address').getAttribute('aria-invalid')).toBe('true');
    expect(visitor.problems.every((problem) => problem.includes('400'))).toBe(true);
    visitor.problems.length = 0;
    await page.getByLabel('Address').fill(`postgres://${database.host}${database.pathname}?sslmode=disable`);
    await page.getByLabel(/^User/).fill(decodeURIComponent(database.username));
    await page.getByLabel(/^Password/).fill(decodeURIComponent(database.password) || 'none');
    await page.getByRole('button', { name: 'Add and test' }).click();
    const own = page.getByRole('listitem', { name: 'own' });
    await own.getByText('can be read', { exact: true }).waitFor();
    await own.getByRole('button', { name: 'Tables of own' }).click();
    await page.getByRole('table', { name: 'Tables' }).getByText('classified_columns').waitFor();
    await page.getByRole('button', { name: 'Make a source', exact: true }).click();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'own' }).waitFor();
    await page.getByRole('table', { name: 'Tables' }).getByText('classified_columns').waitFor();
    expect(await page.content()).not.toContain('secret');
    expect(visitor.problems).toEqual([]);
  }, 90_000);

  test('one column is classified from pasted values, with each source’s word and what would change it', async () => {
    const { page } = visitor;
    await visitor.open('/classify/explain');
    await page.getByRole('button', { name: 'Classify this column' }).click();
    await page.getByText('Paste some of its values, one a line.').waitFor();
    await page.getByLabel('Name of the column').fill('cust_eml');
    await page.getByLabel('Values').fill('ada@example.com\nbob@example.org\n');
    await page.getByText('2 values').waitFor();
    await page.keyboard.press('Control+Enter');
    const evidence = page.getByRole('region', { name: 'Evidence' });
    await evidence
      .getByText(/E-mail address/)
      .first()
      .waitFor();
    await evidence.getByRole('heading', { name: 'What else it may be' }).waitFor();
    await evidence.getByRole('list', { name: 'What Name believes' }).waitFor();
    expect(visitor.problems).toEqual([]);
  }, 60_000);

  test('a form is detached from a term of a vocabulary, and the change is undone', async () => {
    const { page } = visitor;
    await visitor.open('/classify/vocabularies/tempera');
    await page.getByRole('searchbox', { name: 'Search the terms' }).fill('e-mail address');
    await page
      .getByRole('button', { name: /^E-mail address/ })
      .first()
      .click();
    const sheet = page.getByRole('dialog', { name: 'E-mail address' });
    await sheet.getByRole('button', { name: 'Detach email' }).click();
    await sheet.getByText(/“email” detached from E-mail address/).waitFor();
    await sheet.getByText('No form and no list of known values speaks for it', { exact: false }).waitFor();
    await sheet.getByRole('button', { name: /^Undo: “email” detached/ }).click();
    await sheet.getByRole('button', { name: 'Detach email' }).waitFor();
    expect(visitor.problems).toEqual([]);
  }, 60_000);
});
