/** What is told of a session's decisions on a new file, and when every question has its answer. */

import type { AgainPreview, AgainQuestion } from '../../lib/api/types.ts';
import { answerOf, answersToSend, previewWords } from './again-words.ts';

const decision = (key: string, by: 'person' | 'agent') => ({
  ...{ key, by, value: 'x', reason: '', to_confirm: false },
});
const preview = (patch: Partial<AgainPreview> = {}): AgainPreview => ({
  ...{ dry_run: true, inherited: [decision('target', 'person'), decision('metric', 'agent')], unfit: [] },
  ...{ questions: [], missing_columns: [], new_columns: [] },
  ...patch,
});
const question = (id: string, safe: string | null): AgainQuestion => ({
  ...{ id, text: 'It does not fit', answer: null, safe },
  choices: ['a', 'b'].map((answer) => ({ answer, consequence: `${answer} is done` })),
});

test('what is kept and by whom, what is decided anew, what is new and what is gone', () => {
  expect(previewWords(preview())).toEqual(['2 decisions kept, 1 of them yours.']);
  expect(previewWords(preview({ inherited: [] }))).toEqual(['No decision is kept.']);
  const columns = Array.from({ length: 10 }, (_, at) => `c${at}`);
  expect(
    previewWords(
      preview({ unfit: [decision('split.by', 'agent')], new_columns: columns, missing_columns: ['age'] }),
    ).slice(1),
  ).toEqual([
    'Decided anew: split.by.',
    'New: c0, c1, c2, c3, c4, c5, c6, c7 and 2 more. The agent decides what becomes of them.',
    'Not in this file: age.',
  ]);
});

test('the safe choice stands chosen; where none is safe nothing is sent before there is an answer', () => {
  const [safe, open] = [question('column.age', 'a'), question('target', null)];
  expect([answerOf(safe, {}), answerOf(safe, { 'column.age': 'b' }), answerOf(open, {})]).toEqual([
    'a',
    'b',
    null,
  ]);
  expect(answerOf(safe, { 'column.age': 'not offered any more' })).toBe('a');
  expect(answersToSend([safe, open], {})).toBeNull();
  expect(answersToSend([safe, open], { target: 'b' })).toEqual({ 'column.age': 'a', target: 'b' });
  expect(answersToSend([], { target: 'b' })).toEqual({});
});
