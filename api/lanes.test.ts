/** Lanes that take a session's messages at once in the order in which they came, or refuse them when they are full. */

import { createLanes } from './lanes.ts';

/** Work that says when it begins and ends when it is told to. */
function controlled() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
  };
  return { begun, work, end: (name: string) => ends.get(name)?.() };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('work of one lane goes in order, one at a time, beside that of other lanes', async () => {
  const lanes = createLanes({ waiting: 10, waitMs: 60_000 });
  const { begun, work, end } = controlled();
  const done = ['a', 'b', 'c'].map((name) => lanes.inTurn('one', work(name)));
  const other = lanes.inTurn('other', work('x'));
  await settle();
  expect(begun).toEqual(['a', 'x']);
  end('x');
  end('a');
  expect([await other, await done[0]]).toEqual(['x', 'a']);
  await settle();
  expect(begun).toEqual(['a', 'x', 'b']);
  end('b');
  await done[1];
  await settle();
  end('c');
  expect(await done[2]).toBe('c');
});

test('work that fails gives its turn to the next', async () => {
  const lanes = createLanes({ waiting: 10, waitMs: 60_000 });
  const failing = lanes.inTurn('one', () => Promise.reject(new Error('no')));
  const next = lanes.inTurn('one', async () => 'done');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
});

test('a full lane, and a turn that does not come, are told; the others keep theirs', async () => {
  const lanes = createLanes({ waiting: 2, waitMs: 20 });
  const { begun, work, end } = controlled();
  const first = lanes.inTurn('one', work('a'));
  const impatient = lanes.inTurn('one', work('b'));
  const second = lanes.inTurn('one', work('c'));
  await expect(lanes.inTurn('one', work('d'))).rejects.toMatchObject({
    code: 'LIMIT_REACHED',
    retryAfter: 1,
  });
  await expect(impatient).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
  await expect(second).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
  end('a');
  await first;
  const later = lanes.inTurn('one', work('e'));
  await settle();
  expect(begun).toEqual(['a', 'e']);
  end('e');
  await later;
});
