/** Debian's or Playwright's own Chromium, without a window, and pages with the probe in them. */

import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../platform/setup/chromium.mjs';
import { installProbe, type Sight, slowFrames } from './probe.ts';

export interface Visit {
  page: Page;
  /** Milliseconds from the start of the navigation until all parts are drawn. */
  open(path: string, sights: Sight[], seconds?: number): Promise<number>;
  /** Milliseconds of processor time that the page's main thread has used: steadier than times on a busy machine. */
  processorMs(): Promise<number>;
  close(): Promise<void>;
}

export interface BenchBrowser {
  version: string;
  /** A window with nothing in its cache; `known` ones share what they have fetched. */
  visit(known?: boolean): Promise<Visit>;
  close(): Promise<void>;
}

/** Every frame, request and script is made worse by as much. */
const PLANTED = { frameMs: 300, requestMs: 400, scriptBytes: 1_000_000 };
const VIEWPORT = { width: 1440, height: 900 };

/** @param through a port of 127.0.0.1 that leads to the url's: the browser's way there, whatever opens it */
export async function startBrowser(
  url: string,
  { plant, through }: { plant: boolean; through?: number },
): Promise<BenchBrowser> {
  const { PATH = '', CHROMIUM = '' } = process.env;
  const program = findChromium({ path: PATH, chromium: CHROMIUM });
  if (program === null) throw new Error('There is no Chromium: install one, or set CHROMIUM to its program.');
  const { host } = new URL(url);
  const way = through === undefined ? [] : [`--host-resolver-rules=MAP ${host} 127.0.0.1:${through}`];
  const browser = await chromium.launch({
    executablePath: program,
    args: ['--no-sandbox', '--disable-gpu', ...way],
  });
  const shared = await newContext(browser, url, plant);
  return {
    version: browser.version(),
    async visit(known = false) {
      const context = known ? shared : await newContext(browser, url, plant);
      const page = await context.newPage();
      const inspector = await context.newCDPSession(page);
      await inspector.send('Performance.enable', { timeDomain: 'threadTicks' });
      return {
        page,
        async processorMs() {
          const { metrics } = await inspector.send('Performance.getMetrics');
          return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
        },
        async open(path, sights, seconds = 60) {
          await page.goto(path, { waitUntil: 'commit' });
          return await within(
            page.evaluate((list) => window.probe.drawn(list), sights),
            seconds,
            path,
          );
        },
        close: () => (known ? page.close() : context.close()),
      };
    },
    close: () => browser.close(),
  };
}

async function newContext(browser: Browser, url: string, plant: boolean): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: url, viewport: VIEWPORT });
  await context.addInitScript(installProbe);
  if (!plant) return context;
  await context.addInitScript(slowFrames, PLANTED.frameMs);
  await context.route('**/*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, PLANTED.requestMs));
    if (!/\/assets\/index-[^/]*\.js$/.test(route.request().url())) return await route.fallback();
    const answer = await route.fetch();
    const noise = Array.from({ length: PLANTED.scriptBytes }, () => Math.random().toString(36).slice(2, 3));
    await route.fulfill({ response: answer, body: `${await answer.text()}\n/* ${noise.join('')} */` });
  });
  return context;
}

/** @throws an Error naming `what` when `work` takes more than `seconds` */
export async function within<T>(work: Promise<T>, seconds: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not drawn within ${seconds} s`)), seconds * 1_000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
