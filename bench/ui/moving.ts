/** What a page does while a person scrolls, clicks and watches. */

import { until } from '../../tests/platform/wait.ts';
import type { BenchPlatform } from '../platform.ts';
import { type BenchBrowser, within } from './browser.ts';
import type { Sight } from './probe.ts';

/** Milliseconds of every frame while an element is scrolled up and down, once for each of `runs`. */
export async function measureScroll(
  browser: BenchBrowser,
  path: string,
  { box, sights, runs, seconds }: { box: string; sights: Sight[]; runs: number; seconds: number },
): Promise<number[][]> {
  const frames: number[][] = [];
  const visit = await browser.visit();
  try {
    await visit.open(path, sights, 180);
    for (let run = 0; run < runs; run += 1) {
      frames.push(
        await visit.page.evaluate(([selector, time]) => window.probe.scroll(selector, time), [
          box,
          seconds,
        ] as const),
      );
    }
  } finally {
    await visit.close();
  }
  return frames;
}

export interface ChartTimes {
  /** Milliseconds from the click on the tab until the lines are drawn. */
  fromClick: number;
  /** Milliseconds from the last byte of the points. */
  fromData: number;
}

/** The metrics of a session, asked for by a click in a window that was just opened. */
export async function measureCharts(
  browser: BenchBrowser,
  session: string,
  runs: number,
): Promise<ChartTimes[]> {
  const times: ChartTimes[] = [];
  for (let run = 0; run < runs; run += 1) {
    const visit = await browser.visit(true);
    const { page } = visit;
    try {
      await visit.open(`/sessions/${session}`, [{ selector: '[role=log]' }]);
      const drawn = page.evaluate(() => window.probe.drawn([{ selector: '.uplot canvas' }]));
      await page
        .getByRole('tab', { name: 'Metrics' })
        .or(page.locator('.bar a', { hasText: 'Metrics' }))
        .first()
        .click();
      const at = await within(drawn, 60, `the charts of session ${session}`);
      const { clicked, arrived } = await page.evaluate(() => ({
        clicked: window.probe.clickedAt(),
        arrived: window.probe.arrivedAt('/metrics?'),
      }));
      times.push({ fromClick: at - clicked, fromData: at - arrived });
    } finally {
      await visit.close();
    }
  }
  return times;
}

/** Each logged name is a new chart: its first point, whose value is the time of the call. */
export const liveScript = (points: number): string => `
import time
from tempera import log
for place in range(${points}):
    log(0, {f'first_{place}': time.time()})
    time.sleep(0.4)
`;

const LIVE_SECONDS = 120;

/** Milliseconds from each log() of `liveScript` until its chart is drawn. */
export async function measureLive(
  bench: BenchPlatform,
  browser: BenchBrowser,
  points: number,
): Promise<number[]> {
  const { rest } = bench.platform;
  const experiment = await rest.createExperiment('examples/penguins.csv', {
    name: 'Live',
    target: 'species',
  });
  const { id } = await rest.createSession(experiment.id, { mode: 'manual', model: bench.scriptedModel });
  const visit = await browser.visit();
  try {
    await visit.open(`/sessions/${id}/metrics`, [{ selector: 'main', text: 'Nothing is measured yet' }]);
    await visit.page.evaluate(() => window.probe.livePoints());
    await rest.send('POST', `/api/sessions/${id}/stages/eda/start`, {});
    const seen = await until(
      `${points} points were drawn`,
      async () => {
        const live = await visit.page.evaluate(() => window.probe.livePoints());
        return live.length >= points && live.every(([, drawn]) => drawn !== null && !Number.isNaN(drawn))
          ? live
          : null;
      },
      LIVE_SECONDS,
    ).catch(async (error: unknown) => {
      const charts = await visit.page.locator('.panel').evaluateAll((all) => all.map((one) => one.outerHTML));
      throw new Error(`The charts of session ${id} are: ${charts.join('\n') || 'none'}`, { cause: error });
    });
    return seen.map(([logged, drawn]) => drawn - logged);
  } finally {
    await visit.close();
    await rest.send('POST', `/api/sessions/${id}/cancel`, {});
  }
}
