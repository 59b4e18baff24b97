/** The web UI's files: one page for every address, strict about what it may load, and nothing from beside its folder. */

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestApi, type TestApi } from './testing/api-server.ts';

let api: TestApi;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tempera-ui-'));
  writeFileSync(join(folder, 'secret.txt'), 'beside the UI');
  const uiFolder = join(folder, 'ui');
  mkdirSync(join(uiFolder, 'assets'), { recursive: true });
  writeFileSync(join(uiFolder, 'index.html'), '<!doctype html><title>Tempera</title>');
  writeFileSync(join(uiFolder, 'assets', 'index-abc123.js'), 'export {};');
  api = await startTestApi({ settings: { uiFolder } });
}, 60_000);

afterAll(async () => {
  await api?.close();
});

const page = (path: string, accept = 'text/html') => fetch(`${api.url}${path}`, { headers: { accept } });

test.each(['/', '/sessions/some-id/report', '/compare?sessions=a,b'])('%s is the page', async (path) => {
  const response = await page(path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  expect(await response.text()).toContain('<title>Tempera</title>');
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  expect(response.headers.get('cache-control')).toContain('max-age=0');
});

test('a built file may be kept for ever', async () => {
  const response = await page('/assets/index-abc123.js', '*/*');
  expect(response.headers.get('content-type')).toMatch(/javascript/);
  expect(response.headers.get('cache-control')).toMatch(/max-age=31536000.*immutable/);
  expect(await response.text()).toBe('export {};');
});

test.each([
  '/assets/none.js',
  '/api/none',
  '/api',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%5c..%5csecret.txt',
])('%s is nothing', async (path) => {
  const response = await page(path);
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
  expect(await response.text()).not.toContain('beside the UI');
});

test('an address is no page for those who want none', async () => {
  expect((await page('/sessions/x', 'application/json')).status).toBe(404);
});
