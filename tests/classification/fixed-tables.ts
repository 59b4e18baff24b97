/** Column sources of fixed tables, as tests need them: many, failing, or away for a while. */

import { TemperaError } from '../../core/errors.ts';
import type { ColumnSources, SampledColumn, SampledTable } from '../../core/ports/column-sources.ts';

export interface FixedTable {
  database?: string;
  table: string;
  /** Values by the column's name. */
  columns: Record<string, string[]>;
  /** Codes that the source itself gives, by the column's name. */
  labels?: Record<string, string>;
  /** What columns refer to, by the column's name. */
  references?: Record<string, { table: string; column: string }>;
}

export const CUSTOMERS: FixedTable = {
  table: 'customers',
  columns: {
    customer_id: ['1001', '1002', '1003', '1004'],
    email_address: ['ada@example.com', 'bob@example.org', 'cy@example.net', 'di@example.com'],
    first_name: ['Ada', 'Robert', 'Cyrus', 'Diana'],
    country: ['Germany', 'France', 'Spain', 'Italy'],
    // nothing of it says what it is
    xq7: ['vlim', 'krut', 'posz', 'gnar'],
  },
};

export const ORDERS: FixedTable = {
  table: 'orders',
  columns: {
    order_id: ['9001', '9002', '9003'],
    ordered_at: ['2024-01-05T10:00:00Z', '2024-01-06T11:30:00Z', '2024-02-01T09:15:00Z'],
    total_amount: ['19.90', '250.00', '7.25'],
    currency: ['EUR', 'USD', 'GBP'],
  },
};

/** @param before is called before each table is sampled: it may throw, or wait */
export function fixedSources(
  tables: readonly FixedTable[],
  before: (table: string) => Promise<void> = async () => undefined,
): ColumnSources {
  const all = tables
    .map(({ database = 'main', ...table }) => ({ database, ...table }))
    .sort((one, other) => (one.table < other.table ? -1 : 1));
  return {
    async tables(_source, { after, limit }) {
      const from = after === null ? 0 : all.findIndex(({ table }) => table === after.table) + 1;
      return all
        .slice(from, from + limit)
        .map(({ database, table }) => ({ database, table, reference: { table } }));
    },
    async sample(_source, { table }) {
      await before(table);
      const found = all.find((each) => each.table === table);
      if (found === undefined) throw new TemperaError('NOT_FOUND', `There is no table [${table}] any more.`);
      return sampled(found);
    },
    probe: async () => ({ ok: true, message: `${all.length} tables`, tables: all.length }),
  };
}

const sampled = ({ columns, labels = {}, references = {} }: FixedTable): SampledTable => ({
  columns: Object.entries(columns).map(
    ([name, values], position): SampledColumn => ({
      ...{ name, position, type: 'text', reference_code: labels[name] ?? null },
      references: references[name],
      ...{
        total_count: values.length,
        null_count: 0,
        distinct_count: new Set(values).size,
        reservoir: values,
      },
    }),
  ),
  left_out: [],
});
