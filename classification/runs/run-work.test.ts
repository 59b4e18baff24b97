/** What one worker classifies, table after table. */

import { readFileSync } from 'node:fs';
import { sha256 } from '../../core/ids.ts';
import { bundled } from '../testing/bundled.ts';
import { createRunWork } from './run-work.ts';

const text = readFileSync('classification/vocabulary/tempera.csv', 'utf8');

test('what a column refers to by a foreign key of its source counts in its context', async () => {
  const work = createRunWork(bundled().knowledge);
  const column = { name: 'zz', type: 'integer', reservoir: ['7', '8', '9'] };
  const references = { table: 'customers', column: 'id' };
  const tables = [{ table: 't', columns: [column, { ...column, name: 'zy', references }] }];
  const [[alone, referring] = []] = await work.evidence({
    vocabulary: { sha256: sha256(text), text },
    tables,
  });
  const contextOf = (evidence: typeof alone) => evidence?.sources.find(({ source }) => source === 'context');
  expect(contextOf(alone)?.masses).toEqual({ '': 1 });
  expect(contextOf(referring)).toMatchObject({
    masses: { CUSTOMER_ID: 0.375, '': 0.625 },
    reasons: [expect.stringContaining('It refers to id of customers')],
  });
});

test('folders and ending of a file are no words of its table’s name', async () => {
  const work = createRunWork(bundled().knowledge);
  const columns = [{ name: 'name', type: 'text', reservoir: ['q', 'w'] }];
  const vocabulary = { sha256: sha256(text), text };
  const of = async (table: string) => await work.evidence({ vocabulary, tables: [{ table, columns }] });
  expect(await of('exports/products.csv')).toEqual(await of('products'));
  expect(await of('exports/products.csv')).not.toEqual(await of('zz'));
});

test('a worker that has classified before finds of the same table the same', async () => {
  const work = createRunWork(bundled().knowledge);
  const column = (name: string, type: string, reservoir: string[]) => ({ name, type, reservoir });
  const numbers = Array.from({ length: 20 }, (_, at) => String(at * 137 + 11));
  const table = {
    table: 'orders',
    columns: [
      column('zq', 'integer', numbers),
      column(
        'v',
        'date',
        numbers.map((day) => `2024-01-${(Number(day) % 28) + 1}`),
      ),
      column('customer_email', 'text', ['ada@example.com', 'bob@example.org']),
      column('w', 'text', ['red', 'green', 'blue', 'red']),
    ],
  };
  const asked = { vocabulary: { sha256: sha256(text), text }, tables: [table] };
  const first = await work.evidence(asked);
  expect(first[0]).toHaveLength(table.columns.length);
  expect(await work.evidence(asked)).toEqual(first);
});
