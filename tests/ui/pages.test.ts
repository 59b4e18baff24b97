/** Every page, light, dark and on a phone: it loads without an error, is accessible, and fits. */

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import axe, { type RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { PAGE_TITLES, RUN_VIEWS, routeOf, STUDIO_TABS } from '../../ui/src/lib/routing/routes.ts';
import { LOOKS, startBrowser, type Theme, type Visit, visit } from './browser.ts';
import { sampleRun } from './classified.ts';
import { addCompared } from './compared-rows.ts';
import { penguins, WALK_MS } from './newcomer.ts';
import { PAGES, type Shown } from './pages.ts';
import { scripted, thePlace } from './place.ts';

/** What a run leaves for people to look at. */
const SCREENSHOTS = join('build', 'screenshots');
/** Looks that differ in nothing but colours are taken of one page: what has one is loaded once, for the first. */
const LAYOUTS = [['light', 'dark'], ['phone']] as const satisfies Theme[][];
/** Of what axe looks at only colours change with the theme. */
const OF_COLOURS = { runOnly: ['color-contrast'] };

const NONE: Shown = {
  ...{ experiment: 'e', session: 's', asking: 'a', classified: 'c' },
  forked: { experiment: 'f', sessions: ['g', 'h'] },
};

test('every page and every tab that has an address is looked at', () => {
  const routes = PAGES.map(({ address }) => routeOf(new URL(address(NONE), 'http://page').pathname));
  expect(new Set(routes.map(({ page }) => page))).toEqual(new Set(Object.keys(PAGE_TITLES)));
  const tabs = routes.flatMap((route) =>
    route.page === 'studio' && route.params.tab ? [route.params.tab] : [],
  );
  expect(new Set(tabs)).toEqual(new Set(STUDIO_TABS));
  const views = routes.flatMap((route) => (route.page === 'run' ? [route.params.view] : []));
  expect(new Set(views)).toEqual(new Set(RUN_VIEWS));
});

describe.each(LAYOUTS.map((looks) => [looks.join(' and '), looks] as const))('%s:', (_, looks) => {
  const [first, ...others] = looks;
  let browser: Browser;
  let visitor: Visit;
  let shown: Shown;

  beforeAll(async () => {
    for (const theme of looks) {
      rmSync(join(SCREENSHOTS, theme), { recursive: true, force: true });
      mkdirSync(join(SCREENSHOTS, theme), { recursive: true });
    }
    shown = await shownSessions();
    browser = await startBrowser();
    visitor = await visit(browser, first);
  }, WALK_MS);
  afterAll(() => browser?.close(), 60_000);

  test.each(PAGES.map((each) => [each.name, each] as const))(
    '%s',
    async (name, { address, first: before, shows }) => {
      const { page, problems } = visitor;
      problems.length = 0;
      await showIn(page, first);
      await visitor.open(address(shown));
      await before?.(page);
      await shows(page).waitFor();
      await settled(page);
      const picture = `${name.replaceAll(' ', '-')}.png`;
      await page.screenshot({ path: join(SCREENSHOTS, first, picture) });
      expect(await seriousFindings(page)).toEqual([]);
      if (first === 'phone') expect(await tooWide(page)).toEqual([]);
      for (const theme of others) {
        await showIn(page, theme);
        await settled(page);
        await page.screenshot({ path: join(SCREENSHOTS, theme, picture) });
        expect(await seriousFindings(page, OF_COLOURS)).toEqual([]);
      }
      expect(problems).toEqual([]);
    },
    60_000,
  );
});

/** Asks the page for the colours of `look`, as a system does whose theme is switched. */
async function showIn(page: Page, theme: Theme): Promise<void> {
  const { colorScheme } = LOOKS[theme];
  await page.emulateMedia({ colorScheme });
  // before the first page nothing is there to follow
  if (page.url() === 'about:blank') return;
  await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, colorScheme);
}

/** The penguins, and a session that asks; each is begun by the first test that needs it. */
async function shownSessions(): Promise<Shown> {
  const { rest } = thePlace();
  const session = await penguins();
  const { experiment_id: experiment } = await rest.session(session);
  const asking = await scripted('asks', { name: 'Harbour seals' });
  await rest.waitForEvent(asking, ({ type }) => type === 'question', 60);
  return { session, experiment, asking, classified: await sampleRun(), forked: await addCompared() };
}

/** Nothing is loading, every picture in sight is there, fonts are, and what was changed last is drawn. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    const changes = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(changes.map(({ finished }) => finished));
  });
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

/** What axe finds that keeps people out: rule, how many, and the first of them. It looks at all rules unless told. */
async function seriousFindings(page: Page, rules: Pick<RunOptions, 'runOnly'> = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  // neither style sheets nor selectors are used by what is looked at here
  const options: RunOptions = { ...rules, resultTypes: ['violations'], preload: false, selectors: false };
  const { violations } = await page.evaluate(
    async (asked) => await (window as unknown as { axe: typeof axe }).axe.run(document, asked),
    options,
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
