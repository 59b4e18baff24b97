/** What a model thinks is seen while it thinks, folds when it has, and is there again after a reload. */

import type { Browser } from 'playwright-core';
import { SOON_MS, startBrowser, type Visit, visit } from './browser.ts';
import { release, scripted, thePlace } from './place.ts';
import { THOUGHT } from './scripts.ts';

describe('thinking', () => {
  let browser: Browser;
  let visitor: Visit;
  beforeAll(async () => {
    browser = await startBrowser();
    visitor = await visit(browser);
  }, 60_000);
  afterAll(() => browser?.close(), 60_000);

  test('streams, folds with its time, stays, and is said to be withheld where it is', async () => {
    const { page, problems } = visitor;
    const session = await scripted('thinks', { key: 'thought' });
    await visitor.open(`/sessions/${session}`);
    const log = page.getByRole('log', { name: /^Conversation/ });
    await log.getByText('EDA').first().waitFor();
    release('thought');
    const live = log.getByRole('button', { name: /^Thinking/ });
    await live.waitFor();
    await live.click();
    await log.getByText('Three species').last().waitFor();
    expect(await log.getByText(THOUGHT).count()).toBe(0);
    release('thought-end');
    const folded = log.getByRole('button', { name: /^Thought for / });
    await folded.waitFor({ timeout: SOON_MS });
    expect(await folded.getAttribute('aria-expanded')).toBe('true');
    expect(await log.locator('.thought .text').textContent()).toBe(THOUGHT);
    await log.getByText('I look at the classes.').waitFor();
    await log.getByText('Thinking withheld by the provider').waitFor();

    await page.reload();
    await folded.waitFor();
    expect(await folded.getAttribute('aria-expanded')).toBe('false');
    await folded.click();
    expect(await log.locator('.thought .text').textContent()).toBe(THOUGHT);
    await thePlace().rest.waitFor(session, ['eda_done'], 60);
    expect(problems).toEqual([]);
  }, 120_000);
});
