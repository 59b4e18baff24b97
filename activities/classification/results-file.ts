/**
 * A run's results as a parquet file, one row a column. Rows come page by page and go to a file on disk, so that memory
 * is flat; the same results give the same bytes.
 */

import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { RunColumn } from '../../db/index.ts';
import { type WrittenFile, withTemporaryFile } from './temporary-file.ts';

type Cell = string | number | boolean | null;
type Kind = 'STRING' | 'DOUBLE' | 'BOOLEAN' | 'INT32';

interface Column {
  name: string;
  kind: Kind;
  of: (row: RunColumn) => Cell;
}

const text = (name: string, of: Column['of']): Column => ({ name, kind: 'STRING', of });
const real = (name: string, of: Column['of']): Column => ({ name, kind: 'DOUBLE', of });

const match = ({ reference_code, result }: RunColumn): boolean | null =>
  reference_code === null ? null : result?.predicted_code === reference_code;

/** In the order of the file. */
export const RESULT_COLUMNS: readonly Column[] = [
  text('database', ({ database }) => database),
  text('table_name', ({ table_name }) => table_name),
  text('column_name', ({ column_name }) => column_name),
  text('type', ({ type }) => type),
  text('predicted_code', ({ result }) => result?.predicted_code ?? null),
  text('predicted_label', ({ result }) => result?.predicted_label ?? null),
  text('path', ({ result }) => result?.predicted_path ?? null),
  text('cautious_code', ({ result }) => result?.cautious_code ?? null),
  text('llm_code', ({ llm }) => llm?.code ?? null),
  real('llm_confidence', ({ llm }) => llm?.confidence ?? null),
  real('belief', ({ result }) => result?.belief ?? null),
  real('plausibility', ({ result }) => result?.plausibility ?? null),
  real('gap', ({ result }) => result?.gap ?? null),
  real('probability', ({ result }) => result?.probability ?? null),
  real('conflict', ({ result }) => result?.conflict ?? null),
  { name: 'needs_review', kind: 'BOOLEAN', of: ({ result }) => result?.needs_review ?? null },
  text('sensitivity', ({ result }) => result?.sensitivity ?? null),
  text('contains', ({ result }) => JSON.stringify(result?.contains ?? [])),
  text('evidence', ({ evidence }) => evidence?.sources.flatMap(({ reasons }) => reasons).join(' ') ?? null),
  text('masses', ({ evidence, learned }) =>
    JSON.stringify(
      Object.fromEntries(
        [...(evidence?.sources ?? []), ...(learned ?? [])].map(({ source, masses }) => [source, masses]),
      ),
    ),
  ),
  text('fused', ({ result }) => JSON.stringify(result?.fused ?? {})),
  text('pattern_signals', ({ evidence }) => JSON.stringify(evidence?.signals ?? [])),
  text('reviewed', ({ result }) => result?.reviewed ?? null),
  text('reviewed_code', ({ result }) => result?.reviewed_code ?? null),
  text('reference_code', ({ reference_code }) => reference_code),
  { name: 'match', kind: 'BOOLEAN', of: match },
  { name: 'total_count', kind: 'INT32', of: ({ sample }) => sample.total_count },
  { name: 'null_count', kind: 'INT32', of: ({ sample }) => sample.null_count },
  { name: 'distinct_count', kind: 'INT32', of: ({ sample }) => sample.distinct_count },
  real('x', ({ result }) => result?.x ?? null),
  real('y', ({ result }) => result?.y ?? null),
];

const SCHEMA: ConstructorParameters<typeof ParquetWriter>[0]['schema'] = [
  { name: 'root', num_children: RESULT_COLUMNS.length },
  ...RESULT_COLUMNS.map(({ name, kind }) =>
    kind === 'STRING'
      ? ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const)
      : ({ name, type: kind, repetition_type: 'OPTIONAL' } as const),
  ),
];

/** Writes the file into a folder and hands it to `use`; it is gone when that has ended. */
export const withResultsFile = <T>(
  folder: string,
  pages: AsyncIterable<readonly RunColumn[]>,
  use: (file: WrittenFile) => Promise<T>,
): Promise<T> =>
  withTemporaryFile(
    folder,
    async (path) => {
      const writer = new ParquetWriter({ writer: fileWriter(path), schema: SCHEMA, createdBy: 'tempera' });
      for await (const rows of pages)
        await writer.write({
          columnData: RESULT_COLUMNS.map(({ name, of }) => ({ name, data: rows.map(of) })),
        });
      await writer.finish();
    },
    use,
  );
