/** Every page, light, dark and on a phone: it loads without an error, is accessible, and fits. */

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { LOOKS, type Look, startBrowser, type Visit, visit } from './browser.ts';
import { PAGES, type Shown } from './pages.ts';
import { penguins, scripted, thePlace } from './place.ts';

/** What a run leaves for people to look at. */
const SCREENSHOTS = join('build', 'screenshots');
const LOOK_NAMES = Object.keys(LOOKS) as Look[];

describe.each(LOOK_NAMES)('%s:', (look) => {
  let browser: Browser;
  let visitor: Visit;
  let shown: Shown;

  beforeAll(async () => {
    rmSync(join(SCREENSHOTS, look), { recursive: true, force: true });
    mkdirSync(join(SCREENSHOTS, look), { recursive: true });
    shown = await shownSessions();
    browser = await startBrowser();
    visitor = await visit(browser, look);
  }, 180_000);
  afterAll(() => browser?.close(), 60_000);

  test.each(PAGES.map((each) => [each.name, each] as const))(
    '%s',
    async (name, { address, first, shows }) => {
      const { page, problems } = visitor;
      problems.length = 0;
      await visitor.open(address(shown));
      await first?.(page);
      await shows(page).waitFor();
      await settled(page);
      await page.screenshot({ path: join(SCREENSHOTS, look, `${name.replaceAll(' ', '-')}.png`) });
      expect(await seriousFindings(page)).toEqual([]);
      if (look === 'phone') expect(await tooWide(page)).toEqual([]);
      expect(problems).toEqual([]);
    },
    60_000,
  );
});

/** The penguins, and a session that asks; each is begun by the first test that needs it. */
async function shownSessions(): Promise<Shown> {
  const { rest } = thePlace();
  const session = await penguins();
  const { experiment_id: experiment } = await rest.session(session);
  const asking = await scripted('asks', { name: 'Harbour seals' });
  await rest.waitForEvent(asking, ({ type }) => type === 'question', 60);
  return { session, experiment, asking };
}

/** Nothing is loading, every picture in sight is there, and fonts are. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForFunction(() => {
    const busy = [...document.querySelectorAll('[aria-busy="true"]')].some(
      (element) => element.getClientRects().length > 0,
    );
    const inSight = [...document.querySelectorAll('img')].filter((picture) => {
      const { top, bottom } = picture.getBoundingClientRect();
      return bottom > 0 && top < innerHeight;
    });
    return !busy && inSight.every(({ complete, naturalWidth }) => complete && naturalWidth > 0);
  });
}

/** What axe finds that keeps people out: rule, how many, and the first of them. */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    async () =>
      await (window as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id} × ${nodes.length}: ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary}`,
    );
}

/** Boxes that a phone would have to be pushed sideways for. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [document.documentElement, document.body, document.querySelector('main')]
      .filter((element) => element !== null)
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(({ tagName, scrollWidth, clientWidth }) => `${tagName}: ${scrollWidth} px in ${clientWidth} px`),
  );
