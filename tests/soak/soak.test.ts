import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { soakOptions } from './options.ts';
import { type PlannedKill, plannedKills, VICTIMS } from './plan.ts';
import { keepRun, newRun, readSummary, type SoakRun, totalsOf } from './summary.ts';

const first = (seed: number, count: number): PlannedKill[] => {
  const kills = plannedKills(seed);
  return Array.from({ length: count }, () => kills.next().value);
};

test('the same seed plans the same kills, another one others; a longer plan begins as a shorter one', () => {
  expect(first(3, 60)).toEqual(first(3, 90).slice(0, 60));
  expect(first(3, 60)).not.toEqual(first(4, 60));
  expect(first(3, 60).map(({ number }) => number)).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
});

test('every process dies in every round, and half of the time the pause is shorter than 2.5 s', () => {
  const round = first(7, 18).map(({ victim }) => victim);
  expect(new Set(round)).toEqual(new Set(VICTIMS));
  const pauses = first(7, 400).map(({ pause }) => pause);
  expect(Math.max(...pauses)).toBeLessThan(5_000);
  expect(pauses.filter((pause) => pause < 2_500).length).toBeGreaterThan(150);
});

describe('the summary', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tempera-soak-summary-'));
  const file = join(folder, 'deep', 'summary.json');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const run = (seed: number, patch: Partial<SoakRun>): SoakRun => ({ ...newRun(seed), ...patch });

  test('adds up over seeds; a run that goes on takes the place of its former self', () => {
    const fault = { session: null, kill: 3, what: 'an event came twice' };
    keepRun(file, run(2, { kills: { api: 3 }, sound: 1, faults: [fault] }));
    keepRun(file, run(1, { kills: { worker: 2, supervisor: 1 }, sound: 4, finished: true }));
    keepRun(file, run(2, { kills: { api: 3, zygote: 4 }, sound: 2, faults: [fault] }));
    const summary = readSummary(file);
    expect(summary.runs.map(({ seed }) => seed)).toEqual([1, 2]);
    const totals = { runs: 2, kills: 10, sound: 6, faults: 1 };
    expect(totalsOf(summary)).toEqual(totals);
    expect(JSON.parse(readFileSync(file, 'utf8')).totals).toEqual(totals);
  });
});

test.each([
  [[], { seed: 1, kills: 100 }],
  [['--seed', '7', '--kills=500'], { seed: 7, kills: 500 }],
])('%j', (words, options) => {
  expect(soakOptions(words)).toEqual(options);
});

test.each([
  ['--kills', 'many'],
  ['--seed', '-1'],
  ['--pause', '3'],
])('%s %s is refused', (...words) => {
  expect(() => soakOptions(words)).toThrow(/--(kills|seed|pause)/);
});
