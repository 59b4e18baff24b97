/** Real tables are in one half or the other by their names alone, and the halves are of like size. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCsvRecords } from '../../classification/vocabulary/csv.ts';
import { halfOf, REAL_PARTS } from './real-halves.ts';

test('real tables stay in their half', () => {
  expect(['adult', 'auto', 'wage', 'titanic'].map(halfOf)).toEqual([
    ...['real-tuning', 'real-tuning', 'real-held', 'real-held'],
  ]);
  const sources = readCsvRecords(readFileSync(join('classification', 'real', 'sources.csv'), 'utf8'));
  const counts = REAL_PARTS.map((part) => sources.filter(({ table = '' }) => halfOf(table) === part).length);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(28);
  expect(counts[0] ?? 0).toBeLessThan(counts[1] ?? 0);
});
