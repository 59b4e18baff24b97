/** 10,000 messages and steps, and a chart of 1,000,000 points: all can be reached, and the page stays small. */

import type { Browser, Page } from 'playwright-core';
import { formatNumber } from '../../ui/src/lib/format/numbers.ts';
import { startBrowser, type Visit, visit } from './browser.ts';
import { thePlace } from './place.ts';
import { addEvents, addPoints, EXTREMES, inDatabase } from './rows.ts';

const EVENTS = 20_000;
const POINTS = 1_000_000;
/** Of a studio with a few dozen rows in sight; one element a message would be ten times as many. */
const MOST_ELEMENTS = 3_000;

const elements = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length);

describe('a large session', () => {
  let browser: Browser;
  let visitor: Visit;
  let session: string;
  beforeAll(async () => {
    const { rest, scripted: model } = thePlace();
    const { id } = await rest.createExperiment('examples/penguins.csv', { name: 'Years of work' });
    session = (await rest.createSession(id, { mode: 'manual', model })).id;
    await inDatabase(async (database) => {
      await addEvents(database, session, EVENTS);
      await addPoints(database, session, POINTS);
    });
    browser = await startBrowser();
    visitor = await visit(browser);
  }, 300_000);
  afterAll(() => browser?.close(), 60_000);

  test('opens at its end, shows any place of 10,000 rows, and keeps its elements few', async () => {
    const { page } = visitor;
    await visitor.open(`/sessions/${session}`);
    const log = page.getByRole('log');
    await log.getByText(new RegExp(`^Thought ${EVENTS}\\b`)).waitFor({ timeout: 30_000 });
    await page.waitForFunction(() => {
      const box = document.querySelector('[role="log"]');
      return box !== null && box.scrollHeight - box.scrollTop - box.clientHeight < 2;
    });
    expect(await elements(page)).toBeLessThan(MOST_ELEMENTS);
    await log.evaluate((box) => {
      box.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }));
      box.scrollTop = 0;
    });
    await log.getByRole('button', { name: /^Step 1\b/ }).waitFor();
    await log.evaluate((box) => {
      box.scrollTop = box.scrollHeight / 2;
    });
    await log
      .getByText(/^Thought (9|10|11)\d\d\d\b/)
      .first()
      .waitFor();
    expect(await elements(page)).toBeLessThan(MOST_ELEMENTS);
    expect(visitor.problems).toEqual([]);
  }, 60_000);

  test('draws a million points with the least and the greatest of them', async () => {
    const { page } = visitor;
    await visitor.open(`/sessions/${session}/metrics`);
    const panel = page.locator('section.panel', { hasText: 'loss' });
    await panel.locator('canvas').waitFor();
    await panel.getByText(`${formatNumber(EXTREMES.least)} … ${formatNumber(EXTREMES.greatest)}`).waitFor();
    expect(await drawnRows(page)).toBeGreaterThan(100);
    expect(await elements(page)).toBeLessThan(MOST_ELEMENTS);
    expect(visitor.problems).toEqual([]);
  }, 60_000);
});

/** Rows of the chart's picture with ink of a line in them: a spike to the extremes crosses nearly all. */
const drawnRows = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('section.panel canvas');
    const picture = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
    if (!picture) return 0;
    const rows = new Set<number>();
    for (let at = 0; at < picture.data.length; at += 4) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = picture.data.slice(at, at + 4);
      // lines and the edges of their bands have a colour; axes, grid and words are grey, and bands are faint
      if (alpha > 100 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60)
        rows.add(Math.floor(at / 4 / picture.width));
    }
    return rows.size;
  });
