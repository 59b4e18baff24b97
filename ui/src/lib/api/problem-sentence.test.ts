import { problemFields, problemSentence } from './problem-sentence.ts';

const issue = (field: string, message: string) => ({
  details: { issues: [{ field, message }] },
  detail: 'raw',
});

test.each([
  ['body.sql', 'Too small: expected string to have >=1 characters', 'SQL is empty.'],
  [
    'body.text',
    'Too big: expected string to have <=16000 characters',
    'Text has too many characters: at most 16,000.',
  ],
  ['body.limits.cost', 'Too small: expected number to be >=0', 'Limits, cost must be at least 0.'],
  ['body.limits.turns', 'Too big: expected number to be <=200', 'Limits, turns must be at most 200.'],
  ['body.columns', 'Too small: expected array to have >=1 items', 'Columns has too few entries: at least 1.'],
  ['body.model', 'give provider/model', 'Model is wrong: give provider/model.'],
])('%s with "%s" reads as a sentence', (field, message, sentence) => {
  expect(problemSentence(issue(field, message))).toBe(sentence);
});

test('without named fields the document speaks for itself', () => {
  expect(problemSentence({ detail: 'Prep is missing.', details: { stage: 'prep' } })).toBe(
    'Prep is missing.',
  );
  expect(problemSentence({})).toBeNull();
});

test('what is wrong stands at its field, whichever way the problem names it', () => {
  const issues = [
    { field: 'body.name', message: 'Too small: expected string to have >=1 characters' },
    { field: 'body.credentials.user', message: 'x' },
  ];
  expect(problemFields({ issues }, 'Wrong.')).toEqual({
    name: 'Name is empty.',
    credentials: 'Credentials, user is wrong: x.',
  });
  expect(problemFields({ field: 'address' }, 'The address is no URL.')).toEqual({
    address: 'The address is no URL.',
  });
  expect(problemFields({ stage: 'prep' }, 'Prep is missing.')).toEqual({});
});
