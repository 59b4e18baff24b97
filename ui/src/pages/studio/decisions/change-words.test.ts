import { changesTitle, consequence, takenWords } from './change-words.ts';

const here = { stage: 'prep', anew: [], queued: false, how: 'here', adopted: [] } as const;
const again = {
  stage: 'eda',
  anew: ['eda', 'prep', 'train'],
  queued: false,
  how: 'rerun',
  adopted: [],
} as const;

test('the title counts them and names the first stage that they concern', () => {
  expect(changesTitle(1, null)).toBe('1 change');
  expect(changesTitle(3, here)).toBe('3 changes, from Prep on');
  expect(changesTitle(2, { ...here, stage: null })).toBe('2 changes');
});

test('what is made anew is named, and when', () => {
  expect(consequence(again)).toBe('EDA, Prep and Train are made anew.');
  expect(consequence({ ...again, anew: ['train'], queued: true })).toBe(
    'Train is made anew once the stage that runs has ended.',
  );
  expect(consequence(here)).toBe('Nothing is made anew: Prep has not run yet and will follow them.');
  expect(consequence({ ...here, stage: null })).toBe('Nothing is made anew.');
});

test('what was done is told as it was', () => {
  expect(takenWords(2, { ...again, how: 'fork' })).toBe(
    '2 changes in a session of its own, which goes on from there.',
  );
  expect(takenWords(1, { ...again, queued: true })).toBe(
    '1 change kept until the stage that runs has ended.',
  );
  expect(takenWords(1, here)).toBe('1 change taken.');
  const adopted = [{ stage: 'prep' as const, run: 3, of: 1 }];
  expect(takenWords(1, { ...again, anew: ['prep', 'train'], adopted })).toBe(
    '1 change taken; Prep is as run 1 had made it; Train made anew.',
  );
  expect(takenWords(1, again)).toBe('1 change taken; EDA, Prep and Train made anew.');
});
