/** A slow network shows a session's report early: the page names all that the report needs, and asks for it once. */

import type { Browser } from 'playwright-core';
import { startBrowser, visit } from './browser.ts';
import { penguins, WALK_MS } from './newcomer.ts';
import { thePlace } from './place.ts';

describe('the page of a session', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, WALK_MS);
  afterAll(() => browser?.close(), 60_000);

  test(
    'names every program and style that its report is drawn with, and its log is asked for once',
    async () => {
      const session = await penguins();
      const address = `${thePlace().url}/sessions/${session}`;
      const html = await (await fetch(address, { headers: { accept: 'text/html' } })).text();
      const named = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
      const { page } = await visit(browser);
      const asked: string[] = [];
      const logs: string[] = [];
      page.on('request', (request) => {
        const { pathname, search } = new URL(request.url());
        if (['script', 'stylesheet'].includes(request.resourceType())) asked.push(pathname);
        if (pathname.endsWith(`${session}/events`)) logs.push(search);
      });
      await page.goto(address);
      await page.locator('[role=tabpanel] article h2').first().waitFor();
      expect(asked.length).toBeGreaterThan(5);
      // the worker that follows what is live draws nothing
      const late = asked.filter((path) => !named.includes(path) && !path.includes('stream-worker'));
      expect(late).toEqual([]);
      expect(logs.filter((search) => search.includes('after=0'))).toHaveLength(1);
    },
    WALK_MS,
  );
});
