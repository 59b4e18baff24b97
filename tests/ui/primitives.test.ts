/**
 * Each primitive that does something, alone on a page of its own: by pointer, by keyboard, and as screen readers
 * hear it.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, ElementHandle, Locator, Page } from 'playwright-core';
import { startBrowser } from './browser.ts';

const ORIGIN = 'https://primitives.test';
const BUILD = join('ui', 'src', 'lib', 'primitives', 'testing', 'build-stage.mjs');
const PRIMITIVES = join('ui', 'src', 'lib', 'primitives');
/** What only looks: no state, no event, nothing that screen readers are told beside its words. */
const WITHOUT_BEHAVIOUR = ['badge', 'empty-state', 'number-text', 'relative-time', 'share-bar', 'skeleton'];

jest.setTimeout(30_000);

let folder: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tempera-primitives-'));
  execFileSync(process.execPath, [BUILD, folder], { stdio: 'pipe' });
  browser = await startBrowser();
  context = await browser.newContext({ reducedMotion: 'reduce' });
  context.setDefaultTimeout(15_000);
  await context.route(`${ORIGIN}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname;
    const html =
      '<!doctype html><html lang="en"><title>Stage</title><link rel="stylesheet" href="/stage.css"><body></body>';
    if (path === '/')
      await route.fulfill({
        contentType: 'text/html',
        body: `${html}<script type="module" src="/stage.js"></script>`,
      });
    else await route.fulfill({ path: join(folder, path) });
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);
beforeEach(async () => {
  page = await context.newPage();
  await page.goto(ORIGIN);
  await page.getByRole('list', { name: 'Told' }).waitFor({ state: 'attached' });
});
afterEach(() => page.close());

const events = (): Promise<string[]> =>
  page.getByRole('list', { name: 'Told' }).getByRole('listitem').allTextContents();
const isFocused = (target: Locator): Promise<boolean> =>
  target.evaluate((element) => element === document.activeElement);

test('every primitive is tried here, or named as one that only looks', () => {
  const stage = readFileSync(join(PRIMITIVES, 'testing', 'stage.svelte'), 'utf8');
  const names = readdirSync(PRIMITIVES).flatMap((file) =>
    file.endsWith('.svelte') ? [file.replace('.svelte', '')] : [],
  );
  expect(names.filter((name) => !stage.includes(`'../${name}.svelte'`))).toEqual(WITHOUT_BEHAVIOUR);
});

test('tabs: one stop for Tab, arrows go round, and each names the panel that is named by it', async () => {
  const tab = (name: string) => page.getByRole('tab', { name });
  await tab('The first').focus();
  const chosen = () => page.getByRole('tab', { selected: true }).textContent();
  for (const [key, name] of [
    ['ArrowRight', 'The second'],
    ['End', 'The third'],
    ['ArrowRight', 'The first'],
    ['ArrowLeft', 'The third'],
    ['Home', 'The first'],
  ] as const) {
    await page.keyboard.press(key);
    await page.getByRole('tab', { name, selected: true }).waitFor();
    expect(await isFocused(tab(name))).toBe(true);
    await page.getByRole('tabpanel', { name }).waitFor();
  }
  await tab('The second').click();
  expect(await chosen()).toContain('The second');
  expect(
    await page.getByRole('tab').evaluateAll((tabs) => tabs.map((each) => each.getAttribute('tabindex'))),
  ).toEqual(['-1', '0', '-1']);
  expect(await tab('The second').getAttribute('aria-controls')).toBe(
    await page.getByRole('tabpanel').getAttribute('id'),
  );
  // what is not there cannot be pointed at
  expect(await tab('The first').getAttribute('aria-controls')).toBeNull();
  expect(await tab('The third').textContent()).toContain('new');
});

test('a choice is a group of radios, walked through with arrows, that tells what was chosen', async () => {
  const group = page.getByRole('group', { name: 'Pace' });
  await group.getByRole('radio', { name: 'Slow' }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await group.getByRole('radio', { name: 'Quick' }).isChecked()).toBe(true);
  await group.getByText('Slow').click();
  expect(await events()).toEqual(['pace quick', 'pace slow']);
});

test('a copy is taken and said; one that the browser refuses is said with the way round it', async () => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: ORIGIN });
  const copy = page.getByRole('button', { name: 'Copy the words' });
  await copy.click();
  await page.getByRole('status').filter({ hasText: 'Copied.' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('to be pasted');
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('not now'));
  });
  await copy.click();
  await page.getByText('copy it by hand').first().waitFor();
});

test('a name without room keeps its end, and is heard and shown whole', async () => {
  const name = 'a-name-that-is-much-too-long-for-its-place-and-ends-in.csv';
  const cut = page.getByTitle(name);
  expect(await cut.locator('.tail').textContent()).toBe(name.slice(-9));
  expect(await cut.locator('.hidden-text').textContent()).toBe(name);
  expect(await cut.locator('[aria-hidden="true"]').count()).toBe(2);
});

test('a dialog says what it is about, keeps focus, and gives it back', async () => {
  const opener = page.getByRole('button', { name: 'Ask' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Sure?' });
  await dialog.waitFor();
  expect(
    await dialog.evaluate(
      (element) => document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent,
    ),
  ).toBe('It cannot be undone.');
  for (const key of ['Tab', 'Tab', 'Tab', 'Tab', 'Shift+Tab']) {
    await page.keyboard.press(key);
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await events()).toEqual(['dialog closed']);
  await page.waitForFunction((element) => element === document.activeElement, await opener.elementHandle());
  await opener.click();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  await opener.click();
  await dialog.getByRole('button', { name: 'Yes' }).click();
  await dialog.waitFor({ state: 'detached' });
});

test('a menu is opened and used by keyboard; what cannot be done says why and does nothing', async () => {
  const opener = page.getByRole('button', { name: 'More' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const refused = page.getByRole('menuitem', { name: /Delete/ });
  await refused.waitFor();
  expect(await refused.textContent()).toContain('It runs.');
  expect(await refused.getAttribute('aria-disabled')).toBe('true');
  // it is drawn outside before it is put to its button
  await page.waitForFunction(
    (element) => element.getBoundingClientRect().top >= 0,
    (await refused.elementHandle()) as ElementHandle<Element>,
  );
  await refused.click({ force: true });
  await page.getByRole('menuitem', { name: 'Rename' }).press('Enter');
  await refused.waitFor({ state: 'detached' });
  expect(await events()).toEqual(['renamed']);
  await opener.click();
  expect(await page.getByRole('menuitem', { name: 'Open' }).getAttribute('href')).toBe('#opened');
  await page.keyboard.press('Escape');
  await refused.waitFor({ state: 'detached' });
  await page.waitForFunction((element) => element === document.activeElement, await opener.elementHandle());
});

test('what is searched for is walked through with arrows and taken with Enter; nothing found is said', async () => {
  const field = page.getByRole('combobox', { name: 'Find a voice' });
  await field.press('ArrowDown');
  const found = page.getByRole('listbox', { name: 'Found voices' });
  const chosen = found.getByRole('option', { selected: true });
  expect(await chosen.textContent()).toBe('bass');
  expect(await field.getAttribute('aria-activedescendant')).toBe(await chosen.getAttribute('id'));
  await field.press('Enter');
  await field.press('ArrowUp');
  await field.press('ArrowUp');
  await field.press('Enter');
  await field.fill('alt');
  await field.press('Enter');
  await found.getByRole('option', { name: 'alto' }).click();
  await field.fill('none');
  await page.getByText('No such voice.').waitFor();
  await field.press('Enter');
  expect(await events()).toEqual(['took bass', 'took tenor', 'took alto', 'took alto']);
});

test('a few things with a sentence each are radios of one group', async () => {
  const group = page.getByRole('group', { name: 'Way' });
  await group.getByRole('radio', { name: 'Upload' }).focus();
  await page.keyboard.press('ArrowDown');
  expect(await group.getByRole('radio', { name: /Folder/ }).isChecked()).toBe(true);
  await group.getByText('A file of this machine.').click();
  expect(await events()).toEqual(['way folder', 'way upload']);
});

test('the page of a list says why it could not be loaded, and has it when it is tried again', async () => {
  const shown = page.getByRole('region', { name: 'Page' });
  await shown.getByRole('heading', { name: 'All voices' }).waitFor();
  expect(await shown.getByRole('alert').textContent()).toContain('They could not be loaded.');
  await shown.getByRole('button', { name: 'Try again' }).click();
  await shown.getByText('There are 3.').waitFor();
  expect(await shown.getByRole('alert').count()).toBe(0);
});

test(
  'panes are moved by keys and pointer within their least widths, put back by a double ' + 'click, and kept',
  async () => {
    const handle = page.getByRole('separator', { name: 'Width of the panes' });
    const share = async () => Number(await handle.getAttribute('aria-valuenow'));
    expect(await share()).toBe(40);
    await handle.press('ArrowRight');
    expect(await share()).toBe(42);
    const box = await handle.boundingBox();
    if (!box) throw new Error('the handle is not drawn');
    await page.mouse.move(box.x + box.width / 2, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 2_000, box.y + 20, { steps: 4 });
    await page.mouse.up();
    // 100 px of 500 are the least
    expect(await share()).toBe(80);
    await handle.press('ArrowLeft');
    await page.reload();
    expect(await share()).toBe(78);
    await handle.dblclick();
    expect(await share()).toBe(40);
  },
);

test('a table is sorted by its heads: words from a to z first, numbers from the greatest', async () => {
  const head = (name: string) => page.getByRole('columnheader', { name });
  await head('Name').getByRole('button').click();
  expect(await head('Name').getAttribute('aria-sort')).toBe('ascending');
  await head('Name').getByRole('button').click();
  expect(await head('Name').getAttribute('aria-sort')).toBe('descending');
  await head('Size').getByRole('button').click();
  expect(await head('Size').getAttribute('aria-sort')).toBe('descending');
  expect(await head('Name').getAttribute('aria-sort')).toBeNull();
  expect(await head('Made').getByRole('button').count()).toBe(0);
  await page.getByRole('table', { name: 'Voices' }).waitFor();
  expect(await page.locator('tr.chosen').textContent()).toContain('alto');
});

test('a field is labelled, described by its hint or by what is wrong with it, and says when that is', async () => {
  const target = page.getByLabel('Target');
  const description = () =>
    target.evaluate(
      (element) => document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent,
    );
  expect(await description()).toBe('A column of the table.');
  await target.fill('none');
  await target.blur();
  await page.getByRole('alert').filter({ hasText: 'no such column' }).waitFor();
  expect(await description()).toBe('There is no such column.');
  expect(await target.getAttribute('aria-invalid')).toBe('true');
  await target.fill('species');
  await target.blur();
  expect(await target.getAttribute('aria-invalid')).toBeNull();
  await page.getByLabel('Words optional').fill('some words');
  await page.getByLabel('Fruit').selectOption('pear');
  expect(await events()).toEqual(['fruit pear']);
});

test('a tooltip comes with focus, too, and goes with Escape', async () => {
  await page.getByRole('button', { name: 'Explained' }).focus();
  const words = page.getByText('What it is for').first();
  await words.waitFor();
  await page.keyboard.press('Escape');
  await words.waitFor({ state: 'detached' });
});

test('a failure says what was tried, why, and how to ask about it; what is not there is not tried again', async () => {
  const refused = page.getByRole('region', { name: 'Refused' });
  const alert = await refused.getByRole('alert').textContent();
  for (const words of ['It did not work.', 'It was refused.', 'REFUSED', 'req-7'])
    expect(alert).toContain(words);
  await refused.getByRole('button', { name: 'Try again' }).click();
  expect(await events()).toEqual(['tried again']);
  expect(
    await page.getByRole('region', { name: 'Missing' }).getByRole('button', { name: 'Try again' }).count(),
  ).toBe(0);
});

test('a button at work says so and takes no click', async () => {
  const busy = page.getByRole('button', { name: 'At work' });
  expect(await busy.getAttribute('aria-busy')).toBe('true');
  await busy.click({ force: true });
  expect(await events()).toEqual([]);
});
