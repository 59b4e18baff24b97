/** What a person writes while the platform does not answer, or in one tab while another acts, is not lost. */

import type { Browser, Page } from 'playwright-core';
import type { StoredEvent } from '../../core/events.ts';
import { startBrowser, visit } from './browser.ts';
import { isHeld, killApi, release, scripted, thePlace } from './place.ts';

const WORDS = 'Mind the missing values.';
const field = (page: Page) => page.getByLabel('Message to the agent');

describe('what was written', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, 60_000);
  afterAll(() => browser?.close(), 60_000);

  test('offline survives a reload and is sent once when the platform is back; one story is told ' +
    'of the outage', async () => {
    const { rest } = thePlace();
    const session = await scripted('waits', { key: 'offline' });
    await isHeld('offline');
    const { page, open, context } = await visit(browser);
    await open(`/sessions/${session}`);
    await field(page).waitFor();
    // the page can be loaded, and its commands reach nothing: as with a server behind a proxy that is down
    await context.route('**/api/sessions/*/messages', (route) => route.abort('connectionrefused'));
    await field(page).fill(WORDS);
    await page.keyboard.press('Enter');
    await page.getByText(WORDS).waitFor();
    await page.reload();
    await page.getByText(WORDS).waitFor();
    await context.unroute('**/api/sessions/*/messages');
    await rest.waitForEvent(session, ({ type }) => type === 'user_message', 30);
    await page.locator('.said.faint').waitFor({ state: 'detached' });
    const isBack = killApi();
    await page.getByText('The platform does not answer.').waitFor();
    expect(await page.getByText(/^Reconnecting\./).count()).toBe(0);
    expect(await page.getByRole('alert').count()).toBe(0);
    await field(page).fill('And the outliers.');
    await page.keyboard.press('Enter');
    await page.getByText(/^Kept in this browser/).waitFor();
    await isBack();
    await page.getByText('The platform does not answer.').waitFor({ state: 'detached' });
    release('offline');
    await rest.waitFor(session, ['eda_done'], 60);
    await page.locator('li[data-stage="eda"].done').waitFor();
    const { items } = await rest.get<{ items: StoredEvent[] }>(`/api/sessions/${session}/events`);
    const texts = items.filter(({ type }) => type === 'user_message').map(({ data }) => data.text);
    expect(texts).toEqual([WORDS, 'And the outliers.']);
  }, 180_000);

  test('as half an answer stays when another tab answers, and through a reload', async () => {
    const session = await scripted('asks');
    const { page, open, context } = await visit(browser);
    await open(`/sessions/${session}`);
    await page.getByLabel('Your answer').fill('It should be grams, but');
    await page.reload();
    expect(await page.getByLabel('Your answer').inputValue()).toBe('It should be grams, but');
    const other = await context.newPage();
    await other.goto(`/sessions/${session}`);
    await other.getByRole('button', { name: 'Kilograms', exact: true }).click();
    await page.getByText('You were writing:').waitFor();
    await page.getByText('It should be grams, but').waitFor();
    await page.getByRole('button', { name: 'Send as a message' }).click();
    await page.getByText('You were writing:').waitFor({ state: 'detached' });
    await page.locator('.said', { hasText: 'It should be grams, but' }).waitFor();
  }, 120_000);
});
