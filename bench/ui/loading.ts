/** How soon pages are there: the first one, the studio, a comparison; and how much script comes before any of them. */

import { gzipSync } from 'node:zlib';
import type { BenchBrowser } from './browser.ts';
import { LAST_WORDS } from './conversations.ts';
import type { Sight } from './probe.ts';

/** An address that no page answers to: what is fetched for it is fetched before a route is chosen. */
const NO_PAGE = '/no/such/page/there/is';

export interface Scripts {
  /** kB of the scripts, each with gzip. */
  gzip: number;
  /** kB that came over the wire. */
  sent: number;
  files: number;
}

export async function measureScripts(browser: BenchBrowser): Promise<Scripts> {
  const visit = await browser.visit();
  try {
    const scripts: { gzip: number; sent: number }[] = [];
    const reading: Promise<unknown>[] = [];
    visit.page.on('requestfinished', (request) => {
      if (request.resourceType() !== 'script') return;
      const read = async () => {
        const [answer, { responseBodySize }] = await Promise.all([request.response(), request.sizes()]);
        const body = (await answer?.body()) ?? Buffer.alloc(0);
        scripts.push({ gzip: gzipSync(body).length / 1_000, sent: responseBodySize / 1_000 });
      };
      reading.push(read());
    });
    await visit.open(NO_PAGE, [{ selector: 'main', text: 'There is no page here' }]);
    await Promise.all(reading);
    const total = (name: 'gzip' | 'sent') => scripts.reduce((sum, script) => sum + script[name], 0);
    return { gzip: total('gzip'), sent: total('sent'), files: scripts.length };
  } finally {
    await visit.close();
  }
}

export interface VisitTime {
  /** Milliseconds until everything that was wanted is drawn. */
  drawn: number;
  /** Of these, processor time of the page's main thread. */
  processor: number;
}

/** `runs` visits with an empty cache. */
export async function measureVisits(
  browser: BenchBrowser,
  path: string,
  { sights, runs }: { sights: Sight[]; runs: number },
): Promise<VisitTime[]> {
  const times: VisitTime[] = [];
  for (let run = 0; run < runs; run += 1) {
    const visit = await browser.visit();
    try {
      const drawn = await visit.open(path, sights);
      times.push({ drawn, processor: await visit.processorMs() });
    } finally {
      await visit.close();
    }
  }
  return times;
}

/** The gallery with its cards and its button: what can be seen there can be used, since the page's thread drew it. */
export const GALLERY: Sight[] = [{ selector: 'article h2 a' }, { selector: 'a', text: 'New experiment' }];

/** The conversation at its end, and the report of the last stage. */
export const STUDIO: Sight[] = [
  { selector: '[role=log] [data-place]', text: LAST_WORDS },
  { selector: '[role=tabpanel] article h2' },
];

/** The report of the last stage. */
export const REPORT: Sight[] = [{ selector: '[role=tabpanel] article h2' }];

/** The rows in sight, of a table of so many. */
export const comparison = (sessions: number): Sight[] => [
  { selector: `[aria-label="Comparison of ${sessions} sessions"] tbody th a`, least: Math.min(sessions, 10) },
];
