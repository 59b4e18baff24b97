import { historyOf, shareDone } from './run-history.ts';
import { type RunMoment, toMoment } from './run-past.ts';

const moment = (state: RunMoment['state'], progress: Record<string, number> = {}): RunMoment => ({
  ...{ state, progress, at: '' },
});

test('doubt is drawn over the columns that were put together, also where moments tell only what changed', () => {
  const { series, visited, last } = historyOf([
    moment('FUSING', { columns_fused: 0 }),
    moment('FUSING', {
      columns_fused: 500,
      mean_gap: 0.4,
      coverage: 0.8,
      mean_conflict: 0.1,
      frac_unclear: 0.3,
    }),
    moment('FUSING', { columns_fused: 900, mean_gap: 0.3 }),
    moment('STOPPED'),
  ]);
  expect(series.mean_gap).toMatchObject({ steps: [500, 900], last: [0.4, 0.3] });
  expect(series.coverage.last).toEqual([0.8, 0.8]);
  expect([...visited]).toEqual(['FUSING', 'STOPPED']);
  expect(last).toBe('FUSING');
});

test('the work of a state is measured where it can be', () => {
  const progress = { columns_total: 200, columns_fused: 50, tables_discovered: 0 };
  expect(shareDone('FUSING', progress)).toBe(0.25);
  expect(shareDone('CLASSIFYING', progress)).toBe(0);
  expect(shareDone('SAMPLING', progress)).toBeNull();
  expect(shareDone('EVALUATING', progress)).toBeNull();
});

test('what is no event of a run tells nothing of it', () => {
  const data = JSON.stringify({
    created_at: 't',
    state: 'FUSING',
    progress: { step: 'FUSING', columns_fused: 3 },
  });
  const found = toMoment({ event: 'classification', id: '4', data });
  expect(found).toEqual({ state: 'FUSING', progress: { columns_fused: 3 }, at: 't' });
  for (const frame of [
    { event: 'ping', id: null, data },
    { event: 'classification', id: '1', data: '{' },
  ])
    expect(toMoment(frame)).toBeNull();
});
