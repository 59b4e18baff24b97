/** The real tables, their labels and the two passes say the same, and are as many as the page beside them says. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledVocabulary } from '../knowledge.ts';
import { readCsv } from '../vocabulary/csv.ts';

const FOLDER = join('classification', 'real');

/** Rows by the names in the first one. */
function rowsOf(...path: string[]): Record<string, string>[] {
  const [head, ...rows] = readCsv(readFileSync(join(FOLDER, ...path), 'utf8'));
  return rows.map(({ cells }) => Object.fromEntries(cells.map((cell, at) => [head?.cells[at] ?? '', cell])));
}

const tables = readdirSync(join(FOLDER, 'tables')).map((file) => file.replace('.csv', ''));
const labels = rowsOf('labels.csv');
const passes = rowsOf('passes.csv');
const sources = rowsOf('sources.csv');
const keyOf = ({ table, column }: Record<string, string>): string => `${table}.${column}`;

test('real tables: every column is labelled once, with a leaf or none, and no table is longer than sixty rows', () => {
  const columns = tables.flatMap((table) => {
    const [head, ...rows] = readCsv(readFileSync(join(FOLDER, 'tables', `${table}.csv`), 'utf8'));
    expect(rows.length).toBeLessThanOrEqual(60);
    for (const { cells } of rows) expect(cells).toHaveLength(head?.cells.length ?? 0);
    return (head?.cells ?? []).map((column) => keyOf({ table, column }));
  });
  expect(columns.length).toBeGreaterThanOrEqual(300);
  expect(tables.length).toBeGreaterThanOrEqual(30);
  expect(labels.map(keyOf).sort()).toEqual(columns.sort());
  const leaves = new Set(bundledVocabulary('classification').frame.leaves);
  for (const { code = '', part, header: style = '' } of labels) {
    expect(code === '' || leaves.has(code)).toBe(true);
    expect(part).toBe('real');
    expect(['clear', 'abbreviated', 'opaque', 'misleading']).toContain(style);
  }
});

test('every real table has its package, the licence and the file', () => {
  expect(sources.map(({ table }) => table).sort()).toEqual(tables.sort());
  const open = /^(MIT|Apache-2\.0|BSD-[23]-Clause|NCSA)$/;
  for (const { licence = '', file = '' } of sources) {
    expect(licence).toMatch(open);
    expect(file).not.toBe('');
  }
});

test('the two passes agree as the page says, and what differs was settled with a reason', () => {
  const settled = new Map(labels.map((label) => [keyOf(label), label.code]));
  expect(passes.map(keyOf)).toEqual(labels.map(keyOf));
  for (const pass of passes) {
    const { first, second, reason = '' } = pass;
    if (first === second) expect([settled.get(keyOf(pass)), reason]).toEqual([first, '']);
    else expect(reason).not.toBe('');
  }
  const page = readFileSync(join(FOLDER, 'README.md'), 'utf8');
  const { share, kappa } = agreement(passes.map(({ first = '', second = '' }) => [first, second]));
  expect(page).toContain(`agree in ${inDigits(share)}`);
  expect(page).toContain(`kappa ${inDigits(kappa)}`);
});

const inDigits = (share: number): string => share.toFixed(3).replace('0.', '.');

/** Cohen's kappa: agreement beyond what the codes' frequencies alone would give. */
function agreement(pairs: readonly (readonly [string, string])[]): { share: number; kappa: number } {
  const shareOf = (place: 0 | 1, code: string): number =>
    pairs.filter((pair) => pair[place] === code).length / pairs.length;
  const share = pairs.filter(([first, second]) => first === second).length / pairs.length;
  const codes = new Set(pairs.map(([first]) => first));
  const chance = [...codes].reduce((sum, code) => sum + shareOf(0, code) * shareOf(1, code), 0);
  return { share, kappa: (share - chance) / (1 - chance) };
}
