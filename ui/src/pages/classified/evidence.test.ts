import type { Review } from '../../lib/api/classification.ts';
import { shownValue, signalWords, sourceName } from '../../lib/classification/source-words.ts';
import { sentenceOf } from './decision-words.ts';

test('sources are called as people say it, also one that is not known here', () => {
  expect([sourceName('name_match'), sourceName('llm'), sourceName('future_one')]).toEqual([
    ...['Name', 'Model', 'Future one'],
  ]);
  expect(signalWords({ matched: 2, of: 50, counts_as: 'nothing' })).toBe('2 of 50 values, too few to count');
});

test('values are shown with what cannot be seen', () => {
  expect([shownValue(''), shownValue('a\tb\r\n'), shownValue('<b>')]).toEqual(['“”', 'a⇥b␍⏎', '<b>']);
});

test('a decision is told by its column, several by their number', () => {
  const review = (decision: Review['decision']) => ({ column_name: 'eml', decision }) as Review;
  expect(sentenceOf([review('accept')])).toBe('eml: accepted.');
  expect(sentenceOf([review('correct'), review('correct')])).toBe('2 columns: corrected.');
});
