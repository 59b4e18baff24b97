/** Makes the sample tables and their labels by the plan: the same text in every run. */

import { drawsOf } from './draws.ts';
import { type Lists, made } from './makers.ts';
import type { ColumnPlan, Plan, TablePlan } from './plan.ts';

/** Text of each file by its path below `classification/sample`. */
export type SampleFiles = ReadonlyMap<string, string>;

const SEED = 'tempera sample 1';
/** Stray values come from any of a table's columns. */
const NOTHING = '';

export function makeSample({ tables, lists }: Plan): SampleFiles {
  const labels = tables.flatMap(({ table, part, columns }) =>
    columns.map(({ column, code, header }) => [table, column, code, part, header]),
  );
  return new Map([
    ['labels.csv', csv([['table', 'column', 'code', 'part', 'header'], ...labels])],
    ...tables.map((plan): [string, string] => [
      `tables/${plan.table}.csv`,
      csv(rowsOf(plan, lists[plan.part])),
    ]),
  ]);
}

function rowsOf(plan: TablePlan, lists: Lists): string[][] {
  const columns = plan.columns.map((column) => cellsOf(plan, column, lists));
  const rows = Array.from({ length: plan.rows }, (_, row) => columns.map((cells) => cells[row] ?? ''));
  return [plan.columns.map(({ column }) => column), ...rows];
}

function cellsOf(plan: TablePlan, { column, maker }: ColumnPlan, lists: Lists): string[] {
  const draws = drawsOf(`${SEED}/${plan.table}/${column}`);
  return Array.from({ length: plan.rows }, () => {
    const fate = draws.share();
    if (fate < plan.missing) return draws.share() < 0.5 ? NOTHING : plan.missingText;
    const isStray = fate < plan.missing + plan.stray;
    return made(isStray ? draws.oneOf(plan.columns).maker : maker, draws, lists);
  });
}

const csv = (rows: readonly (readonly string[])[]): string =>
  `${rows.map((cells) => cells.map(quoted).join(',')).join('\n')}\n`;

const quoted = (cell: string): string => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
