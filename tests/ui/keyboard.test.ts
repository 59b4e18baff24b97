/**
 * Without a pointer: an experiment begun and its report read, the palette, the list of shortcuts, dialogs and
 * lists.
 */

import type { Browser, Locator, Page } from 'playwright-core';
import { startBrowser, type Visit, visit } from './browser.ts';
import { scripted, thePlace } from './place.ts';

describe('with the keyboard alone', () => {
  let browser: Browser;
  let visitor: Visit;
  let page: Page;
  beforeAll(async () => {
    browser = await startBrowser();
    visitor = await visit(browser);
    page = visitor.page;
    // asked for from the start: a chooser that opens before it is asked for is the machine's own, and stays open
    page.on('filechooser', () => undefined);
  }, 60_000);
  afterAll(() => browser?.close(), 60_000);
  beforeEach(() => {
    visitor.problems.length = 0;
  });

  test('an experiment is begun and its report is read', async () => {
    await visitor.open('/status');
    await page.getByRole('heading', { level: 1, name: 'Status' }).waitFor();
    await page.keyboard.press('n');
    await page.getByText('Drop a table here').waitFor();
    await tabTo(page, page.getByLabel(/Drop a table here/));
    const choosing = page.waitForEvent('filechooser');
    await page.keyboard.press('Enter');
    await (await choosing).setFiles('examples/penguins.csv');
    await page.getByText('344 rows × 7 columns').waitFor();
    await tabTo(page, page.getByLabel('Name', { exact: true }));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('By keyboard');
    await tabTo(page, page.getByRole('button', { name: 'Start', exact: true }));
    await page.keyboard.press('Enter');

    await page.waitForURL(/\/sessions\//);
    await page.locator('li[data-stage="eda"].done').waitFor({ timeout: 60_000 });
    await tabTo(page, page.getByRole('tab', { name: 'Report' }));
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/\/decisions$/);
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(/\/report$/);
    await tabTo(page, page.getByRole('button', { name: 'EDA', exact: true }));
    await page.keyboard.press('Enter');
    await page.getByRole('article').getByRole('heading', { level: 1 }).waitFor();
    expect(visitor.problems).toEqual([]);
    // its report is read; the stages that would follow are of no use here
    const [, , session] = new URL(page.url()).pathname.split('/');
    await thePlace().rest.send('POST', `/api/sessions/${session}/cancel`, {});
  }, 120_000);

  test('the palette finds a page, and focus comes back to where it was', async () => {
    await visitor.open('/settings');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    const opener = page.getByRole('radio', { name: 'Comfortable' });
    await tabTo(page, opener);
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Search and commands' });
    await isFocused(palette.getByRole('combobox'));
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
    await isFocused(opener);
    await page.keyboard.press('Control+k');
    await isFocused(palette.getByRole('combobox'));
    await page.keyboard.type('agents');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Agents' }).waitFor();
    expect(visitor.problems).toEqual([]);
  }, 60_000);

  test('the list of shortcuts keeps focus inside and gives it back', async () => {
    await visitor.open('/settings');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    const opener = page.getByRole('button', { name: 'Shortcuts' });
    await tabTo(page, opener);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await dialog.waitFor();
    for (const key of ['Tab', 'Tab', 'Shift+Tab', 'Tab']) {
      await page.keyboard.press(key);
      expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await isFocused(opener);
    await page.keyboard.press('?');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    for (const [keys, name] of [
      ['gm', 'Models'],
      ['gc', 'Compare'],
      ['ga', 'Agents'],
      ['gs', 'Status'],
    ] as const) {
      for (const key of keys) await page.keyboard.press(key);
      await page.getByRole('heading', { level: 1, name }).waitFor();
    }
    expect(visitor.problems).toEqual([]);
  }, 60_000);

  test('lists are walked through with j and k and opened with Enter', async () => {
    const names = ['First of the list', 'Second of the list'];
    for (const name of names) {
      // their order is that of their last work, which must be over before places are counted
      await thePlace().rest.waitFor(await scripted('plain', { name }), ['eda_done']);
    }
    await visitor.open('/');
    await page.getByRole('link', { name: names[0] }).waitFor();
    await page.keyboard.press('/');
    await isFocused(page.getByLabel('Filter the experiments'));
    await page.keyboard.type('of the list');
    await page.getByText('2 experiments').waitFor();
    await page.keyboard.press('Tab');
    await page.locator('body').evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    for (const key of ['j', 'j', 'k']) await page.keyboard.press(key);
    const link = page.getByRole('link', { name: names[1] });
    await isFocused(link);
    // a card leads to its experiment until its last session is known
    await link.and(page.locator('[href*="/sessions/"]')).waitFor();
    expect(await showsFocus(page)).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/sessions\//);
    await page.getByLabel('Message to the agent').waitFor();
    await page.keyboard.press('m');
    await isFocused(page.getByLabel('Message to the agent'));
    expect(visitor.problems).toEqual([]);
  }, 60_000);
});

const MOST_TABS = 80;

/** Presses Tab until `target` has focus; every stop on the way has to show that it has it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor({ state: 'attached' });
  for (let presses = 0; presses < MOST_TABS; presses += 1) {
    await page.keyboard.press('Tab');
    expect({ focus: await focused(page), shown: await showsFocus(page) }).toMatchObject({ shown: true });
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${target} has no focus after ${MOST_TABS} presses of Tab`);
}

/** Waits until `target` has focus. */
async function isFocused(target: Locator): Promise<void> {
  const element = await target.elementHandle();
  await target.page().waitForFunction((expected) => document.activeElement === expected, element);
}

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? 'nothing');

/**
 * Whether what has focus, or the label or card that stands for it, has an outline or a ring; the page itself need
 * not.
 */
const showsFocus = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const { activeElement } = document;
    if (!activeElement || activeElement === document.body) return true;
    const seen = [activeElement, activeElement.closest('label, article'), activeElement.parentElement];
    return seen.some((element) => {
      if (!element) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
    });
  });
