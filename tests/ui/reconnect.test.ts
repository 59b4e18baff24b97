/**
 * The API is killed under an open studio: it says so, and then everything is there once, in order, without a
 * reload.
 */

import type { Browser } from 'playwright-core';
import { startBrowser, visit } from './browser.ts';
import { killApi, release, scripted, thePlace } from './place.ts';
import { COUNTS } from './scripts.ts';

describe('a lost connection', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, 60_000);
  afterAll(() => browser?.close(), 60_000);

  test('is told, and nothing is lost or doubled by it', async () => {
    const { rest } = thePlace();
    const session = await scripted('counts', { key: 'api-killed' });
    const visitor = await visit(browser);
    const { page } = visitor;
    await visitor.open(`/sessions/${session}`);
    await page.getByLabel('Message to the agent').waitFor();
    // gone if the page were loaded anew
    await page.evaluate(() => Reflect.set(window, 'sameWindow', true));
    release('api-killed');
    await page.getByRole('button', { name: /^Count 2\b/ }).waitFor({ timeout: 60_000 });
    const isBack = killApi();
    // the banner over all pages tells it, alone
    await page.getByText('The platform does not answer.').waitFor();
    expect(await page.getByText(/^Reconnecting\./).count()).toBe(0);
    expect(await page.getByRole('alert').count()).toBe(0);
    await isBack();
    await rest.waitFor(session, ['eda_done'], 60);
    await page.getByText('The platform does not answer.').waitFor({ state: 'detached' });
    await page.locator('li[data-stage="eda"].done').waitFor();

    const titles = await page.getByRole('log').locator('.call .title').allTextContents();
    expect(titles).toEqual(['Draw a line', ...Array.from({ length: COUNTS }, (_, at) => `Count ${at + 1}`)]);
    expect(await page.evaluate(() => Reflect.get(window, 'sameWindow'))).toBe(true);
    expect(visitor.problems.filter((problem) => problem.startsWith('exception'))).toEqual([]);
  }, 120_000);
});
