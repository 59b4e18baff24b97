import { toAnswer } from './questions.ts';

const asked = (answer: unknown) => ({
  id: 'q1',
  answer,
  answered_by: 'ann',
  answered_at: '2026-01-01T00:00:00Z',
});

test.each([
  [{ text: 'Grams' }, 'Grams'],
  [{ approved: true, note: 'only these two' }, 'Approved: only these two'],
  [{ approved: false, note: '' }, 'Not approved'],
])('%j reads as "%s"', (answer, words) => {
  expect(toAnswer(asked(answer))).toEqual([
    { id: 'q1', answer: words, by: 'ann', at: '2026-01-01T00:00:00Z' },
  ]);
});

test('an open question has no answer', () => {
  expect(toAnswer({ ...asked(null), answered_by: null, answered_at: null })).toEqual([]);
});
