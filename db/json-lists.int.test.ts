/** Lists that Postgres writes say what their rows say, whatever is in them. */

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Database } from './database.ts';
import { type JsonListing, readJsonList, readJsonPage } from './json-lists.ts';
import { toJson, toPage } from './sql.ts';
import { useTestDatabase } from './testing/postgres.ts';

let db: Database;
useTestDatabase((opened) => {
  db = opened;
});

const sql = `select $1::jsonb as j, $2::text as t, $3::float8 as f, $4::bigint as n, $5::timestamptz as "at",
  $6::boolean as b, $7::text[] as list, $8::json as written, '01a22912-0263-702e-8c3b-39d6e3b59296'::uuid as id`;
const columns: JsonListing['columns'] = {
  ...{
    j: 'value',
    t: 'value',
    f: 'value',
    n: 'value',
    at: 'time',
    b: 'value',
    list: 'value',
    written: 'value',
  },
  id: 'value',
};

const storable = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''));
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const microseconds = fc.nat({ max: 999_999 }).map((part) => String(part).padStart(6, '0'));
const time = fc
  .tuple(
    fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true }),
    microseconds,
  )
  .map(([date, part]) => date.toISOString().replace(/\.\d+Z/, `.${part}+00`));
const anyRow = fc.tuple(
  orNull(fc.jsonValue().map(toJson)),
  orNull(storable),
  orNull(fc.double({ noNaN: true, noDefaultInfinity: true })),
  orNull(fc.maxSafeInteger()),
  orNull(time),
  orNull(fc.boolean()),
  orNull(fc.array(orNull(storable))),
  orNull(fc.constant('{"a":  [1, 2]}')),
);

test('an item is what its row becomes as JSON, for every type and value', async () => {
  await fc.assert(
    fc.asyncProperty(anyRow, async (parameters) => {
      const rows = await db.query<object>(sql, parameters);
      const { items } = await readJsonList(db, { sql, parameters, columns, place: [] });
      expect(JSON.parse(`[${items.join('')}]`)).toEqual(JSON.parse(JSON.stringify(rows)));
    }),
    { numRuns: 300 },
  );
});

test.each([1, 2, 3, 7])('pages of %i are those that are made of rows', async (limit) => {
  const listing: JsonListing & { gate?: never } = {
    sql: 'select n as place, n * 2 as twice from generate_series(7, 1, -1) as n limit $1',
    parameters: [limit + 1],
    columns: { twice: 'value' },
    place: ['place'],
  };
  const page = await readJsonPage(db, { limit }, { ...listing, parameters: [limit + 1] });
  const rows = await db.query<{ place: number; twice: number }>(listing.sql, [limit + 1]);
  const { items, next_cursor } = toPage(rows, { limit }, ({ place }) => [String(place)]);
  expect(JSON.parse(page.text)).toEqual({ items: items.map(({ twice }) => ({ twice })), next_cursor });
});

test('no rows are an empty list', async () => {
  const listing: JsonListing & { gate?: never } = {
    sql: 'select 1 as n where false',
    parameters: [],
    columns: { n: 'value' },
    place: ['n'],
  };
  expect(await readJsonList(db, listing)).toEqual({ items: [], found: 0, last: null, gate: 1 });
  expect((await readJsonPage(db, { limit: 5 }, listing)).text).toBe('{"items":[],"next_cursor":null}');
});

test('a long list comes in chunks that are together what its rows say', async () => {
  const listing: JsonListing & { gate?: never } = {
    sql: "select n, repeat(chr(8364 + n % 3) || ' ', n * 10) as t from generate_series(1, $1) as n",
    parameters: [300],
    columns: { n: 'value', t: 'value' },
    place: ['n'],
  };
  const rows = await db.query<object>(listing.sql, [300]);
  const page = await readJsonPage(db, { limit: 199 }, listing);
  expect(page.chunks.length).toBeGreaterThan(10);
  const expected = { items: rows.slice(0, 199), next_cursor: expect.any(String) };
  expect(JSON.parse(page.text)).toEqual(expected);
  expect(JSON.parse(page.bytes.toString())).toEqual(expected);
});

test('a list whose gate is closed is none, and an open gate is read in the same moment', async () => {
  const listing = { sql: 'select 1 as n', parameters: [], columns: { n: 'value' as const }, place: ['n'] };
  expect(await readJsonList(db, { ...listing, gate: 'select 7 where false' })).toBeNull();
  expect(await readJsonPage(db, { limit: 5 }, { ...listing, gate: 'select 7 where false' })).toBeNull();
  expect((await readJsonList(db, { ...listing, gate: 'select 7' }))?.gate).toBe(7);
});
