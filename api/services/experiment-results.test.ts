import { best, readScore } from './experiment-results.ts';

test('a score comes from the test split, with the spread of cross-validation', () => {
  const metadata = {
    primary_metric: 'accuracy',
    metrics: { test: { accuracy: 0.98 }, baseline: { accuracy: 0.44 } },
    cv: { metric: 'accuracy', sd: 0.009 },
  };
  const score = {
    metric: 'accuracy',
    value: 0.98,
    spread: 0.009,
    baseline: 0.44,
    gain: (0.98 - 0.44) / 0.44,
    final: true,
  };
  expect(readScore(metadata)).toEqual(score);
  expect(readScore({ ...metadata, cv: { metric: 'f1', sd: 0.2 } })).toEqual({ ...score, spread: null });
  expect(readScore({ ...metadata, metrics: { test: { accuracy: 0.98 } } })).toEqual({
    ...score,
    baseline: null,
    gain: null,
  });
  for (const odd of [null, [], 'text', {}, { primary_metric: 'constructor', metrics: { test: {} } }])
    expect(readScore(odd)).toBeNull();
});

test('the best score of an experiment is of the newest’s metric and of what is not outdated', () => {
  const score = (value: number, metric = 'r2', stale = false) => ({ metric, value, stale });
  expect(best([score(0.5), score(0.9), score(3, 'rmse')])).toEqual([score(0.9)]);
  expect(best([score(3, 'rmse'), score(2, 'rmse')])).toEqual([score(2, 'rmse')]);
  expect(best([score(0.9, 'r2', true), score(0.5)])).toEqual([score(0.5)]);
  expect(best([score(0.9, 'r2', true)])).toEqual([score(0.9, 'r2', true)]);
  expect(best([])).toEqual([]);
});
