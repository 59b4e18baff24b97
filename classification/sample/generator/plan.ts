/** The plan of the sample tables: which there are, of which columns, and the lists that their values come from. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCsvRecords } from '../../vocabulary/csv.ts';
import type { Lists } from './makers.ts';

export const PARTS = ['development', 'held'] as const;
export type Part = (typeof PARTS)[number];
export const HEADER_STYLES = ['clear', 'abbreviated', 'opaque', 'misleading'] as const;
export type HeaderStyle = (typeof HEADER_STYLES)[number];

export interface ColumnPlan {
  column: string;
  code: string;
  header: HeaderStyle;
  maker: string;
}

export interface TablePlan {
  table: string;
  part: Part;
  rows: number;
  /** Share of the cells that hold nothing, or `missingText` by turns. */
  missing: number;
  missingText: string;
  /** Share of the cells that hold what does not belong there. */
  stray: number;
  columns: ColumnPlan[];
}

export interface Plan {
  tables: TablePlan[];
  lists: Readonly<Record<Part, Lists>>;
}

/** @param folder `classification/sample` */
export function readPlan(folder: string): Plan {
  const records = (name: string): Record<string, string>[] =>
    readCsvRecords(readFileSync(join(folder, 'plans', name), 'utf8'));
  const columns = PARTS.flatMap((part) => records(`${part}.csv`));
  const tables = records('tables.csv').map((row): TablePlan => {
    const part = oneOf(PARTS, row.part);
    return {
      ...{ table: row.table ?? '', part, rows: Number(row.rows) },
      ...{ missing: Number(row.missing), missingText: row.missing_texts ?? '', stray: Number(row.stray) },
      columns: columns.filter(({ table }) => table === row.table).map(columnPlan),
    };
  });
  return {
    tables,
    lists: { development: readLists(folder, 'development'), held: readLists(folder, 'held') },
  };
}

const columnPlan = ({ column = '', code = '', header, maker = '' }: Record<string, string>): ColumnPlan => ({
  ...{ column, code, maker },
  header: oneOf(HEADER_STYLES, header),
});

function oneOf<T extends string>(allowed: readonly T[], given: string | undefined): T {
  const found = allowed.find((each) => each === given);
  if (found === undefined) throw new Error(`${JSON.stringify(given)} is none of ${allowed.join(', ')}.`);
  return found;
}

function readLists(folder: string, part: Part): Lists {
  const place = join(folder, 'lists', part);
  return new Map(
    readdirSync(place).map((file) => [
      file.slice(0, -'.txt'.length),
      readFileSync(join(place, file), 'utf8').trim().split(/[|\n]/),
    ]),
  );
}
