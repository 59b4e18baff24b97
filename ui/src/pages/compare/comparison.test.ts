import { describe, expect, test } from '@jest/globals';
import {
  type Aggregate,
  type ComparedSession,
  differences,
  inOrder,
  ranked,
  sessionIds,
  statisticOf,
} from './comparison.ts';

const metric = (name: string, [min, last, max]: [number, number, number], run_tag = '') => ({
  ...{ name, run_tag, min, last, max, best: name === 'loss' ? min : max, count: 3 },
});
const session = (id: string, metrics: ComparedSession['metrics'], more = {}): ComparedSession => ({
  ...{ id, name: id, state: 'train_done', parameters: {}, learner: null, metrics, ...more },
});
const aggregate = (name: string, more: Partial<Aggregate> = {}): Aggregate => ({
  ...{ name, better: name === 'loss' ? ('less' as const) : ('greater' as const), sessions: 1 },
  ...{ best: null, best_session: null, min: null, max: null, mean: null, ...more },
});

describe('a comparison', () => {
  const accuracy = aggregate('accuracy');
  const a = session('a', [metric('accuracy', [0.1, 0.8, 0.9]), metric('loss', [0.2, 0.3, 2])]);
  const b = session('b', [metric('accuracy', [0.1, 0.95, 0.95])]);

  test('takes the chosen learner’s value, and without one that of all runs', () => {
    expect(statisticOf(a, accuracy, 'best')).toBe(0.9);
    expect(statisticOf(a, aggregate('loss'), 'best')).toBe(0.2);
    expect(statisticOf(b, aggregate('loss'), 'best')).toBeNull();
    const runs = [
      metric('accuracy', [0.4, 0.4, 0.4], 'dummy'),
      metric('accuracy', [0.1, 0.3, 0.3], 'forest'),
    ];
    expect(statisticOf(session('c', runs), accuracy, 'best')).toBe(0.4);
    expect(statisticOf(session('c', runs, { learner: 'forest' }), accuracy, 'best')).toBe(0.3);
  });

  test('puts the best first and who has no value last', () => {
    expect(ranked([a, b], accuracy, 'last').map(({ id }) => id)).toEqual(['b', 'a']);
    expect(ranked([b, a], aggregate('loss'), 'best').map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('lists metrics that most have first, then those of the test split', () => {
    const found = [aggregate('cv_f1'), aggregate('test_f1'), aggregate('loss', { sessions: 2 })];
    expect(inOrder(found).map(({ name }) => name)).toEqual(['loss', 'test_f1', 'cv_f1']);
  });

  test('tells the values of parameters that differ', () => {
    const sessions = [session('a', [], { parameters: { seed: 1 } }), session('b', [])];
    expect(differences(sessions, ['seed'])).toEqual([{ name: 'seed', values: ['1', '–'] }]);
  });

  test('reads the sessions of an address once each', () => {
    expect(sessionIds('a,b, a,,')).toEqual(['a', 'b']);
    expect(sessionIds(null)).toEqual([]);
  });
});
