import { describe, expect, test } from '@jest/globals';
import {
  type ComparedSession,
  differences,
  isLessBetter,
  metricNames,
  ranked,
  sessionIds,
  statisticOf,
} from './comparison.ts';

const session = (
  id: string,
  values: Record<string, [min: number, last: number, max: number]>,
  parameters = {},
): ComparedSession => ({
  ...{ id, name: id, state: 'train_done', parameters },
  metrics: Object.entries(values).map(([name, [min, last, max]]) => ({
    name,
    run_tag: '',
    min,
    last,
    max,
    count: 3,
  })),
});

describe('a comparison', () => {
  const a = session('a', { accuracy: [0.1, 0.8, 0.9], loss: [0.2, 0.3, 2] }, { seed: 1, target: 'species' });
  const b = session('b', { accuracy: [0.1, 0.95, 0.95] }, { seed: 2, target: 'species' });

  test('knows which way each metric is better', () => {
    expect(['loss', 'val_loss', 'rmse', 'log_loss', 'mae'].every(isLessBetter)).toBe(true);
    expect(['accuracy', 'r2', 'roc_auc', 'maestro'].some(isLessBetter)).toBe(false);
    expect(statisticOf(a, 'accuracy', 'best')).toBe(0.9);
    expect(statisticOf(a, 'loss', 'best')).toBe(0.2);
    expect(statisticOf(b, 'loss', 'best')).toBeNull();
  });

  test('puts the best first and who has no value last', () => {
    expect(ranked([a, b], 'accuracy', 'last').map(({ id }) => id)).toEqual(['b', 'a']);
    expect(ranked([b, a], 'loss', 'best').map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('lists metrics that most have first, and only parameters that differ', () => {
    expect(metricNames([a, b])).toEqual(['accuracy', 'loss']);
    expect(differences([a, b])).toEqual([{ name: 'seed', values: ['1', '2'] }]);
  });

  test('reads the sessions of an address once each', () => {
    expect(sessionIds('a,b, a,,')).toEqual(['a', 'b']);
    expect(sessionIds(null)).toEqual([]);
  });
});
