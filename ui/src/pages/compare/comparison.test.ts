import { describe, expect, test } from '@jest/globals';
import type { Aggregate, ComparedSession } from '../../lib/api/answers.ts';
import {
  differences,
  experimentsOf,
  firstColumns,
  inOrder,
  ranked,
  sessionIds,
  statisticOf,
  totalsOf,
} from './comparison.ts';

const metric = (name: string, [min, last, max]: [number, number, number], run_tag = '', chosen = true) => ({
  ...{ stage: 'train', run: 1, name, run_tag, min, last, max, best: name === 'loss' ? min : max },
  ...{ value: last, chosen },
});
const session = (id: string, metrics: ComparedSession['metrics'], more = {}): ComparedSession => ({
  ...{ id, name: id, state: 'train_done', parameters: {}, learner: null, metrics, ...more },
});
const aggregate = (name: string, more: Partial<Aggregate> = {}): Aggregate => ({
  ...{ name, better: name === 'loss' ? ('less' as const) : ('greater' as const), sessions: 1, ...more },
});

describe('a comparison', () => {
  const accuracy = aggregate('accuracy');
  const a = session('a', [metric('accuracy', [0.1, 0.8, 0.9]), metric('loss', [0.2, 0.3, 2])]);
  const b = session('b', [metric('accuracy', [0.1, 0.95, 0.95])]);

  test('takes the value of the run that speaks for the session', () => {
    expect(statisticOf(a, accuracy, 'value')).toBe(0.8);
    expect(statisticOf(a, accuracy, 'best')).toBe(0.9);
    expect(statisticOf(a, aggregate('loss'), 'best')).toBe(0.2);
    expect(statisticOf(b, aggregate('loss'), 'best')).toBeNull();
    const runs = [
      metric('accuracy', [0.4, 0.4, 0.4], 'dummy', false),
      metric('accuracy', [0.1, 0.3, 0.3], 'forest'),
    ];
    expect(statisticOf(session('c', runs), accuracy, 'best')).toBe(0.3);
  });

  test('sums up what a column shows', () => {
    expect(totalsOf([0.2, null, 0.6], 'greater')).toEqual({ best: 0.6, mean: 0.4, min: 0.2, max: 0.6 });
    expect(totalsOf([3, 1], 'less').best).toBe(1);
    expect(totalsOf([null], 'less')).toEqual({ best: null, mean: null, min: null, max: null });
  });

  test('shows the test’s metrics first and few others, and no running mean beside its metric', () => {
    const names = ['test_f1', 'cv_f1', 'cv_f1_mean', 'loss', 'lr', 'depth'];
    expect(firstColumns(names.map((name) => aggregate(name)))).toEqual(['test_f1', 'cv_f1', 'loss']);
    expect(firstColumns([aggregate('loss'), aggregate('lr')])).toEqual(['loss', 'lr']);
    const few = [aggregate('test_r2', { sessions: 9 }), aggregate('test_f1', { sessions: 4 })];
    expect(firstColumns(few)).toEqual(['test_r2']);
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
    const limits = [20, 30].map((turns) => session('c', [], { parameters: { limits: { cost: 5, turns } } }));
    expect(differences(limits, ['limits'])).toEqual([{ name: 'limits: turns', values: ['20', '30'] }]);
  });

  test('counts the experiments', () => {
    const of = (experiment: string) => session(experiment, [], { parameters: { experiment } });
    expect(experimentsOf([of('e'), of('e'), of('f')])).toBe(2);
  });

  test('reads the sessions of an address once each', () => {
    expect(sessionIds('a,b, a,,')).toEqual(['a', 'b']);
    expect(sessionIds(null)).toEqual([]);
  });
});
