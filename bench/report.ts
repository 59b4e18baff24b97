/**
 * What every benchmark prints: the machine's state, its figures as a table, its bars, what it does not measure, and
 * last one line of JSON. Raw samples are kept under build/bench/NAME/.
 *
 * A bar that does not hold makes the exit code 1. With a planted slowdown it is the other way round: the bars that
 * the plant is meant to break must all fail, else the benchmark would not notice a real one either. With --smoke it is
 * enough that every bar has a value.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

export interface Bar {
  name: string;
  value: number;
  /** The limit; `value` must be at most it, or at least it with `least`. */
  bar: number;
  unit: string;
  least?: boolean;
}

export interface Report {
  /** The benchmark's folder below bench/. */
  bench: string;
  figures: Record<string, number>;
  bars: Bar[];
  /** Everything that was measured, kept as JSON. */
  samples: unknown;
  /** One sentence each. */
  notMeasured: string[];
  /** The planted slowdown, if one was asked for, and the bars that it must break. */
  plant: { what: string; breaks: string[] } | null;
  /** Whether values are all that is asked for, and the bars that have none so. */
  smoke: { without: string[] } | null;
}

/** Calibrated at the start and the end, so that a reader can tell a slow machine from slow code. */
export interface MachineState {
  loadAverage: string;
  processors: number;
  /** Milliseconds that a fixed loop of arithmetic takes, best of five. */
  loopMs: number;
}

const LOOP_ROUNDS = 20_000_000;

export function machineState(): MachineState {
  const times = Array.from({ length: 5 }, () => loopMs());
  return {
    loadAverage: readFileSync('/proc/loadavg', 'utf8').trim(),
    processors: cpus().length,
    loopMs: round(Math.min(...times)),
  };
}

function loopMs(): number {
  const started = performance.now();
  let state = 1;
  for (let index = 0; index < LOOP_ROUNDS; index += 1)
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  // the result is used, so that the loop is not optimised away
  return performance.now() - started + (state === 0 ? 1e-9 : 0);
}

/** Prints the report and keeps its samples. @returns the exit code */
export function finishReport(report: Report, before: MachineState, folder: string): number {
  const after = machineState();
  const rows = Object.entries(report.figures).map(([name, value]) => [name, String(round(value))]);
  print('');
  printTable([['figure', 'value'], ...rows]);
  print('');
  printTable([['bar', 'value', 'limit', 'holds'], ...report.bars.map(barRow)]);
  print('');
  for (const [when, state] of [
    ['before', before],
    ['after', after],
  ] as const) {
    print(
      `${when}: ${state.processors} processors, load ${state.loadAverage}, fixed loop ${state.loopMs} ms`,
    );
  }
  for (const sentence of report.notMeasured) print(`Not measured: ${sentence}`);
  const file = keepSamples(report, { before, after }, folder);
  print(`Samples: ${file}`);
  const faults = faultsOf(report);
  for (const fault of faults) print(fault);
  const bars = report.bars.map((bar) => ({
    name: bar.name,
    value: round(bar.value),
    bar: bar.bar,
    holds: holds(bar),
  }));
  print(JSON.stringify({ bench: report.bench, figures: roundAll(report.figures), bars }));
  return faults.length === 0 ? 0 : 1;
}

/** Why the exit code is 1, in sentences; none where it is 0. */
export function faultsOf({ bars, smoke, plant }: Pick<Report, 'bars' | 'smoke' | 'plant'>): string[] {
  if (bars.length === 0) return ['There is no bar.'];
  if (smoke) {
    return bars
      .filter(({ name, value }) => !Number.isFinite(value) && !smoke.without.includes(name))
      .map(({ name }) => `'${name}' has no value.`);
  }
  if (plant) {
    return plant.breaks
      .filter((name) => bars.every((bar) => bar.name !== name || holds(bar)))
      .map((name) => `The planted slowdown (${plant.what}) did not break '${name}'.`);
  }
  return bars.filter((bar) => !holds(bar)).map(({ name }) => `'${name}' does not hold.`);
}

/** NaN, the value of a figure without samples, holds nothing. */
const holds = ({ value, bar, least }: Bar): boolean => (least ? value >= bar : value <= bar);

function barRow(bar: Bar): string[] {
  const { name, value, unit, least } = bar;
  return [
    name,
    `${round(value)} ${unit}`,
    `${least ? '>=' : '<='} ${bar.bar} ${unit}`,
    holds(bar) ? 'yes' : 'NO',
  ];
}

function keepSamples(report: Report, machine: Record<string, MachineState>, folder: string): string {
  const place = join(folder, report.bench);
  mkdirSync(place, { recursive: true });
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const file = join(place, `${stamp}${report.plant ? '-planted' : ''}.json`);
  writeFileSync(file, JSON.stringify({ machine, ...report }));
  return file;
}

/** The value below which `share` of the samples lie; NaN without samples. */
export function quantile(samples: readonly number[], share: number): number {
  if (samples.length === 0) return Number.NaN;
  const sorted = Float64Array.from(samples).sort();
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

export function printTable(rows: string[][]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  for (const row of rows)
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function round(value: number): number {
  return Number(value.toPrecision(4));
}

function roundAll(figures: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, round(value)]));
}
