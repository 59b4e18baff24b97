/** A newcomer's path: a file is dropped, and a model is there, in at most six clicks. */

import { readFileSync, statSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { drop, startBrowser, visit } from './browser.ts';

const MOST_CLICKS = 6;

describe('a newcomer', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, 60_000);
  afterAll(() => browser?.close(), 60_000);

  test('opens, drops a file, starts, watches, reads the report and downloads the model', async () => {
    const visitor = await visit(browser);
    const { page } = visitor;
    await visitor.open('/');
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await drop(page, 'penguins.csv', readFileSync('examples/penguins.csv'));
    await page.getByText('344 rows × 7 columns').waitFor();
    await visitor.click(page.getByRole('button', { name: 'Start', exact: true }));

    // watching: the agent's words and its steps come by themselves
    const conversation = page.getByRole('log', { name: /^Conversation/ });
    await conversation.locator('.call').first().waitFor({ timeout: 60_000 });
    await page.locator('li[data-stage="eda"].done').waitFor({ timeout: 60_000 });
    await page.locator('li[data-stage="train"].done').waitFor({ timeout: 90_000 });

    await visitor.click(page.getByRole('button', { name: 'EDA', exact: true }));
    await page
      .locator('article[data-stage="eda"], [data-stage="eda"] article')
      .getByRole('heading')
      .first()
      .waitFor();
    const figure = page.locator('[data-stage="eda"] article img').first();
    await figure.scrollIntoViewIfNeeded();
    await page.waitForFunction(
      () =>
        (document.querySelector<HTMLImageElement>('[data-stage="eda"] article img')?.naturalWidth ?? 0) > 0,
    );

    await visitor.click(page.getByRole('tab', { name: 'Model' }));
    const downloading = page.waitForEvent('download');
    await visitor.click(page.getByRole('link', { name: 'Download model.pkl' }));
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('model.pkl');
    expect(statSync(await download.path()).size).toBeGreaterThan(1_000);
    expect(visitor.clicks()).toBeLessThanOrEqual(MOST_CLICKS);
    expect(visitor.problems).toEqual([]);
  }, 200_000);
});
