import { changeTitle, type NamedKey, sessionTitles } from './session-titles.ts';
import type { Settled, SettledSession } from './settled-decisions.ts';

const ID = '00000000-0000-7000-8000-000000';
const session = (
  end: string,
  settled: Record<string, unknown>,
  patch: Partial<SettledSession> = {},
): SettledSession => ({
  ...{ id: ID + end, experiment_id: 'e', done: ['eda', 'prep', 'train'], has_ledger: true },
  settled: new Map(
    Object.entries(settled).map(([key, value]): [string, Settled] => [key, { value, by: 'agent' }]),
  ),
  ...patch,
});

/** The keys of the sessions; columns are called by their names in capitals. */
function keysOf(...sessions: SettledSession[]): NamedKey[] {
  const keys = new Set(sessions.flatMap(({ settled }) => [...settled.keys()]));
  return [...keys].map((key) => {
    const column = /^column\.([^.]+)\./.exec(key)?.[1]?.toUpperCase() ?? null;
    return { key, column, stage: null };
  });
}
const titles = (...sessions: SettledSession[]) => [...sessionTitles(sessions, keysOf(...sessions)).values()];
const pair = (one: Record<string, unknown>, other: Record<string, unknown>) =>
  titles(session('aaaaaa', one), session('bbbbbb', other));
const out = (...columns: string[]) =>
  Object.fromEntries(columns.map((name) => [`column.${name}.use`, 'out']));

test('a session is called by what it leaves out and its model, another by what it has instead', () => {
  expect(pair({ 'model.choice': 'linear', ...out('age', 'sex') }, { 'model.choice': 'extra_trees' })).toEqual(
    ['without AGE, SEX · linear', 'with AGE, SEX · extra trees'],
  );
});

test('what is the same in all is in no title', () => {
  expect(
    pair({ target: 'x', metric: 'r2', ...out('id') }, { target: 'x', metric: 'mae', ...out('id') }),
  ).toEqual(['judged by r2', 'judged by mae']);
});

test.each<[Record<string, unknown>, Record<string, unknown>, string[]]>([
  [{ target: 'body_mass' }, { target: 'sex' }, ['predicts body_mass', 'predicts sex']],
  [
    { 'split.strategy': 'group', 'split.by': 'island' },
    { 'split.strategy': 'stratified', 'split.by': null },
    ['split by island', 'stratified split'],
  ],
  [{ 'rows.repeats': 'keep' }, { 'rows.repeats': 'drop' }, ['repeats kept', 'repeats left out']],
  [{ 'column.zip.kind': 'text' }, { 'column.zip.kind': 'number' }, ['ZIP as text', 'ZIP as number']],
  [{ 'model.max_depth': 3 }, { 'model.max_depth': 5 }, ['max depth 3', 'max depth 5']],
  [{ 'column.age.missing': ['9'] }, { 'column.age.missing': [] }, ['AGE missing ["9"]', 'AGE missing []']],
  [{ agent: 'a/one' }, { agent: 'a/two' }, ['a/one', 'a/two']],
  [{ 'budget.turns': 20 }, { 'budget.turns': 30 }, ['turns 20', 'turns 30']],
])('%j is told from %j in words', (one, other, words) => {
  expect(pair(one, other)).toEqual(words);
});

test('decisions are told before settings, and of many columns and parts only so many', () => {
  const many = {
    agent: 'a/one',
    mode: 'auto',
    metric: 'r2',
    'model.choice': 'linear',
    ...out('a', 'b', 'c', 'd'),
  };
  const other = { agent: 'a/two', mode: 'manual', metric: 'mae', 'model.choice': 'forest' };
  expect(pair(many, other)[0]).toBe('without A, B, C and 1 more · judged by r2 · linear · a/one · 1 more');
});

test('where nothing differs, or two differ from a third alike, the end of the id tells them apart', () => {
  expect(pair({ metric: 'r2' }, { metric: 'r2' })).toEqual(['…aaaaaa', '…bbbbbb']);
  const alike = [
    session('aaaaaa', { seed: 1 }),
    session('bbbbbb', { seed: 1 }),
    session('cccccc', { seed: 2 }),
  ];
  expect(titles(...alike)).toEqual(['seed 1 …aaaaaa', 'seed 1 …bbbbbb', 'seed 2']);
});

test('sessions are called by what they differ in from those of their own experiment', () => {
  const other = session('cccccc', { metric: 'mae' }, { experiment_id: 'f' });
  expect(titles(session('aaaaaa', { metric: 'r2' }), session('bbbbbb', { metric: 'r2' }), other)).toEqual([
    '…aaaaaa',
    '…bbbbbb',
    '…cccccc',
  ]);
});

test('a fork is told by what was changed in it', () => {
  const [origin, fork] = [
    session('aaaaaa', { metric: 'r2' }),
    session('bbbbbb', { metric: 'r2', ...out('age') }),
  ];
  expect(changeTitle(fork, origin, keysOf(fork))).toBe('without AGE');
  expect(changeTitle(origin, origin, keysOf(fork))).toBe('');
});
