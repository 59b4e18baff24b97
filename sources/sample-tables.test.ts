import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { isLawfulText } from '../core/lawful-text.ts';
import { LONGEST_NAME, LONGEST_VALUE, lawfulTable, uniqueNames } from './lawful-tables.ts';
import { evenly } from './reservoir.ts';
import { createSampleTables } from './sample-tables.ts';
import { sourceOf } from './testing/connections.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tempera-sample-'));
  await mkdir(join(folder, 'tables'));
  await writeFile(join(folder, 'tables', 'b.csv'), 'id,"na ""me"\n1,Ann\n2,\n3,"B\no"\n');
  await writeFile(join(folder, 'tables', 'a.csv'), 'x,y\n');
  await writeFile(
    join(folder, 'labels.csv'),
    'table,column,code,part\nb,id,CUSTOMER_ID,development\na,id,OTHER,held\n',
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SOURCE = sourceOf('sample');

test('bundled tables are listed by name, with values and labels as their files have them', async () => {
  const sources = createSampleTables(folder);
  const tables = await sources.tables(SOURCE, { after: null, limit: 5 });
  expect(tables.map(({ table }) => table)).toEqual(['a', 'b']);
  expect(await sources.tables(SOURCE, { after: tables[0] ?? null, limit: 5 })).toEqual([tables[1]]);
  const { columns } = await sources.sample(SOURCE, { database: 'sample', table: 'b', reference: {} }, 10);
  expect(columns).toEqual([
    expect.objectContaining({ name: 'id', reservoir: ['1', '2', '3'], reference_code: 'CUSTOMER_ID' }),
    expect.objectContaining({
      ...{ name: 'na "me', reservoir: ['Ann', 'B\no'], reference_code: null },
      ...{ total_count: 3, null_count: 1, distinct_count: 2 },
    }),
  ]);
  expect(
    (await sources.sample(SOURCE, { database: 'sample', table: 'a', reference: {} }, 10)).columns,
  ).toHaveLength(2);
});

test.each(['c', '../labels', '', 'a/../b'])(
  'a table [%s] that is none of them is not found',
  async (table) => {
    const sampled = createSampleTables(folder).sample(
      SOURCE,
      { database: 'sample', table, reference: {} },
      10,
    );
    await expect(sampled).rejects.toMatchObject({ code: 'NOT_FOUND' });
  },
);

test('a sample has one value of each stretch, in order, and is the same each time', () => {
  const property = fc.property(fc.nat(3_000), fc.nat(60), (count, most) => {
    const values = Array.from({ length: count }, (_, at) => at);
    const chosen = evenly(values, most);
    expect(chosen).toEqual(evenly(values, most));
    expect(chosen).toHaveLength(Math.min(count, most));
    for (const [at, value] of chosen.entries()) {
      if (count <= most) expect(value).toBe(at);
      else expect(Math.floor((at * count) / most) <= value && value < ((at + 1) * count) / most).toBe(true);
    }
  });
  fc.assert(property, { numRuns: 100 });
});

test('whatever names, types and values come, a table of them is lawful, bounded and its names apart', () => {
  const text = fc
    .string({ unit: 'binary', maxLength: 40 })
    .chain((one) => fc.nat(120).map((times) => one.repeat(times)));
  const column = fc.record({
    ...{ name: text, type: text, position: fc.nat(9), reservoir: fc.array(text, { maxLength: 6 }) },
    ...{ total_count: fc.constant(null), null_count: fc.constant(null), distinct_count: fc.constant(null) },
    reference_code: fc.constant(null),
  });
  const property = fc.property(fc.array(column, { maxLength: 8 }), (columns) => {
    const table = lawfulTable({ columns: [...columns, ...columns], left_out: [] }, 3);
    const names = table.columns.map(({ name }) => name);
    expect(new Set(names).size).toBe(2 * columns.length);
    for (const { name, type, reservoir } of table.columns) {
      expect([name, type, ...reservoir].every(isLawfulText)).toBe(true);
      expect(name.length).toBeLessThanOrEqual(LONGEST_NAME);
      expect(reservoir.length).toBeLessThanOrEqual(3);
      expect(reservoir.every((value) => value.length <= LONGEST_VALUE)).toBe(true);
    }
  });
  fc.assert(property, { numRuns: 50 });
});

test('names that are apart already stay as they are', () => {
  expect(uniqueNames(['a', 'b', 'a', 'a (2)', 'a\0'])).toEqual(['a', 'b', 'a (2)', 'a (2) (2)', 'a\ufffd']);
});
