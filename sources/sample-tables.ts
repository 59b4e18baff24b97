/** The bundled tables: CSV files of our own, read where they lie, with our own labels. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCsv } from '../classification/vocabulary/csv.ts';
import { TemperaError } from '../core/errors.ts';
import type { ColumnSources, SampledColumn, SourceTable } from '../core/ports/column-sources.ts';
import { byName, lawfulTable } from './lawful-tables.ts';
import { evenly } from './reservoir.ts';

const DATABASE = 'sample';
const TABLE = /^[a-z0-9_]+$/;

/** `folder` holds `tables/*.csv` and `labels.csv` (table, column, code). */
export function createSampleTables(folder: string): ColumnSources {
  const names = async (): Promise<string[]> =>
    (await readdir(join(folder, 'tables')))
      .filter((name) => name.endsWith('.csv'))
      .map((name) => name.slice(0, -'.csv'.length))
      .sort(byName);
  return {
    async tables(_, { after, limit }) {
      const following = (await names()).filter((name) => after === null || byName(name, after.table) > 0);
      return following
        .slice(0, limit)
        .map((table): SourceTable => ({ database: DATABASE, table, reference: {} }));
    },
    async sample(_, { table }, sampleSize) {
      const rows = await rowsOf(folder, table);
      const labels = await labelsOf(folder, table);
      const [head = [], ...body] = rows;
      const columns = head.map((name, position) => column({ name, position, labels }, body, sampleSize));
      return lawfulTable({ columns, left_out: [] }, sampleSize);
    },
    async probe() {
      const count = (await names()).length;
      return { ok: count > 0, message: `${count} bundled tables.`, tables: count };
    },
  };
}

async function rowsOf(folder: string, table: string): Promise<string[][]> {
  const missing = new TemperaError('NOT_FOUND', `There is no bundled table [${table}].`);
  if (!TABLE.test(table)) throw missing;
  const text = await readFile(join(folder, 'tables', `${table}.csv`), 'utf8').catch(() => {
    throw missing;
  });
  return readCsv(text).map(({ cells }) => cells);
}

async function labelsOf(folder: string, table: string): Promise<Map<string, string>> {
  // tables without labels can be classified all the same
  const text = await readFile(join(folder, 'labels.csv'), 'utf8').catch(() => '');
  const rows = readCsv(text).map(({ cells }) => cells);
  return new Map(rows.flatMap(([of, name, code]) => (of === table && name && code ? [[name, code]] : [])));
}

function column(
  { name, position, labels }: { name: string; position: number; labels: ReadonlyMap<string, string> },
  body: readonly string[][],
  sampleSize: number,
): SampledColumn {
  const values = body.map((cells) => cells[position] ?? '').filter((cell) => cell.trim() !== '');
  return {
    ...{ name, position, type: '' },
    ...{ total_count: body.length, null_count: body.length - values.length },
    ...{ distinct_count: new Set(values).size, reservoir: evenly(values, sampleSize) },
    reference_code: labels.get(name) ?? null,
  };
}
