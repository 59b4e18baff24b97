/**
 * A batch that goes on behind its series is stored by a shorter way; what is stored is the same as by the longer
 * one.
 */

import fc from 'fast-check';
import type { Database } from './database.ts';
import { growingSeries } from './metric-appending.ts';
import type { MetricPoint } from './metric-point.ts';
import { insertMetrics } from './metrics-repository.ts';
import { useTestDatabase } from './testing/postgres.ts';
import { addSession } from './testing/rows.ts';

let db: Database;
useTestDatabase((opened) => {
  db = opened;
});

/** Everything that is kept of the points, when they are stored in these batches. */
async function stored(batches: MetricPoint[][]) {
  const { session, stepId } = await addSession(db);
  const source = { session_id: session.id, stage: 'eda' as const, run: 1, step_id: stepId, execution: 1 };
  for (const batch of batches) await db.transaction((tx) => insertMetrics(tx, source, batch));
  const rows = (columns: string, table: string) =>
    db.query(
      `select ${columns} from ${table} where session_id = $1 order by ${columns.split(',').slice(0, 4)}`,
      [session.id],
    );
  return {
    points: await rows('run_tag, name, step, value, flag', 'metrics'),
    sums: await rows('run_tag, name, last, last_step, min, max, count', 'metric_summaries'),
    tiers: await rows(
      'run_tag, name, exponent, bucket, count, min, min_step, max, max_step, last, last_step',
      'metric_tiers',
    ),
  };
}

const value = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => ({ value: number, flag: null })),
  fc.constantFrom(0, -0, 1, 1e308, -1e308, 5e-324).map((number) => ({ value: number, flag: null })),
  fc.constantFrom('NaN', 'Infinity', '-Infinity').map((flag) => ({ value: null, flag })),
);
const series = fc.record({
  name: fc.constantFrom('loss', 'a,"b"', '{}', "o'clock", 'NULL', '🐧', 'a\\b'),
  run_tag: fc.constantFrom('', 'fold 1'),
});
/** Ascending by construction: gaps between neighbours, over a range that has several buckets of both tiers. */
const ascending = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 700 }), series, value), { minLength: 1, maxLength: 60 })
  .map((list) => {
    let step = -3_000;
    return list.map(([gap, named, number]): MetricPoint => {
      step += gap;
      return { step, ...named, ...number };
    });
  });

test('both ways store the same points, summaries and buckets', async () => {
  await fc.assert(
    fc.asyncProperty(ascending, fc.integer({ min: 1, max: 59 }), async (points, cut) => {
      const batches = [points.slice(0, cut), points.slice(cut)].filter((batch) => batch.length > 0);
      expect(batches.map(growingSeries)).not.toContain(null);
      const long = batches.map((batch) => batch.toReversed());
      expect(await stored(batches)).toEqual(await stored(long));
    }),
    { numRuns: 25 },
  );
}, 60_000);

const point = (step: number, fields: Partial<MetricPoint> = {}): MetricPoint => ({
  ...{ run_tag: '', name: 'loss', step, value: step, flag: null },
  ...fields,
});

test('what may overwrite a point takes the longer way', () => {
  expect(growingSeries([point(1), point(1)])).toBeNull();
  expect(growingSeries([point(2), point(1)])).toBeNull();
  expect(growingSeries([point(1), point(1, { name: 'other' })])?.length).toBe(2);
  // these two are stored as the same text
  expect(growingSeries([point(1, { name: 'a\0' }), point(2, { name: 'a\ufffd' })])).toBeNull();
  expect(growingSeries([point(1, { value: null, flag: 'odd' })])).toBeNull();
});

test('a batch that reaches back behind what is stored overwrites it, once', async () => {
  const found = await stored([
    [point(1), point(2), point(3)],
    [point(2, { value: 9 }), point(4)],
  ]);
  expect(found.points).toMatchObject([{ value: 1 }, { value: 9 }, { value: 3 }, { value: 4 }]);
  expect(found.sums).toMatchObject([{ count: 4, max: 9, last: 4 }]);
});
