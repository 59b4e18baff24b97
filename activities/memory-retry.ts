/**
 * One more run on a larger limit for code that ran out of memory, where the settings allow it. The step's row and its
 * `attempt_started` event keep it, so that another worker neither forgets nor repeats it.
 */

import type { ExecutionLimits } from '../core/ports/sandbox.ts';
import type { Step } from '../core/records.ts';
import { type MemoryRetry, memoryRetry } from '../core/step-output.ts';
import type { EndedExecution } from './execution-plan.ts';
import type { ActivitySettings } from './ports.ts';

type Settings = Pick<ActivitySettings, 'limits' | 'memoryRetryFactor'>;

/** Whether the code is to be run once more. */
export function wantsMoreMemory(
  { memoryRetryFactor }: Settings,
  step: Pick<Step, 'output'>,
  { exit }: Pick<EndedExecution, 'exit'>,
): boolean {
  return exit.status === 'oom' && memoryRetryFactor > 1 && memoryRetry(step) === null;
}

export function memoryRetryOf(
  { limits, memoryRetryFactor }: Settings,
  { exit }: Pick<EndedExecution, 'exit'>,
): MemoryRetry {
  return {
    reason: 'out_of_memory',
    peak_memory_bytes: exit.peakMemoryBytes,
    memory_bytes: Math.round(limits.memoryBytes * memoryRetryFactor),
  };
}

/** The limits of the step's current run. */
export function limitsOf({ limits }: Settings, step: Pick<Step, 'output'>): ExecutionLimits {
  const retry = memoryRetry(step);
  return retry ? { ...limits, memoryBytes: retry.memory_bytes } : limits;
}

/** For the agent: why this is the second run. '' when it is the first. */
export function retryNote(step: Pick<Step, 'output'>): string {
  const retry = memoryRetry(step);
  if (!retry) return '';
  return (
    `Run again with a limit of ${mebibytes(retry.memory_bytes)}, because the first run ran ` +
    `out of memory at ${mebibytes(retry.peak_memory_bytes)}. `
  );
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MiB`;
