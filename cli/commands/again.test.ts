/** `tempera again`: what is asked stands as a table, the recommended choice first, and what is taken is told. */

import type { Refitted } from '../records.ts';
import { questionLines, refittedLines } from './again.ts';

const question: Refitted['questions'][number] = {
  ...{ id: 'column.age', text: 'The new table has no column age, which is decided about' },
  choices: [
    { answer: 'age_years', consequence: 'age_years is left out' },
    { answer: 'gone', consequence: 'age is gone' },
  ],
  ...{ answer: null, safe: 'age_years' },
};
const inherited = [
  { key: 'target', value: 'species', by: 'person', to_confirm: false },
  { key: 'metric', value: 'f1_macro', by: 'agent', to_confirm: false },
];
const preview: Refitted = { inherited, unfit: [], questions: [], missing_columns: [], new_columns: [] };

test('a question is a table of its choices', () => {
  expect(questionLines(question)).toEqual([
    '  The new table has no column age, which is decided about.',
    '    1  age_years  age_years is left out (recommended)',
    '    2  gone       age is gone',
  ]);
});

test.each<[string, Partial<Refitted>, string[]]>([
  ['all fits', {}, []],
  [
    'columns come and go',
    { new_columns: ['a', 'b'], missing_columns: ['c'] },
    [...['New columns: a, b.', 'Columns that are gone: c.']],
  ],
  [
    'one is decided anew',
    { unfit: [{ key: 'split.by', value: 'x', by: 'agent' }] },
    ['Decided anew: split.by.'],
  ],
  ['a question was answered', { questions: [{ ...question, answer: 'gone' }] }, []],
  [
    'a question is open',
    { questions: [question] },
    [
      ...questionLines(question),
      "  Taken until it is confirmed: age_years. To decide otherwise: --answer 'column.age=…'.",
    ],
  ],
  [
    'a question has to be answered',
    { questions: [{ ...question, safe: null }] },
    [...questionLines(question), "  It has to be answered: --answer 'column.age=…'."],
  ],
])('%s', (_, patch, lines) => {
  expect(refittedLines({ ...preview, ...patch })).toEqual([
    '2 decisions are kept, 1 of them a person’s.',
    ...lines,
  ]);
});
