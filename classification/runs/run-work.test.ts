/** What one worker classifies, table after table. */

import { readFileSync } from 'node:fs';
import { sha256 } from '../../core/ids.ts';
import { bundled } from '../testing/bundled.ts';
import { createRunWork } from './run-work.ts';

const text = readFileSync('classification/vocabulary/tempera.csv', 'utf8');

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
