/** What a stage waits for stands where a person looks: in its studio and on its card, with what lets it go on. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startBrowser, type Visit, visit } from './browser.ts';
import { release, scripted, thePlace } from './place.ts';

const PICTURES = join('build', 'screenshots');

describe('a stage that waits', () => {
  let browser: Browser;
  let visitor: Visit;
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    browser = await startBrowser();
    visitor = await visit(browser);
  }, 60_000);
  afterAll(() => browser?.close(), 60_000);
  beforeEach(() => {
    visitor.problems.length = 0;
  });
  const note = () => visitor.page.getByRole('region', { name: 'Why it waits' });
  const isDone = () => visitor.page.locator('li[data-stage="eda"].done').waitFor({ timeout: 30_000 });

  test('for a provider that is down says so, with its words, since when and the next try', async () => {
    const { page } = visitor;
    const id = await scripted('outage', { key: 'outage', name: 'Waiting birds' });
    await visitor.open(`/sessions/${id}`);
    await page.getByRole('status').getByText('The model provider does not answer').waitFor();
    await note()
      .getByText(/529 overloaded_error: Overloaded <b>today<\/b>/)
      .waitFor();
    await note()
      .getByText(/for \d+:\d\d · \d+ tries · (next try in \d+:\d\d|trying now)/)
      .waitFor();
    await page.getByRole('button', { name: 'Stop after step' }).waitFor();
    await page.screenshot({ path: join(PICTURES, 'studio-waits-for-provider.png') });
    await visitor.open('/');
    await page.getByText('EDA waits for its model').waitFor();
    await visitor.open('/status');
    await page.getByText('1 session waits for anthropic. The model provider does not answer.').waitFor();
    await visitor.open(`/sessions/${id}`);
    await note().waitFor();
    await page.getByRole('button', { name: 'Try now' }).click();
    release('outage');
    await isDone();
    expect(await note().count()).toBe(0);
    expect(visitor.problems).toEqual([]);
  }, 60_000);

  test('for credit says what mends it, and is a person’s', async () => {
    const { page } = visitor;
    const id = await scripted('credit', { key: 'credit', name: 'Poor birds' });
    await visitor.open(`/sessions/${id}`);
    await page.locator('.wait.needs[role="status"]').getByText('The account has no credit').waitFor();
    await note()
      .getByText(/Add credit to the account/)
      .waitFor();
    await page.screenshot({ path: join(PICTURES, 'studio-waits-for-credit.png') });
    await visitor.open('/');
    await page.getByText('EDA has no credit').waitFor();
    // whoever looks at another tab sees that somebody is asked
    expect(await page.title()).toMatch(/^\(\d+\) Tempera$/);
    release('credit');
    await visitor.open(`/sessions/${id}`);
    await isDone();
    expect(visitor.problems).toEqual([]);
  }, 60_000);

  test('because it goes in circles says what repeats', async () => {
    const { page } = visitor;
    const id = await scripted('circles', { name: 'Round birds' });
    await visitor.open(`/sessions/${id}`);
    await note()
      .getByText(/reading “eda\/none.txt” has given the same result 5 times/)
      .waitFor();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await thePlace().rest.send('POST', `/api/sessions/${id}/cancel`, {});
    await note().waitFor({ state: 'detached' });
    expect(visitor.problems).toEqual([]);
  }, 60_000);
});
