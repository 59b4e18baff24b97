/** Every promise of SPECIFICATION.md names tests that exist, and every fault's test is named there. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';

const text = readFileSync('SPECIFICATION.md', 'utf8');
const promises = text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (promise|---)/.test(line));

test.each(promises.map((line) => [line.split('|')[1]?.trim() ?? '', line]))('%s', (_, line) => {
  const named = [...line.matchAll(/`([^`]+\.(?:test\.ts|py))`/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test('every test of a fault stands there', () => {
  const faults = readdirSync('tests/faults').filter((name) => name.endsWith('.test.ts'));
  expect(faults.filter((name) => !text.includes(`tests/faults/${name}`))).toEqual([]);
});
