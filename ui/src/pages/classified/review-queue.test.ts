import type { QueuedColumn } from '../../lib/api/classification.ts';
import { decided, itemsOf, startWalk, stepped, takenBack } from './review-queue.ts';

const column = (id: string, similar: string[] = []): QueuedColumn => ({
  ...{
    id,
    database: 'd',
    table_name: 't',
    column_name: id,
    predicted_code: 'EMAIL',
    predicted_label: 'E-mail',
  },
  ...{ belief: 0.4, probability: 0.5, settles: similar.length + 1, similar },
});
const walk = startWalk([column('0.1', ['3.1', '4.1']), column('0.2'), column('0.3')]);
const names = ({ items }: typeof walk): string[] => items.map(({ id }) => id);

test('one decision settles the column, or all that are like it', () => {
  const [first] = walk.items;
  if (!first) throw new Error('the queue is empty');
  expect(itemsOf(first, { decision: 'accept' }, false)).toEqual([{ column: '0.1', decision: 'accept' }]);
  expect(itemsOf(first, { decision: 'correct', code: 'X' }, true).map((item) => item.column)).toEqual([
    ...['0.1', '3.1', '4.1'],
  ]);
});

test('what is decided leaves, the one behind it follows, and undo brings each back to its place', () => {
  const second = decided(stepped(walk, 1), []);
  expect([names(second), second.at]).toEqual([['0.1', '0.3'], 1]);
  const third = decided(second, []);
  expect([names(third), third.at]).toEqual([['0.1'], 0]);
  const back = takenBack(takenBack(third));
  expect([names(back), back.at, back.done]).toEqual([['0.1', '0.2', '0.3'], 1, []]);
  expect(takenBack(walk)).toBe(walk);
});

test('nobody steps past an end, and an empty queue stands anything', () => {
  expect([stepped(walk, -1).at, stepped(walk, 9).at]).toEqual([0, 2]);
  const empty = startWalk([]);
  expect([stepped(empty, 1).at, decided(empty, []), takenBack(empty)]).toEqual([0, empty, empty]);
});
