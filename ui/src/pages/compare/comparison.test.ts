import { describe, expect, test } from '@jest/globals';
import type { Aggregate, ComparedSession } from '../../lib/api/answers.ts';
import {
  bestOfSets,
  experimentsOf,
  firstColumns,
  inOrder,
  labelOf,
  lineLabel,
  ranked,
  sessionIds,
  statisticOf,
  testedOn,
  totalsOf,
} from './comparison.ts';
import {
  decider,
  differenceLabel,
  differenceWords,
  settledOf,
  settledWords,
  setWords,
} from './difference-words.ts';
import { plotOf } from './fold-plot.ts';

const metric = (name: string, [min, last, max]: [number, number, number], run_tag = '', chosen = true) => ({
  ...{ stage: 'train', run: 1, name, run_tag, min, last, max, best: name === 'loss' ? min : max },
  ...{ value: last, chosen },
});
const session = (
  id: string,
  metrics: ComparedSession['metrics'],
  more: Partial<ComparedSession> = {},
): ComparedSession => ({
  ...{ id, name: 'Penguins', title: id, experiment_id: 'e', state: 'train_done', learner: null, metrics },
  ...{ created_at: '', forked: null, test_rows: 1, score: null, decisions: {} },
  ...{ difference: null, unpaired: null, ...more },
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

  test('ranks each set of test rows by itself, the largest first and what is not known last', () => {
    const of = (id: string, test_rows: number | null, value: number) =>
      session(id, [metric('test_f1', [value, value, value])], { test_rows });
    const rows = [of('a', null, 0.99), of('b', 2, 0.98), of('c', 1, 0.5), of('d', 1, 0.6)];
    const f1 = aggregate('test_f1');
    expect(ranked(rows, f1, 'value').map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
    expect(testedOn(rows)).toEqual({ sets: 2, unknown: 1 });
    expect(testedOn([a, b])).toEqual({ sets: 0, unknown: 0 });
    const values = rows.map((row) => statisticOf(row, f1, 'value'));
    expect([...bestOfSets(rows, values, 'greater')]).toEqual([[1, 0.6]]);
    expect([...bestOfSets(rows, values, 'less')]).toEqual([[1, 0.5]]);
    expect(rows.map((row) => setWords(row, 1))).toEqual([
      'not recorded',
      'set 2, not comparable',
      'set 1',
      'set 1',
    ]);
    expect(rows.map((row) => setWords(row, 1, true))).toEqual(['unknown', 'other: 2', 'set 1', 'set 1']);
    expect(setWords(session('e', [], { test_rows: null }), 1)).toBe('–');
  });

  test('counts the experiments, and names them where there are several', () => {
    const of = (experiment_id: string) => session(experiment_id, [], { experiment_id });
    expect(experimentsOf([of('e'), of('e'), of('f')])).toBe(2);
    expect([labelOf(of('e'), 1), labelOf(of('e'), 2)]).toEqual(['e', 'Penguins · e']);
  });

  test('says in words what is decided and who decided it', () => {
    const use = { key: 'column.age.use', column: 'Age', stage: 'prep' as const };
    expect(differenceLabel(use)).toBe('Age: use');
    expect(differenceLabel({ ...use, key: 'agent', column: null })).toBe('Model of the agent');
    expect(differenceLabel({ ...use, key: 'split.by', column: null })).toBe('Split by');
    expect(settledWords('column.age.use', { value: 'out', by: 'person' })).toBe('left out');
    expect(decider({ value: 'out', by: 'person' })).toBe('you');
    expect([settledWords('metric', null), decider(null), decider({ value: 1, by: null })]).toEqual([
      '–',
      '',
      '',
    ]);
  });

  test('says what the folds show, and no more', () => {
    const found = { metric: 'f1', folds: 5, mean: 0.1, low: -0.1, high: 0.3 };
    expect(differenceWords({ ...found, shows: 'nothing' })).toBe('no difference that 5 folds could show');
    expect(differenceWords({ ...found, shows: 'worse' })).toBe('worse on the same 5 folds');
    const { place } = plotOf([found, { low: 0.2, high: 0.4 }]);
    expect([place(-0.1), place(0), place(0.4)]).toEqual([5, 35, 155]);
    expect(plotOf([{ low: 0, high: 0 }]).place(0)).toBe(5);
  });

  test('reads the sessions of an address once each', () => {
    expect(sessionIds('a,b, a,,')).toEqual(['a', 'b']);
    expect(sessionIds(null)).toEqual([]);
  });
});

test('a decision of a session is one that it has, whatever its key is called', () => {
  const settled = { value: 'a', by: 'person' as const };
  expect(
    settledOf({ constructor: settled } as unknown as Parameters<typeof settledOf>[0], 'constructor'),
  ).toBe(settled);
  for (const key of ['constructor', '__proto__', 'toString']) expect(settledOf({}, key)).toBeNull();
});

test.each([
  ['without age', ['logistic regression', 'linear'], 'without age · logistic regression'],
  ['without age · linear', ['logistic regression', 'linear'], 'without age · linear'],
  ['Random forest', ['random forest', 'forest'], 'Random forest'],
  ['without age', [], 'without age'],
])('a line of %p whose learner is called %p names the learner once', (title, names, expected) => {
  expect(lineLabel(title, names)).toBe(expected);
});
