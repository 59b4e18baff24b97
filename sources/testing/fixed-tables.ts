/** Column sources of tables that stand in a test: by the id of a source, by table, by column. */

import { TemperaError } from '../../core/errors.ts';
import type { ColumnSources, OpenedSource, SourceTable } from '../../core/ports/column-sources.ts';

export type FixedTables = Record<string, Record<string, Record<string, string[]>>>;

/** @param beforeSample is awaited before a table is sampled */
export function fixedTables(
  sources: FixedTables,
  beforeSample: (source: OpenedSource, table: SourceTable) => Promise<unknown> = async () => undefined,
): ColumnSources {
  const tablesOf = ({ id }: OpenedSource) => sources[id] ?? {};
  return {
    async tables(source, { after, limit }) {
      const names = Object.keys(tablesOf(source)).sort();
      return names
        .filter((name) => after === null || name > after.table)
        .slice(0, limit)
        .map((table) => ({ database: '', table, reference: {} }));
    },
    async sample(source, table, sampleSize) {
      await beforeSample(source, table);
      const columns = tablesOf(source)[table.table];
      if (columns === undefined) throw new TemperaError('NOT_FOUND', `There is no table ${table.table}.`);
      return {
        columns: Object.entries(columns).map(([name, values], position) => ({
          ...{ name, type: '', position, reservoir: values.slice(0, sampleSize), reference_code: null },
          ...{ total_count: values.length, null_count: 0, distinct_count: new Set(values).size },
        })),
        left_out: [],
      };
    },
    async probe(source) {
      const tables = Object.keys(tablesOf(source)).length;
      return { ok: tables > 0, message: `${tables} tables were found.`, tables };
    },
  };
}
