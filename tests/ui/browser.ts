/** A browser as a person has one, that notes whatever goes wrong behind what is seen. */

import {
  type Browser,
  type BrowserContext,
  type BrowserServer,
  chromium,
  type Download,
  type Locator,
  type Page,
} from 'playwright-core';
import { findChromium } from '../../platform/setup/chromium.mjs';
import { thePlace } from './place.ts';

/** Longest wait for anything that no stage has to run for. */
export const SOON_MS = 30_000;
/** The machine's own network was set up anew, which the browser tells of every request: the page asks again. */
const NETWORK_CHANGED = 'net::ERR_NETWORK_CHANGED';

export const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const;
export type Theme = keyof typeof LOOKS;

export interface Visit {
  context: BrowserContext;
  page: Page;
  /** Console errors, exceptions, refused and failed requests, requests to elsewhere; each with its place. */
  problems: string[];
  /** Opens an address of the platform. */
  open(path: string): Promise<void>;
  /** Clicks like a person, and counts it. */
  click(target: Locator): Promise<void>;
  clicks(): number;
}

/** Starts the one browser of all tests. */
export async function startBrowserServer(): Promise<BrowserServer> {
  const { PATH = '', CHROMIUM = '' } = process.env;
  const program = findChromium({ path: PATH, chromium: CHROMIUM });
  if (program === null)
    throw new Error('There is no Chromium: `npm test -- browser` installs one, or set CHROMIUM.');
  return await chromium.launchServer({ executablePath: program, args: ['--disable-gpu'] });
}

/** The one browser; closing it closes what was opened through it. */
export const startBrowser = (): Promise<Browser> => chromium.connect(thePlace().browser);

/** @param url of another platform than that of all tests */
export async function visit(browser: Browser, theme: Theme = 'light', url = thePlace().url): Promise<Visit> {
  const context = await browser.newContext({ ...LOOKS[theme], baseURL: url, reducedMotion: 'reduce' });
  context.setDefaultTimeout(SOON_MS);
  const page = await context.newPage();
  const problems: string[] = [];
  listen(page, problems, new URL(url).origin);
  let clicks = 0;
  return {
    ...{ context, page, problems },
    open: async (path) => void (await page.goto(path)),
    click: async (target) => {
      await target.click();
      clicks += 1;
    },
    clicks: () => clicks,
  };
}

function listen(page: Page, problems: string[], origin: string): void {
  page.on('console', (message) => {
    const isOurs = message.type() === 'error' && !message.text().includes(NETWORK_CHANGED);
    if (isOurs) problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.stack ?? error.message}`));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // what the page itself gave up when it went on: a stream, a request of the page before, a download
    if (reason !== 'net::ERR_ABORTED' && reason !== NETWORK_CHANGED)
      problems.push(`failed: ${request.url()} ${reason}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`answered ${response.status()}: ${response.url()}`);
  });
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol.startsWith('http') && asked !== origin) problems.push(`left the origin: ${request.url()}`);
  });
}

/** What was downloaded. */
export async function contentOf(download: Download): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of await download.createReadStream()) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Drops a file anywhere on the page, as from the desktop. */
export async function drop(page: Page, name: string, content: Buffer | string): Promise<void> {
  const bytes = Buffer.from(content).toString('base64');
  await page.evaluate(
    ([file, encoded]) => {
      const data = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([data], file));
      for (const type of ['dragenter', 'dragover', 'drop']) {
        const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
        document.body.dispatchEvent(event);
      }
    },
    [name, bytes] as const,
  );
}
