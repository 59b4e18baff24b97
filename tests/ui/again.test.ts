/** A stage that runs again: what its former run left stays readable and marked, and nothing on the page jumps. */

import { rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { until } from '../platform/wait.ts';
import { startBrowser, visit } from './browser.ts';
import { heldFile, isHeld, release, releaseFile, scripted, thePlace } from './place.ts';

const KEY = 'again';
/** Of all shifts of a page's content that no person caused, over the whole of its life. */
const MOST_SHIFT = 0.05;

/** Sums the layout shifts of a page from its beginning. */
async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: { value: number; of: string[] }[] = [];
    Reflect.set(window, 'shifts', shifts);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Node | null }[];
      })[]) {
        if (entry.hadRecentInput) continue;
        const of = entry.sources.map(({ node }) =>
          node instanceof Element ? node.outerHTML.slice(0, 120) : '',
        );
        shifts.push({ value: entry.value, of });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

const shiftsOf = (page: Page): Promise<{ value: number; of: string[] }[]> =>
  page.evaluate(() => Reflect.get(window, 'shifts') as { value: number; of: string[] }[]);

describe('a stage that runs again', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, 60_000);
  afterAll(() => browser?.close(), 60_000);

  test('leaves the report and the figures of its former run, marked, and moves nothing over both runs', async () => {
    const { rest, home } = thePlace();
    const session = await scripted('waits', { key: KEY });
    await isHeld(KEY);
    const visitor = await visit(browser);
    const { page } = visitor;
    await watchShifts(page);
    await visitor.open(`/sessions/${session}`);
    await page.getByRole('button', { name: /^Draw a line\b/ }).waitFor();
    release(KEY);
    await page.locator('li[data-stage="eda"].done').waitFor({ timeout: 60_000 });
    const figure = page.locator('article img').first();
    await figure.waitFor();

    for (const file of [releaseFile(home, KEY), heldFile(home, KEY)]) rmSync(file, { force: true });
    await rest.send('POST', `/api/sessions/${session}/stages/eda/start`, {});
    await isHeld(KEY);
    await page.getByText('Run 2 is under way; this is of run 1.').waitFor();
    const shown = await figure.evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      return { address: image.src, width: image.naturalWidth };
    });
    expect(shown.address).toContain('?checkpoint=');
    expect(shown.width).toBeGreaterThan(0);
    const shifts = await shiftsOf(page);
    const sum = shifts.reduce((total, { value }) => total + value, 0);
    expect(sum > MOST_SHIFT ? shifts : []).toEqual([]);

    await page.getByRole('tab', { name: /^Figures/ }).click();
    await page.getByText('Run 2 is under way; this is of run 1.').last().waitFor();
    expect(await page.getByRole('tabpanel', { name: 'Figures' }).locator('img').count()).toBeGreaterThan(0);
    release(KEY);
    await rest.waitFor(session, ['eda_done'], 60);
    await page.getByText('Run 2 is under way; this is of run 1.').first().waitFor({ state: 'detached' });
    expect(visitor.problems).toEqual([]);
  }, 180_000);

  test('every tab is reached where the row is too narrow for all, as at 200 %', async () => {
    const session = await scripted('plain');
    const visitor = await visit(browser);
    const { page } = visitor;
    await page.setViewportSize({ width: 730, height: 450 });
    await visitor.open(`/sessions/${session}`);
    const last = page.getByRole('tab', { name: /^Timeline/ });
    await last.waitFor();
    const inSight = () =>
      last.evaluate((tab) => {
        const row = tab.parentElement?.getBoundingClientRect();
        return row !== undefined && tab.getBoundingClientRect().right <= row.right + 1;
      });
    expect(await inSight()).toBe(false);
    const more = page.getByRole('button', { name: 'More tabs' });
    // the row glides: it is pressed until the last tab has come, and that is waited for
    for (let press = 0; press < 5 && !(await inSight()) && (await more.isVisible()); press += 1)
      await more.click();
    await until('the last tab is in sight', inSight);
    await last.click();
    await page.getByRole('tabpanel', { name: 'Timeline' }).waitFor();
    expect(visitor.problems).toEqual([]);
  }, 90_000);
});
