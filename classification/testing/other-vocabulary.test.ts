/** Columns under their headers, given terms of a vocabulary that is worded and coded otherwise than the bundled one. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCsvRecords } from '../vocabulary/csv.ts';
import { bundled } from './bundled.ts';

const FOLDER = join('classification', 'testing');
const SAMPLE = join('classification', 'sample');
const text = (...path: string[]): string => readFileSync(join(...path), 'utf8');

/** Of the bundled codes what the other vocabulary has for them. */
const others = new Map(
  readCsvRecords(text(FOLDER, 'other-terms.csv')).map(({ bundled: code = '', other = '' }) => [code, other]),
);

/** Of each development table its columns, with the other vocabulary's codes. */
function tablesWithCodes(): { name: string; values: string[]; table: string; code: string }[][] {
  const tables = new Map<string, { name: string; values: string[]; table: string; code: string }[]>();
  for (const { table = '', column = '', code = '', part } of readCsvRecords(text(SAMPLE, 'labels.csv'))) {
    if (part !== 'development') continue;
    const rows = readCsvRecords(text(SAMPLE, 'tables', `${table}.csv`));
    const values = rows.map((row) => row[column] ?? '').filter((value) => value !== '');
    tables.set(table, [
      ...(tables.get(table) ?? []),
      { name: column, values: values.slice(0, 50), table, code: others.get(code) ?? '' },
    ]);
  }
  return [...tables.values()];
}

test('of a vocabulary in other words four of five columns under their headers are given the right term', () => {
  const { classifyTable, vocabulary } = bundled().over(text(FOLDER, 'other-vocabulary.csv'));
  for (const code of others.values()) expect(vocabulary.frame.leaves).toContain(code);
  const judged = tablesWithCodes().flatMap((columns) =>
    classifyTable(columns).flatMap(({ decision }, at) => {
      const code = columns[at]?.code ?? '';
      return code === '' ? [] : [decision.predicted === code];
    }),
  );
  expect(judged.length).toBeGreaterThan(200);
  expect(judged.filter(Boolean).length / judged.length).toBeGreaterThanOrEqual(0.8);
});

test('the other vocabulary shares no code and hardly a label with the bundled one', () => {
  const own = bundled().vocabulary;
  const { terms } = bundled().over(text(FOLDER, 'other-vocabulary.csv')).vocabulary;
  expect([...terms.keys()].filter((code) => own.terms.has(code))).toEqual([]);
  const labels = new Set([...own.terms.values()].map(({ label }) => label.toLowerCase()));
  const shared = [...terms.values()].filter(({ label }) => labels.has(label.toLowerCase()));
  expect(shared.length / terms.size).toBeLessThan(0.1);
});
