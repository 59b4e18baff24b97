import type { Browser } from 'playwright-core';
import { startBrowser, type Visit, visit } from './browser.ts';
import { release, scripted } from './place.ts';

describe('looks', () => {
  let browser: Browser;
  let visitor: Visit;
  beforeAll(async () => {
    browser = await startBrowser();
    visitor = await visit(browser);
  }, 60_000);
  afterAll(() => browser?.close(), 60_000);
  test('shots', async () => {
    const { page } = visitor;
    const shot = (name: string) => page.screenshot({ path: `/tmp/shape4-looks/${name}.png` });
    await visitor.open(`/sessions/${await scripted('waits', { key: 'looks' })}`);
    await page.getByRole('button', { name: /^Draw a line/ }).waitFor();
    await page.getByRole('button', { name: 'Stop after step' }).click();
    await page.getByText(/^Stops after/).waitFor();
    await shot('stopping');
    await page.context().setOffline(true);
    release('looks');
    await page.getByRole('button', { name: /^Cancel the session/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Go on with it' }).click();
    await page.getByLabel('Message to the agent').fill('hello');
    await page.keyboard.press('Enter');
    await page.getByText(/^Not sent/).waitFor();
    await page.getByRole('tab', { name: 'Data' }).click();
    await page.waitForTimeout(1500);
    await shot('offline');
    await page.context().setOffline(false);
    await page.getByText('What you see is from before').first().waitFor({ state: 'detached', timeout: 6000 });
    await page.waitForTimeout(1500);
    await page.getByRole('combobox', { name: 'Table' }).waitFor({ timeout: 10000 });
    await page.waitForTimeout(1500);
    await shot('online');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText(/This is sent again by itself/).first().waitFor();
    await page.context().setOffline(false);
    await page.locator('li[data-stage="eda"].done').waitFor({ timeout: 30000 });
    await shot('resumed');
    await page.goto(`${new URL(page.url()).origin}/sessions/nope`);
    await page.getByText('There is no such session').waitFor();
    await shot('missing');
  }, 120_000);
});
