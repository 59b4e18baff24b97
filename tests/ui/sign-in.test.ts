/** A platform with keys, in a browser: signing in and out, and what a role is offered. */

import { join, resolve } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { startTestApi, type TestApi } from '../../api/testing/api-server.ts';
import type { MadeKey } from '../../core/access/key-records.ts';
import { keyOf } from '../../core/access/keys.ts';
import { LOOKS, startBrowser, type Theme, type Visit, visit } from './browser.ts';

const ROOT = 'token-of-the-settings';

describe('where keys are required', () => {
  let browser: Browser;
  let api: TestApi;
  beforeAll(async () => {
    browser = await startBrowser();
    api = await startTestApi({
      settings: { keysRequired: true, uiFolder: resolve('build', 'ui') },
      keys: [keyOf(ROOT, 'admin')],
    });
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  }, 60_000);

  async function make(name: string, role: string): Promise<MadeKey> {
    const answer = await fetch(`${api.url}/api/keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ROOT}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, role }),
    });
    return (await answer.json()) as MadeKey;
  }
  const enter = async (page: Page, key: string) => {
    await page.getByLabel('Key', { exact: true }).fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  /** A window in which somebody has signed in, on the page that was opened. */
  async function signedIn(key: string, path: string, theme?: Theme): Promise<Visit> {
    const visitor = await visit(browser, theme, api.url);
    await visitor.open(path);
    await enter(visitor.page, key);
    await visitor.page.getByLabel('Key', { exact: true }).waitFor({ state: 'detached' });
    return visitor;
  }

  test('a wrong key is refused in words, and a good one leads to the page that was opened', async () => {
    const { token } = await make('Ann', 'user');
    const { page, open, problems, context } = await visit(browser, 'phone', api.url);
    await open('/settings');
    await page.getByRole('heading', { name: 'Sign in to Tempera' }).waitFor();
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document);
      return violations.map(({ id }) => id);
    });
    expect(found).toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(LOOKS.phone.viewport.width);
    await page.screenshot({ path: join('build', 'screenshots', 'sign-in-phone.png') });
    await enter(page, 'a-key-of-nobody');
    await page.getByRole('alert').getByText('This key is not known here').waitFor();
    await enter(page, token);
    await page.getByText('As Ann, with the role user.').waitFor();
    expect(new URL(page.url()).pathname).toBe('/settings');
    problems.length = 0; // until here the platform has asked who one is
    const seen = await page.evaluate(() => [document.cookie, JSON.stringify(localStorage)].join());
    expect(seen).not.toMatch(new RegExp(`${token}|tempera_sign_in`));
    await open('/');
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    expect(await page.getByRole('region', { name: 'Keys' }).count()).toBe(0);
    await open('/settings');
    expect(problems).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Tempera' }).waitFor();
    expect(await context.cookies()).toEqual([]);
  }, 120_000);

  test('what a role may not do is not offered, or disabled with the reason', async () => {
    const { token } = await make('Rita', 'readonly');
    const { page, open } = await signedIn(token, '/');
    await open('/new');
    await page.getByText('The role readonly may not do this (session:write).').waitFor();
    await open('/classify/connections');
    const add = page.getByRole('button', { name: 'Add a connection' }).first();
    await add.waitFor();
    expect(await add.isDisabled()).toBe(true);
  }, 120_000);

  test('an admin makes a key, sees its token once, and revokes it', async () => {
    const { page } = await signedIn(ROOT, '/settings');
    const list = page.getByRole('region', { name: 'Keys' });
    await list.getByRole('button', { name: 'Make a key' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Paul');
    await page.getByRole('button', { name: 'Make it' }).click();
    const token = (await page.getByRole('dialog').locator('code').textContent()) ?? '';
    expect(token).toMatch(/^tempera_[\w-]{43}$/);
    await page.getByRole('button', { name: 'Done' }).click();
    await list.getByRole('button', { name: 'Revoke Paul' }).click();
    await page.getByRole('button', { name: 'Revoke it' }).click();
    await list.getByRole('listitem', { name: 'Paul' }).getByText('revoked').waitFor();
    expect(await page.content()).not.toContain(token);
  }, 120_000);
});
