/** Results as a CSV file: all columns that a filter leaves, fetched page by page. */

import { type ListedColumn, type ResultsFilter, results } from '../../lib/api/classification.ts';
import { toCsv } from '../../lib/format/csv.ts';

const FIELDS = [
  ...['database', 'table_name', 'column_name', 'type', 'predicted_code', 'predicted_label', 'predicted_path'],
  ...[
    'cautious_code',
    'probability',
    'belief',
    'plausibility',
    'gap',
    'conflict',
    'needs_review',
    'sensitivity',
  ],
  ...['contains', 'reviewed', 'reviewed_code', 'reference_code'],
] as const satisfies readonly (keyof ListedColumn)[];
const PAGE = 1_000;

interface Asked {
  run: string;
  filter: ResultsFilter;
  signal: AbortSignal;
  /** Called with the number of rows that are there. */
  onprogress: (rows: number) => void;
}

export async function resultsCsv({ run, filter, signal, onprogress }: Asked): Promise<string> {
  const parts = [
    toCsv(
      FIELDS.map((name) => ({ name })),
      [],
    ),
  ];
  let [cursor, rows]: [string | null, number] = [null, 0];
  do {
    const page = await results.page(run, { ...filter, limit: PAGE, cursor }, { signal });
    parts.push(csvRows(page.items));
    cursor = page.next_cursor;
    rows += page.items.length;
    onprogress(rows);
  } while (cursor !== null);
  return parts.join('');
}

export const csvRows = (columns: readonly ListedColumn[]): string =>
  toCsv(
    null,
    columns.map((column) => FIELDS.map((name) => cellOf(column[name]))),
  );

const cellOf = (value: ListedColumn[(typeof FIELDS)[number]]): string | number | boolean | null =>
  Array.isArray(value) ? value.join(' ') : (value as string | number | boolean | null);
