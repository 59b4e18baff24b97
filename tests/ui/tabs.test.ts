/** Many tabs of one browser: each loads, all live on one connection, and none depends on another. */

import type { Browser, Page } from 'playwright-core';
import { startBrowser, type Visit, visit } from './browser.ts';
import { isHeld, release, scripted, thePlace } from './place.ts';

/** More than a browser has connections to a server. */
const TABS = 8;
const KEY = 'many-tabs';

/** What browsers tell a page that is hidden behind another, or seen again: without a screen they hide none. */
const setHidden = (page: Page, hidden: boolean): Promise<void> =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

const secondStep = (page: Page) => page.getByRole('button', { name: /^Second step\b/ });

describe('eight studios in eight tabs', () => {
  let browser: Browser;
  let visitor: Visit;
  let pages: Page[];
  beforeAll(async () => {
    browser = await startBrowser();
    visitor = await visit(browser);
    const sessions = await Promise.all(
      Array.from({ length: TABS }, () => scripted('waits', { key: KEY, name: 'Eight tabs' })),
    );
    await isHeld(KEY);
    pages = [];
    for (const session of sessions) {
      const page = await visitor.context.newPage();
      await page.goto(`/sessions/${session}`);
      pages.push(page);
    }
  }, 120_000);
  afterAll(() => browser?.close(), 60_000);

  test('each loads, and the platform answers in each', async () => {
    for (const page of pages) {
      await page.getByRole('button', { name: /^Draw a line\b/ }).waitFor();
      const status = await page.evaluate(async () => (await fetch('/api/live')).status);
      expect(status).toBe(200);
    }
  }, 60_000);

  test('all follow their sessions live, also when the tab that came first has been closed', async () => {
    const [first, hidden, ...others] = pages;
    if (!first || !hidden) throw new Error('there are no tabs');
    await setHidden(hidden, true);
    await first.close({ runBeforeUnload: false });
    release(KEY);
    const { rest } = thePlace();
    for (const page of others) await secondStep(page).waitFor({ timeout: 60_000 });
    for (const page of others) await page.locator('li[data-stage="eda"].done').waitFor({ timeout: 60_000 });
    const behind = new URL(hidden.url()).pathname.split('/').at(-1) ?? '';
    await rest.waitFor(behind, ['eda_done'], 60);
    // it let go and was told of nothing; seen again it has everything, once
    expect(await secondStep(hidden).count()).toBe(0);
    await setHidden(hidden, false);
    await hidden.locator('li[data-stage="eda"].done').waitFor();
    const titles = await hidden.getByRole('log').locator('.call .title').allTextContents();
    expect(titles).toEqual(['Draw a line', 'Second step']);
    expect(visitor.problems).toEqual([]);
  }, 180_000);
});
