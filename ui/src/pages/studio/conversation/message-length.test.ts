import { beginningOf, lengthOf } from './message-length.ts';

test('the composer counts near the limit and names it beyond', () => {
  expect(lengthOf(10, 100)).toEqual({ tooLong: false, words: '' });
  expect(lengthOf(95, 100)).toEqual({ tooLong: false, words: '95 of 100 characters' });
  expect(lengthOf(100, 100).tooLong).toBe(false);
  const beyond = lengthOf(100_000);
  expect(beyond.tooLong).toBe(true);
  expect(beyond.words).toContain('100,000 characters: a message may have 16,000 (MAX_MESSAGE_CHARACTERS)');
  expect(beyond.words).toContain('by 84,000');
});

test('a long message shows its beginning, a short one stands whole', () => {
  expect(beginningOf('Mind the missing values')).toBeNull();
  expect(beginningOf('x'.repeat(5_000))).toHaveLength(1_201);
  expect(beginningOf('line\n'.repeat(100))?.split('\n')).toHaveLength(14);
});
