/** What comes from agents and files is shown, never run: nothing is executed, and nothing leaves the origin. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { startBrowser, type Visit, visit } from './browser.ts';
import { HOSTILE_NAME, hostileText, MARK } from './hostile-content.ts';
import { scripted, thePlace } from './place.ts';

describe('hostile content', () => {
  let trap: Server;
  let origin: string;
  let browser: Browser;
  let visitor: Visit;
  let session: string;
  /** What anything has asked the other origin for. */
  const asked: string[] = [];

  beforeAll(async () => {
    trap = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const { port } = trap.address() as AddressInfo;
    origin = `http://127.0.0.1:${port}`;
    session = await scripted('hostile', { key: String(port), name: `<script>${MARK}=1</script>` });
    await thePlace().rest.waitFor(session, ['eda_done'], 60);
    browser = await startBrowser();
    visitor = await visit(browser);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    trap?.close();
  }, 60_000);

  /**
   * Without what the policy tells of while the sanitiser reads a text in a document of its own that nothing runs
   * in.
   */
  const problems = () =>
    visitor.problems.filter((problem) => !problem.includes('The action has been blocked'));
  const nothingRan = async () => {
    expect(await visitor.page.evaluate((mark) => Reflect.get(window, mark), MARK)).toBeUndefined();
    expect(asked).toEqual([]);
  };

  test('in messages, reports, output and names is shown as text', async () => {
    const { page } = visitor;
    await visitor.open(`/sessions/${session}/report`);
    const article = page.getByRole('article');
    await article.getByText('harmless').waitFor();
    await page.getByLabel('Message to the agent').fill(hostileText(origin));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /Write files/ }).click();
    await page.getByRole('log').getByText('</script>').first().waitFor();
    expect(
      await page
        .locator('.prose')
        .locator('script, style, iframe, object, embed, form, svg, base, meta, link')
        .count(),
    ).toBe(0);
    const links = await page
      .locator('.prose a')
      .evaluateAll((found) => found.map((link) => link.getAttribute('href')));
    expect(links.filter((href) => href !== null && !/^(https?:|#|\/api\/)/.test(href))).toEqual([]);
    await article
      .getByText(/picture from elsewhere, not loaded/)
      .first()
      .waitFor();
    await visitor.open('/');
    await page.getByRole('heading', { name: `<script>${MARK}=1</script>` }).waitFor();
    await nothingRan();
    expect(problems()).toEqual([]);
  }, 60_000);

  test('in files is shown in a frame without any right', async () => {
    const { page } = visitor;
    await visitor.open(`/sessions/${session}/files`);
    const files = page.getByRole('list', { name: 'Files of the session' });
    await files.getByRole('button', { name: HOSTILE_NAME }).click();
    await page.locator('.preview').getByText('nothing', { exact: true }).waitFor();
    await files.getByRole('button', { name: /^notes.md/ }).click();
    await page.locator('.preview').getByText('harmless').waitFor();
    await files.getByRole('button', { name: /^drawing.svg/ }).click();
    await page.waitForFunction(
      () => (document.querySelector<HTMLImageElement>('.preview img')?.naturalWidth ?? 0) > 0,
    );
    expect(problems()).toEqual([]);
    await files.getByRole('button', { name: /^page.html/ }).click();
    const frame = page.locator('iframe');
    await frame.contentFrame().getByRole('heading', { name: 'A page' }).waitFor();
    expect(await frame.getAttribute('sandbox')).toBe('');
    await nothingRan();
  }, 60_000);

  test('opened on its own has no right either, and the page allows its own scripts alone', async () => {
    const { url } = thePlace();
    for (const name of ['page.html', 'drawing.svg']) {
      const answer = await fetch(`${url}/api/sessions/${session}/files/eda/${name}`);
      expect(answer.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      await visitor.open(`/api/sessions/${session}/files/eda/${name}`).catch(() => {
        // a file that is sent as a download opens no page
      });
      await nothingRan();
    }
    const policy =
      (await fetch(url, { headers: { accept: 'text/html' } })).headers.get('content-security-policy') ?? '';
    const scripts = policy.split('; ').find((directive) => directive.startsWith('script-src'));
    expect(scripts).toBe("script-src 'self'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("base-uri 'none'");
  }, 60_000);
});
