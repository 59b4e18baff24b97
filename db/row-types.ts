/** How column types reach JavaScript: for our connections only, so that no other user of `pg` is affected. */

import pg from 'pg';

const { builtins } = pg.types;

const PARSERS = new Map<number, (text: string) => unknown>([
  // Our bigints are counts, sizes and offsets: all below 2^53.
  [builtins.INT8, Number],
  [builtins.NUMERIC, Number],
  [builtins.TIMESTAMPTZ, isoTime],
]);

/** `2026-11-29 22:33:12.123456+00` as `2026-11-29T22:33:12.123Z`. */
function isoTime(text: string): string {
  // what a server at UTC sends needs no calendar, which would take the year 99 for 1999
  if (text[4] !== '-' || !text.endsWith('+00')) return new Date(text).toISOString();
  const fraction = text.slice(20, -3).slice(0, 3).padEnd(3, '0');
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}

type GetTypeParser = typeof pg.types.getTypeParser;

const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  PARSERS.get(oid) ?? pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text')) as GetTypeParser;

/** bigint and numeric as numbers, timestamptz as ISO strings, everything else as `pg` reads it. */
export const ROW_TYPES: pg.CustomTypesConfig = { getTypeParser };
