import { answerWords } from './answer-words.ts';

test.each([
  [{ text: 'Grams' }, 'Grams'],
  [{ approved: true, note: 'only these two' }, 'Approved: only these two'],
  [{ approved: false, note: '' }, 'Not approved'],
])('%j reads as "%s"', (answer, words) => {
  expect(answerWords(answer)).toBe(words);
});
