import { expect, test } from '@jest/globals';
import type { EventOf } from './log-event.ts';
import { NO_PROGRESS, progressAfter, stageTimes } from './stage-progress.ts';

const eda = { ...NO_PROGRESS.eda, run: 2, startedAt: 1_000, endedAt: null };
const wait = (from: number, to: number | null, run = 2) => ({ stage: 'eda' as const, run, from, to });

test('waits of a run are told apart from its work', () => {
  expect(stageTimes(NO_PROGRESS.eda, [], 9_000)).toBeNull();
  expect(stageTimes(eda, [], 9_000)).toEqual({ working: 8_000, waiting: 0 });
  const waits = [wait(0, 900, 1), wait(2_000, 5_000), wait(8_000, null)];
  expect(stageTimes(eda, waits, 9_000)).toEqual({ working: 4_000, waiting: 4_000 });
  expect(stageTimes({ ...eda, endedAt: 4_000 }, waits, 9_000)).toEqual({ working: 1_000, waiting: 2_000 });
});

test('a follow-up does not lengthen the stage that ended before it', () => {
  type Change = EventOf<'state_change'>['data'];
  const change = (seq: number, at: number, data: Change): EventOf<'state_change'> => ({
    ...{ seq, type: 'state_change', stage: 'train', run: 1, created_at: new Date(at).toISOString(), data },
  });
  const events = [
    change(1, 0, { state: 'train_running' }),
    change(2, 39_000, { state: 'train_done' }),
    change(3, 500_000, { state: 'train_done', follow_up: { n: 1, change: 'opened' } }),
    change(4, 606_000, { state: 'train_done', follow_up: { n: 1, change: 'done' } }),
  ];
  const { train } = events.reduce(progressAfter, NO_PROGRESS);
  expect(stageTimes(train, [], 900_000)).toEqual({ working: 39_000, waiting: 0 });
  // run again it counts anew
  const again = [
    { ...change(5, 700_000, { state: 'train_running' }), run: 2 },
    { ...change(6, 710_000, { state: 'train_done' }), run: 2 },
  ];
  const second = again.reduce(progressAfter, { ...NO_PROGRESS, train }).train;
  expect(stageTimes(second, [], 900_000)).toEqual({ working: 10_000, waiting: 0 });
});

test('an answer that was lost costs, and is no turn', () => {
  const usage = (seq: number, data: { lost?: boolean }): EventOf<'usage'> => ({
    ...{ seq, type: 'usage', stage: 'eda', run: 1, created_at: new Date(seq).toISOString() },
    data: { turn: 1, tokens: 10, cost: 0.5, ...data },
  });
  const { eda: spent } = [usage(1, { lost: true }), usage(2, {})].reduce(progressAfter, NO_PROGRESS);
  expect(spent).toMatchObject({ turns: 1, tokens: 20, cost: 1 });
});
