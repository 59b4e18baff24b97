import { expect, test } from '@jest/globals';
import { NO_PROGRESS, stageTimes } from './stage-progress.ts';

const eda = { ...NO_PROGRESS.eda, run: 2, startedAt: 1_000, endedAt: null };
const wait = (from: number, to: number | null, run = 2) => ({ stage: 'eda' as const, run, from, to });

test('waits of a run are told apart from its work', () => {
  expect(stageTimes(NO_PROGRESS.eda, [], 9_000)).toBeNull();
  expect(stageTimes(eda, [], 9_000)).toEqual({ working: 8_000, waiting: 0 });
  const waits = [wait(0, 900, 1), wait(2_000, 5_000), wait(8_000, null)];
  expect(stageTimes(eda, waits, 9_000)).toEqual({ working: 4_000, waiting: 4_000 });
  expect(stageTimes({ ...eda, endedAt: 4_000 }, waits, 9_000)).toEqual({ working: 1_000, waiting: 2_000 });
});
