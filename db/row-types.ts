/** How column types reach JavaScript: for our connections only, so that no other user of `pg` is affected. */

import pg from 'pg';

const { builtins } = pg.types;

const PARSERS = new Map<number, (text: string) => unknown>([
  // Our bigints are counts, sizes and offsets: all below 2^53.
  [builtins.INT8, Number],
  [builtins.NUMERIC, Number],
  [builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString()],
]);

type GetTypeParser = typeof pg.types.getTypeParser;

const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  PARSERS.get(oid) ?? pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text')) as GetTypeParser;

/** bigint and numeric as numbers, timestamptz as ISO strings, everything else as `pg` reads it. */
export const ROW_TYPES: pg.CustomTypesConfig = { getTypeParser };
