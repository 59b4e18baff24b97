import { columnRoles, possibleRoles, roleChanges, roleKeys } from './column-roles.ts';

const of = (values: Record<string, unknown>) => (key: string) => values[key];

test('target and split say which columns are more than features', () => {
  const split = { target: 'sold', 'split.by': ['shop', 'day'] };
  expect([...columnRoles(of({ ...split, 'split.strategy': 'time' }))]).toEqual([
    ['shop', 'time'],
    ['day', 'time'],
    ['sold', 'target'],
  ]);
  expect([...columnRoles(of({ 'split.by': 'shop', 'split.strategy': 'group' }))]).toEqual([
    ['shop', 'group'],
  ]);
  expect([...columnRoles(of({ 'split.by': null }))]).toEqual([]);
});

test('a role is decided by the keys that make it', () => {
  const column = { name: 'shop', now: 'feature' as const, oneByOne: 'random' };
  expect(roleChanges(column, 'target')).toEqual([{ key: 'target', value: 'shop' }]);
  expect(roleChanges(column, 'time')).toEqual([
    { key: 'split.by', value: 'shop' },
    { key: 'split.strategy', value: 'time' },
  ]);
  expect(roleChanges({ ...column, now: 'group' }, 'feature')).toEqual([
    { key: 'split.by', value: null },
    { key: 'split.strategy', value: 'random' },
  ]);
  expect(roleChanges({ ...column, now: 'target' }, 'feature')).toEqual([]);
});

test('the target may become nothing else until another column is the target', () => {
  expect(possibleRoles({ role: 'target', planned: 'target' })).toEqual(['target']);
  expect(possibleRoles({ role: 'target', planned: 'feature' })).toEqual(['target', 'feature']);
  expect(possibleRoles({ role: 'column', planned: 'column' })).toEqual([
    ...['column', 'feature', 'target', 'group', 'time'],
  ]);
});

test('a role that is taken back takes back what was begun about this column alone', () => {
  const begun = of({ target: 'day', 'split.by': 'shop' });
  expect(roleKeys({ name: 'shop', role: 'feature' }, begun)).toEqual(['split.by', 'split.strategy']);
  expect(roleKeys({ name: 'day', role: 'feature' }, begun)).toEqual(['target']);
  expect(roleKeys({ name: 'till', role: 'group' }, begun)).toEqual(['split.by', 'split.strategy']);
  expect(roleKeys({ name: 'age', role: 'feature' }, begun)).toEqual([]);
});
