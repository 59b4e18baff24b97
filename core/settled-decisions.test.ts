/** What is in force in each session's ledger, and what was really trained: decided by whom, and where it differs. */

import { differingKeys, type Settled, type SettledSession, settledOf } from './settled-decisions.ts';
import type { Stage } from './stages.ts';

const session = (
  id: string,
  settled: Record<string, unknown>,
  patch: Partial<SettledSession> = {},
): SettledSession => ({
  ...{ id, experiment_id: 'e', done: ['eda', 'prep', 'train'], has_ledger: true },
  settled: new Map(
    Object.entries(settled).map(([key, value]): [string, Settled] => [key, { value, by: 'agent' }]),
  ),
  ...patch,
});
const AGE = 'column.age.use';
const keys = (...names: string[]) => names.map((key) => ({ key, stage: 'prep' as Stage }));
const differing = (sessions: SettledSession[], ...names: string[]) =>
  differingKeys(sessions, keys(...names)).map(({ key }) => key);

test('keys with two values differ, those with one do not, also where a value has parts', () => {
  const [a, b] = [session('a', { x: [1, { y: 2 }], z: 1 }), session('b', { x: [1, { y: 2 }], z: 2 })];
  expect(differing([a, b], 'x', 'z')).toEqual(['z']);
  expect(differing([a], 'x', 'z')).toEqual([]);
});

test('a column of which nothing was decided is used: only one that is left out differs from it', () => {
  const [without, nothing, used] = [
    session('a', { [AGE]: 'out' }),
    session('b', {}),
    session('c', { [AGE]: 'in' }),
  ];
  expect(settledOf(nothing, { key: AGE, stage: 'prep' })).toEqual({ value: 'in', by: null });
  expect(differing([nothing, used], AGE)).toEqual([]);
  expect(differing([without, nothing], AGE)).toEqual([AGE]);
});

test('what a stage has not decided yet, or an older release did not keep, differs from nothing', () => {
  const decided = session('a', { [AGE]: 'out', 'model.choice': 'linear' });
  const early = session('b', {}, { done: ['eda'] });
  const older = session('c', {}, { has_ledger: false });
  for (const other of [early, older]) {
    expect(differing([decided, other], AGE, 'model.choice')).toEqual([]);
    expect(settledOf(other, { key: 'model.choice', stage: 'train' })).toBeNull();
  }
  expect(differing([decided, session('d', {})], AGE, 'model.choice')).toEqual([AGE, 'model.choice']);
});

test('columns are compared within an experiment, other keys over all', () => {
  const a = session('a', { [AGE]: 'out', metric: 'r2' });
  const b = session('b', { metric: 'mae' }, { experiment_id: 'f' });
  expect(differing([a, b], AGE, 'metric')).toEqual(['metric']);
  expect(differing([a, b, session('c', { metric: 'r2' })], AGE, 'metric')).toEqual([AGE, 'metric']);
});
