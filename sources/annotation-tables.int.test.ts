/** Tables that hold a vocabulary, recognised in connected databases and read as one. */

import { readRecords } from '../classification/vocabulary/forms.ts';
import type { OpenedConnection } from '../core/ports/connections.ts';
import type { Database } from '../db/index.ts';
import { useTestDatabase } from '../db/testing/postgres.ts';
import { annotationForm, findAnnotationTables, readAnnotationTable } from './annotation-tables.ts';
import { connectionsOf } from './testing/connections.ts';

let db: Database;
useTestDatabase(async (opened) => {
  db = opened;
  await db.query('create schema "gloss ""ary"');
  await db.query(
    'create table "gloss ""ary".tree (extra int, "Code" text, label text, parent_code text, description text)',
  );
  await db.query(
    `insert into "gloss ""ary".tree values (1, 'B.MAIL', 'e-mail', 'B', 'An address'), (2, 'A', 'a', null, '')`,
  );
  await db.query(
    'create table terms (id int, annotation text, definition text, deprecated boolean, sensitivity_eu text)',
  );
  await db.query(
    `insert into terms values (7, 'phone', 'A number', false, 'high'), (8, 'fax', 'Old', true, 'low')`,
  );
  await db.query('create table lookup (code text, label text)');
  await db.query('create table orders (id int, total numeric)');
});

function connections() {
  const url = new URL(db.url);
  const good: OpenedConnection = {
    ...{ id: '1', name: 'good', type: 'postgres', address: `postgres://${url.host}${url.pathname}` },
    credentials: { user: url.username },
  };
  return connectionsOf(
    good,
    { ...good, name: 'silent', address: 'postgres://127.0.0.1:1/x' },
    { ...good, name: 'lake', type: 's3', address: 'https://s3.example.org/lake' },
  );
}

test('a vocabulary of either form is recognised in a database; what does not answer is told of', async () => {
  const { tables, problems } = await findAnnotationTables(connections(), ['silent', 'lake', 'none', 'good']);
  expect(tables.filter(({ table }) => table !== 'vocabularies')).toEqual([
    {
      ...{ connection: 'good', database: 'gloss "ary', table: 'tree', form: 'tree' },
      columns: ['Code', 'label', 'parent_code', 'description'],
    },
    {
      ...{ connection: 'good', database: 'public', table: 'terms', form: 'flat' },
      columns: ['id', 'annotation', 'definition', 'deprecated', 'sensitivity_eu'],
    },
  ]);
  expect(problems.map(({ connection }) => connection)).toEqual(['silent', 'none']);
});

test('such a table is read as a vocabulary of its form', async () => {
  const { tables } = await findAnnotationTables(connections(), ['good']);
  const read = new Map<string, ReturnType<typeof readRecords>>();
  for (const table of tables)
    read.set(table.table, readRecords(await readAnnotationTable(connections(), table)));
  expect(read.get('tree')).toMatchObject({
    form: 'tree',
    records: [{ code: 'A' }, { code: 'B.MAIL', label: 'e-mail', parent: 'B', description: 'An address' }],
  });
  expect(read.get('terms')).toMatchObject({
    form: 'flat',
    records: [
      { code: '7', label: 'phone', isDeprecated: false },
      { code: '8', label: 'fax', isDeprecated: true },
    ],
  });
});

test('one that is gone meanwhile is refused', async () => {
  const gone = {
    connection: 'good',
    database: 'public',
    table: 'gone',
    form: 'tree' as const,
    columns: ['code', 'label'],
  };
  await expect(readAnnotationTable(connections(), gone)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test.each([
  [['CODE', 'Label', 'Sensitivity'], 'tree'],
  [['id', 'ontology', 'definition'], 'flat'],
  [['code', 'label'], null],
  [['id', 'annotation'], null],
  [['id', 'label', 'description'], null],
  [[], null],
])('names %j are those of %s', (names, form) => {
  expect(annotationForm(names)).toBe(form);
});
