/** A source's tables in pages. */

import { TemperaError } from '../../core/errors.ts';
import type { ColumnSources, OpenedSource, SourceTable } from '../../core/ports/column-sources.ts';

type TableName = Pick<SourceTable, 'database' | 'table'>;

export interface TablesPage {
  tables: TableName[];
  next_cursor: string | null;
}

/** @throws TemperaError INVALID_INPUT for a cursor of another list, and what the source throws */
export async function tablesPage(
  columnSources: ColumnSources,
  source: OpenedSource,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<TablesPage> {
  const found = await columnSources.tables(source, { after: placeOf(cursor), limit: limit + 1 });
  const tables = found.slice(0, limit).map(({ database, table }) => ({ database, table }));
  const last = tables.at(-1);
  return { tables, next_cursor: last === undefined || found.length <= limit ? null : cursorOf(last) };
}

const cursorOf = ({ database, table }: TableName): string =>
  Buffer.from(JSON.stringify([database, table])).toString('base64url');

function placeOf(cursor: string | undefined): TableName | null {
  if (cursor === undefined || cursor === '') return null;
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place) && typeof place[0] === 'string' && typeof place[1] === 'string')
      return { database: place[0], table: place[1] };
  } catch {
    // what is no JSON is no cursor of ours: said below
  }
  throw new TemperaError('INVALID_INPUT', 'The cursor is not one that this list gave out. Leave it out.', {
    details: { field: 'cursor' },
  });
}
