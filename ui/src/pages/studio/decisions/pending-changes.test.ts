import { changesKey, PendingChanges } from './pending-changes.ts';

function place(stored: Record<string, string> = {}) {
  const items = new Map(Object.entries(stored));
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}

test('changes are kept for the next page and for another tab, one a key', () => {
  const storage = place();
  const changes = new PendingChanges('s', storage);
  const other = new PendingChanges('s', storage);
  let notices = 0;
  other.onChange(() => {
    notices += 1;
  });
  changes.set([{ key: 'metric', value: 'f1' }]);
  changes.set([
    { key: 'metric', value: 'recall' },
    { key: 'split.by', value: null },
  ]);
  other.stored(changesKey('another'));
  expect([notices, other.list]).toEqual([0, []]);
  other.stored(changesKey('s'));
  expect(notices).toBe(1);
  for (const each of [other, new PendingChanges('s', storage)]) {
    expect(each.list).toEqual([
      { key: 'metric', value: 'recall' },
      { key: 'split.by', value: null },
    ]);
    expect([each.of('split.by'), each.of('target')]).toEqual([{ key: 'split.by', value: null }, null]);
  }
});

test('what is discarded is forgotten, and nothing is left where all is', () => {
  const storage = place();
  const changes = new PendingChanges('s', storage);
  changes.set([
    { key: 'a', value: 1 },
    { key: 'b', value: 2 },
  ]);
  changes.discard(['a']);
  expect(new PendingChanges('s', storage).list).toEqual([{ key: 'b', value: 2 }]);
  changes.clear();
  expect([...storage.items]).toEqual([]);
});

test('without a place, or with something else in it, changes last as long as the page', () => {
  const full = {
    ...place({ [changesKey('s')]: '{"key": 1}' }),
    setItem: () => {
      throw new Error('full');
    },
  };
  for (const storage of [null, full]) {
    const changes = new PendingChanges('s', storage);
    expect(changes.list).toEqual([]);
    changes.set([{ key: 'a', value: 1 }]);
    expect(changes.list).toEqual([{ key: 'a', value: 1 }]);
  }
});

test('what is left to the agent is kept as that, until a value is chosen', () => {
  const storage = place();
  const changes = new PendingChanges('s', storage);
  changes.set([{ key: 'metric', value: null, withdraw: true }]);
  expect(new PendingChanges('s', storage).of('metric')).toEqual({
    key: 'metric',
    value: null,
    withdraw: true,
  });
  changes.set([{ key: 'metric', value: 'f1' }]);
  expect(new PendingChanges('s', storage).list).toEqual([{ key: 'metric', value: 'f1' }]);
});
