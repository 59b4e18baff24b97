import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './make-folder.mjs';
import { findViolations, RULES } from './rules.mjs';

const folder = mkdtempSync(join(tmpdir(), 'tempera-folders-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what is missing is made, what is there stays', () => {
  makeFolder(join(folder, 'a', 'b', 'c'), 0o700);
  writeFileSync(join(folder, 'a', 'b', 'kept'), '');
  makeFolder(join(folder, 'a', 'b'));
  expect(statSync(join(folder, 'a', 'b', 'c')).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'a', 'b', 'kept')).isFile()).toBe(true);
});

/** Each of these made Node's own way ask without an end, or says what is in the way. */
test.each([
  '/proc/x',
  '/proc/x/y',
  '/sys/x',
  '/dev/null/x',
  'file',
  'file/below',
  'nowhere',
  'loop',
  'loop/x',
])('%s ends with the reason', (place) => {
  writeFileSync(join(folder, 'file'), '');
  for (const [name, target] of [
    ['nowhere', join(folder, 'gone')],
    ['loop', join(folder, 'loop')],
  ] as const) {
    rmSync(join(folder, name), { force: true });
    symlinkSync(target, join(folder, name));
  }
  expect(() => makeFolder(place.startsWith('/') ? place : join(folder, place))).toThrow(/^E[A-Z]+: /);
});

test('nothing makes folders by the way that need not end', () => {
  const root = mkdtempSync(join(folder, 'rules-'));
  mkdirSync(join(root, 'cli'));
  writeFileSync(join(root, 'cli', 'wrong.ts'), `await mkdir(dirname(to), { recursive: true });\n`);
  expect(findViolations(root, RULES)).toEqual([expect.stringMatching(/wrong\.ts:1 .*makeFolder/)]);
  expect(findViolations(process.cwd(), RULES).filter((line) => line.includes('makeFolder'))).toEqual([]);
});
