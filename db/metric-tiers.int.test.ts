/** Long series are drawn from buckets: what comes back is held against the points themselves. */

import type { Metric } from '../core/records.ts';
import type { Database } from './database.ts';
import type { MetricPoint } from './metric-point.ts';
import { listMetrics, type MetricFilter } from './metric-reading.ts';
import { deleteMetricsOf, insertMetrics, metricSummaries } from './metrics-repository.ts';
import { useTestDatabase } from './testing/postgres.ts';
import { readBack } from './testing/read-back.ts';
import { addSession, USER_A } from './testing/rows.ts';

let db: Database;
/** Read by the first tests, changed by the last one. */
let series: Awaited<ReturnType<typeof longSeries>>;

useTestDatabase(async (opened) => {
  db = opened;
  series = await longSeries();
});

const LENGTH = 60_000;
const wave = (step: number): number => Math.sin(step / 500) * 10 + ((step * 7_919) % 101) / 50;

async function longSeries() {
  const { session, stepId } = await addSession(db);
  const insert = (points: Iterable<[number, number | null]>, execution = 1) => {
    const items: MetricPoint[] = [...points].map(([step, value]) => ({
      ...{ run_tag: '', name: 'loss', step, value, flag: value === null ? 'NaN' : null },
    }));
    const source = { session_id: session.id, stage: 'eda' as const, run: 1, step_id: stepId, execution };
    return db.transaction((tx) => insertMetrics(tx, source, items));
  };
  const values = new Map<number, number | null>(
    Array.from({ length: LENGTH }, (_, step) => [step, wave(step)]),
  );
  for (let at = 0; at < LENGTH; at += 10_000) await insert([...values].slice(at, at + 10_000));
  const read = async (filter: Omit<MetricFilter, 'session'>) =>
    readBack<Metric[]>(await listMetrics(db, USER_A, { session: session.id, ...filter })) ?? [];
  return { session: session.id, stepId, insert, values, read };
}

/** Every point is one that was logged; the window's ends, least and greatest are there; no wave is lost between. */
function expectFaithful(
  points: Metric[],
  values: ReadonlyMap<number, number | null>,
  { from_step = 0, to_step = LENGTH - 1, max_points = 0 }: Omit<MetricFilter, 'session'>,
) {
  const window = [...values].filter(([step]) => step >= from_step && step <= to_step);
  expect(points.filter(({ step, value }) => values.get(step) !== value)).toEqual([]);
  expect(points.length).toBeLessThanOrEqual(max_points + 2);
  expect([points[0]?.step, points.at(-1)?.step]).toEqual([window[0]?.[0], window.at(-1)?.[0]]);
  const finite = (pairs: (number | null)[]) => pairs.filter((value) => value !== null);
  const drawn = finite(points.map(({ value }) => value));
  const all = finite(window.map(([, value]) => value));
  expect(Math.min(...drawn)).toBe(Math.min(...all));
  expect(Math.max(...drawn)).toBe(Math.max(...all));
  // brute force: eighths of the window, whose range the drawn points show but for one bucket at each side
  const share = (to_step - from_step + 1) / 8;
  const slack = Math.ceil(share / (max_points / 16)) + 4_096;
  for (let part = 0; part < 8; part += 1) {
    const [low, high] = [from_step + part * share, from_step + (part + 1) * share];
    const inner = finite(
      window.filter(([s]) => s >= low + slack && s < high - slack).map(([, value]) => value),
    );
    const shown = finite(points.filter(({ step: s }) => s >= low && s < high).map(({ value }) => value));
    if (inner.length === 0) continue;
    expect(Math.min(...shown)).toBeLessThanOrEqual(Math.min(...inner));
    expect(Math.max(...shown)).toBeGreaterThanOrEqual(Math.max(...inner));
  }
}

test('a small window is exact, and an empty one is empty', async () => {
  const { read, values } = series;
  const points = await read({ from_step: 1_000, to_step: 2_000, max_points: 2_000 });
  expect(points.map(({ step, value }) => [step, value])).toEqual(
    [...values].filter(([step]) => step >= 1_000 && step <= 2_000),
  );
  expect(await read({ from_step: 70_000 })).toEqual([]);
  expect(await read({ run_tag: 'none' })).toEqual([]);
});

test('buckets show what the points show, for every window, after overwriting and after deleting', async () => {
  const { insert, values, read, stepId, session } = series;
  const windows = [
    { max_points: 400 },
    { max_points: 1_000, from_step: 77, to_step: 59_990 },
    { max_points: 64, from_step: 4_095, to_step: 32_769 },
  ];
  for (const filter of windows) expectFaithful(await read(filter), values, filter);

  const changed: [number, number | null][] = [
    [10, 999],
    [31_000, -999],
    [50_000, null],
    [59_999, 5],
  ];
  const before = new Map(values);
  await insert(changed, 2);
  for (const [step, value] of changed) values.set(step, value);
  for (const filter of windows) expectFaithful(await read(filter), values, filter);

  await insert([[10, 3]], 3);
  values.set(10, 3);
  expectFaithful(await read({ max_points: 400 }), values, { max_points: 400 });
  expect(Math.max(...(await read({ max_points: 400 })).map(({ value }) => value ?? 0))).toBeLessThan(999);

  await db.transaction((tx) => deleteMetricsOf(tx, stepId, 2));
  for (const step of [31_000, 50_000, 59_999]) values.delete(step);
  expectFaithful(await read({ max_points: 400 }), values, { max_points: 400, to_step: LENGTH - 1 });
  const all = [...values.values()].filter((value) => value !== null);
  expect(await metricSummaries(db, USER_A, session)).toMatchObject([
    { count: before.size - 3, last_step: 59_998, min: Math.min(...all), max: Math.max(...all) },
  ]);
}, 60_000);
