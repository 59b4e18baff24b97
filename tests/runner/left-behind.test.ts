/** What `npm test` says of a file of tests that leaves files in the temporary folder, or a handle open. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporaryFolder } from '../../platform/testing/temporary-folder.ts';

/** Runs one file of tests as `npm test` does, in a project of its own. */
function runFile(text: string) {
  const root = temporaryFolder('runner');
  const own = join(root, 'tempera-tests-own');
  mkdirSync(own);
  writeFileSync(join(root, 'one.test.js'), text);
  const reporters = ['default', resolve('tests/runner/left-behind.mjs')];
  const config = JSON.stringify({
    rootDir: root,
    transform: {},
    reporters,
    haste: { enableSymlinks: false },
  });
  const parts = [resolve('tests/runner/run.mjs'), '--config', config, '--maxWorkers=1'];
  return spawnSync(process.execPath, parts, { env: { ...process.env, TMPDIR: own }, encoding: 'utf8' });
}

test('a file that leaves nothing passes', () => {
  const { status, stderr } = runFile(`test('a', () => expect(1).toBe(1));`);
  expect(stderr).not.toMatch(/temporary folder|still open/);
  expect(status).toBe(0);
}, 60_000);

test('files that are left are laid to the file of tests that made them, and what was taken away to none', () => {
  const { status, stderr } = runFile(`
    const { mkdtempSync, rmSync } = require('node:fs');
    const { tmpdir } = require('node:os');
    test('a', () => {
      mkdtempSync(tmpdir() + '/kept-');
      rmSync(mkdtempSync(tmpdir() + '/gone-'), { recursive: true });
    });`);
  expect(stderr).toMatch(/In the temporary folder: one\.test\.js left kept-\w+\n/);
  expect(stderr).not.toContain('gone-');
  expect(status).toBe(1);
}, 60_000);

test('a server that still listens is named with the file that opened it, and ends the run as a failure', () => {
  const { status, stderr } = runFile(`
    const { createServer } = require('node:net');
    test('a', (done) => void createServer().listen(0, '127.0.0.1', done));`);
  expect(stderr).toMatch(/still open:\n {2}Server .*"address":"127\.0\.0\.1".*, opened by one\.test\.js/);
  expect(status).toBe(1);
}, 60_000);
