import type { ExecutionExit } from '../core/ports/sandbox.ts';
import { limitsOf, memoryRetryOf, retryNote, wantsMoreMemory } from './memory-retry.ts';

const MEBIBYTE = 2 ** 20;
const limits = {
  memoryBytes: 100 * MEBIBYTE,
  workspaceBytes: 1,
  workspaceFiles: 1,
  processes: 1,
  outputBytes: 1,
  tmpBytes: 1,
};
const settings = { limits, memoryRetryFactor: 2 };
const ended = (status: ExecutionExit['status']) => ({
  exit: { status, peakMemoryBytes: 99 * MEBIBYTE } as ExecutionExit,
});
const first = { output: null };
const second = { output: memoryRetryOf(settings, ended('oom')) };

test('only code that ran out of memory is run once more, and only once', () => {
  expect(wantsMoreMemory(settings, first, ended('oom'))).toBe(true);
  expect(wantsMoreMemory(settings, first, ended('crashed'))).toBe(false);
  expect(wantsMoreMemory(settings, second, ended('oom'))).toBe(false);
});

test('a factor of 1 switches it off', () => {
  expect(wantsMoreMemory({ limits, memoryRetryFactor: 1 }, first, ended('oom'))).toBe(false);
});

test('the second run has the larger limit and says why', () => {
  expect(limitsOf(settings, first)).toBe(limits);
  expect(limitsOf(settings, second)).toEqual({ ...limits, memoryBytes: 200 * MEBIBYTE });
  expect(retryNote(first)).toBe('');
  expect(retryNote(second)).toBe(
    'Run again with a limit of 200 MiB, because the first run ran out of memory at 99 MiB. ',
  );
});
