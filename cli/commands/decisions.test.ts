/** What changes of decisions come to, in words. */

import type { Decided } from '../records.ts';
import { changeWords } from './decisions.ts';

const change = { key: 'model.choice', from: 'linear', to: 'boosting' };
const done: Decided = {
  ...{ session: 's', how: 'rerun', queued: false, changes: [change], stage: 'prep' },
  ...{ anew: ['prep', 'train'], adopted: [], dry_run: false },
};

test.each<[Partial<Decided>, string]>([
  [{}, '1 change: prep, train are made anew here.'],
  [{ dry_run: true, how: 'fork' }, '1 change: prep, train would be made anew in a fork.'],
  [{ queued: true }, '1 change: prep, train are made anew here, when the stage that runs has ended.'],
  [{ how: 'here', anew: [] }, '1 change: nothing has to be made anew.'],
  [{ changes: [] }, 'Nothing differs from what is in force.'],
  [
    { adopted: [{ stage: 'prep', run: 3, of: 1 }] },
    '1 change: prep is as run 1 had made it, nothing was computed; train is made anew here.',
  ],
])('changes of decisions are told as they were made: %j', (patch, words) => {
  expect(changeWords({ ...done, ...patch })).toBe(words);
});
