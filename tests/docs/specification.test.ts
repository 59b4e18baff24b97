/**
 * Every promise of SPECIFICATION.md names tests that exist and speak of it, and every fault's test is named there. That
 * a test speaks of its promise is measured against all other tests: a test of something else does not come first.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpokenOf } from './promise-words.ts';

/** A named test is among so many of all those that speak of its promise most; chance would bring in one of thirty. */
const FIRST = 10;
const FOLDERS: { source: string[]; withTests: string[] } = JSON.parse(
  readFileSync('platform/setup/folders.json', 'utf8'),
);

const text = readFileSync('SPECIFICATION.md', 'utf8');
const promises = text
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (promise|---)/.test(line))
  .map((line) => {
    const [, promise = '', tests = ''] = line.split('|').map((cell) => cell.trim());
    return { promise, tests: [...tests.matchAll(/`([^`]+\.(?:ts|py))`/g)].map((match) => match[1] ?? '') };
  });

const isTest = (path: string): boolean => /\.test\.ts$|(^|\/)test_\w+\.py$/.test(path);
const allTests = [...FOLDERS.source, ...FOLDERS.withTests, 'sandbox', 'proto'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => isTest(path) && !path.includes('node_modules'))
    .map((path) => join(folder, path)),
);
const spokenOf = new SpokenOf([
  ...allTests,
  ...promises.flatMap(({ tests }) => tests).filter((path) => !isTest(path)),
]);

test.each(promises.map(({ promise, tests }) => [promise, tests] as const))('%s', (promise, tests) => {
  expect(tests.length).toBeGreaterThan(0);
  expect(tests.filter((path) => !existsSync(path))).toEqual([]);
  // what keeps a promise has its words in the names of its tests or in its first comment
  const silent = tests
    .map((path) => ({
      path,
      place: spokenOf.place(promise, path),
      missing: spokenOf.missing(promise, path).slice(0, 8),
    }))
    .filter(({ place }) => place > FIRST);
  expect(silent).toEqual([]);
});

test('the tests of another promise do not pass for those that keep one', () => {
  // each promise with the tests of one that stands far from it
  const exchanged = promises.map(({ promise }, at) => ({
    promise,
    tests: promises[(at + Math.floor(promises.length / 2)) % promises.length]?.tests ?? [],
  }));
  const passed = exchanged.filter(({ promise, tests }) =>
    tests.every((path) => spokenOf.place(promise, path) <= FIRST),
  );
  expect(passed.length / exchanged.length).toBeLessThan(0.1);
});

test('every test of a fault stands there', () => {
  const faults = readdirSync('tests/faults').filter((name) => name.endsWith('.test.ts'));
  expect(faults.filter((name) => !text.includes(`tests/faults/${name}`))).toEqual([]);
});
