/** What changes of decisions come to, in words. */

import { asDecision } from '../../core/started-decisions.ts';
import type { Decided } from '../records.ts';
import { changeWords, decisionRow } from './decisions.ts';

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

test('a decision is listed with by whom it was made, and from where it was kept', () => {
  const own = { key: 'split.by', value: null, reason: 'rows are alike' };
  const shown = { stage: 'prep', key: 'split.by', value: 'null', reason: 'rows are alike' };
  expect(decisionRow(asDecision(own), false)).toEqual({ ...shown, by: 'person' });
  const inherited = asDecision({ ...own, by: 'agent', inherited_from: 'other', to_confirm: true });
  expect(decisionRow({ ...inherited, standing: 'unfit' }, false)).toEqual({
    ...{ ...shown, by: 'agent', from: 'other', note: 'to confirm', standing: 'unfit' },
  });
});
