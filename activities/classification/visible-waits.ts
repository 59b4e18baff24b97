/** An outage is waited for without end, and seen: it stands in the run's progress until the work has gone on. */

import { Context } from '@temporalio/activity';
import { TemperaError } from '../../core/errors.ts';
import { openRun } from './open-run.ts';
import type { ClassificationPorts } from './ports.ts';
import { createRunRecords } from './run-records.ts';

const WAITING = 'waiting: ';

/** What is not told of: no run waits for it, or it could not be written. */
const UNTOLD: ReadonlySet<string> = new Set(['CANCELLED', 'SUPERSEDED', 'DATABASE_UNAVAILABLE']);

export function withVisibleWaits<T extends Record<string, (input: never) => Promise<unknown>>>(
  ports: ClassificationPorts,
  activities: T,
): T {
  const { moveRun } = createRunRecords(ports);
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (input: never) => {
      const runId = String(Reflect.get(input, 'runId'));
      try {
        const result = await activity(input);
        if (Context.current().info.attempt > 1) await endWait(ports, runId, moveRun);
        return result;
      } catch (error) {
        const reason = waitedFor(error);
        // that it could not be told is no reason to fail otherwise than it did
        if (reason !== null)
          await moveRun({ runId, progress: { phase: `${WAITING}${reason}`.slice(0, 500) } }).catch(
            () => undefined,
          );
        throw error;
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}

const waitedFor = (error: unknown): string | null =>
  error instanceof TemperaError && error.kind.retry === 'endlessly' && !UNTOLD.has(error.code)
    ? error.message
    : null;

async function endWait(
  ports: ClassificationPorts,
  runId: string,
  moveRun: ReturnType<typeof createRunRecords>['moveRun'],
): Promise<void> {
  const { progress } = await openRun(ports, { runId });
  if (progress.phase?.startsWith(WAITING)) await moveRun({ runId, progress: { phase: '' } });
}
