/** A person steers a session where it stands: answers, approves, stops, goes on, forks and cancels. */

import type { Browser } from 'playwright-core';
import { startBrowser, type Visit, visit } from './browser.ts';
import { isHeld, release, scripted } from './place.ts';

describe('steering a session', () => {
  let browser: Browser;
  let visitor: Visit;
  beforeAll(async () => {
    browser = await startBrowser();
    visitor = await visit(browser);
  }, 60_000);
  afterAll(() => browser?.close(), 60_000);
  beforeEach(() => {
    visitor.problems.length = 0;
  });
  const isDone = () => visitor.page.locator('li[data-stage="eda"].done').waitFor({ timeout: 30_000 });

  test('a question is answered and an action approved in the conversation', async () => {
    const { page } = visitor;
    await visitor.open(`/sessions/${await scripted('asks')}`);
    const question = page.getByRole('region', { name: 'The agent asks', exact: true });
    await question.getByText('Is body mass in grams or in kilograms?').waitFor();
    await question.getByRole('button', { name: 'Grams', exact: true }).click();
    await question.getByText('Grams', { exact: true }).waitFor();
    const approval = page.getByRole('region', { name: 'The agent asks for your approval' });
    await approval.getByText('Leave out two rows without any measurement').waitFor();
    await approval.getByLabel('Note to the agent').fill('Only these two');
    await approval.getByRole('button', { name: 'Approve', exact: true }).click();
    await approval.getByText('Approved: Only these two').waitFor();
    await isDone();
    expect(await question.getByRole('button').count()).toBe(0);
    // the events tell only that it was answered: what was said is read where the session keeps it
    await page.reload();
    await question.getByText('Grams', { exact: true }).waitFor();
    await approval.getByText('Approved: Only these two').waitFor();
    expect(visitor.problems).toEqual([]);
  }, 60_000);

  test('it stops after a step, says so, and goes on; a message waits for the agent’s next turn', async () => {
    const { page } = visitor;
    await visitor.open(`/sessions/${await scripted('waits', { key: 'stop' })}`);
    await isHeld('stop'); // stopped sooner, it would stand still at once
    await page.getByRole('button', { name: /^Draw a line/ }).waitFor();
    await page.getByLabel('Message to the agent').fill('Mind the missing values');
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText('Mind the missing values').waitFor();
    await page.getByRole('button', { name: 'Stop after step' }).click();
    await page.getByRole('button', { name: 'Stopping' }).waitFor();
    await page.getByText(/^Stops after /).waitFor();
    release('stop');
    await page.getByText('Stopped after a step, as you asked').waitFor();
    expect(await page.getByRole('button', { name: 'Stopping' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Resume' }).click();
    await isDone();
    expect(await page.getByRole('log').getByText('Mind the missing values').count()).toBe(1);
    expect(visitor.problems).toEqual([]);
  }, 60_000);

  test('it is cancelled while the agent works, and keeps what was made', async () => {
    const { page } = visitor;
    await visitor.open(`/sessions/${await scripted('waits', { key: 'cancel' })}`);
    await page.getByRole('button', { name: /^Draw a line.*files/ }).waitFor();
    await page.getByRole('button', { name: /^Cancel the session/ }).click();
    const asked = page.getByRole('dialog', { name: 'Cancel this session?' });
    await asked.getByRole('button', { name: 'Cancel the session', exact: true }).click();
    await page.getByText(/^The session is cancelled; its agent reads no more/).waitFor();
    release('cancel');
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.getByRole('button', { name: /^report.md/ }).waitFor();
    expect(visitor.problems).toEqual([]);
  }, 60_000);

  test('a fork goes on from a step in a session of its own', async () => {
    const { page } = visitor;
    const origin = await scripted('waits', { key: 'fork' });
    release('fork');
    await visitor.open(`/sessions/${origin}/timeline`);
    await isDone();
    await page
      .getByRole('row', { name: /Draw a line/ })
      .getByRole('button', { name: /^Fork/ })
      .click();
    await page.waitForURL((url) => url.pathname.startsWith('/sessions/') && !url.pathname.includes(origin));
    await page.getByRole('button', { name: /^Draw a line/ }).waitFor();
    expect(await page.getByRole('button', { name: /^Second step/ }).count()).toBe(0);
    await page.getByText('Stands where it was forked').waitFor();
    expect(await page.getByText(/as you asked/).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Stopping' }).count()).toBe(0);
    expect(visitor.problems).toEqual([]);
  }, 60_000);
});
