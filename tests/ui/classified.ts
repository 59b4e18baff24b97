/** A run of the bundled tables' classification, which all browser tests share. */

import type { RunStatus } from '../../core/classification/answers.ts';
import { isFinal } from '../../core/classification/states.ts';
import { until } from '../platform/wait.ts';
import { thePlace } from './place.ts';

/** Longest wait for a run of the bundled tables. */
export const RUN_SECONDS = 90;

/** Id of the sample's last run, which has ended; the platform makes the first by itself, soon after its start. */
export async function sampleRun(): Promise<string> {
  const { rest } = thePlace();
  const ended = await until(
    'the sample is classified',
    async () => {
      const now = await rest.get<RunStatus>('/api/fsm/status?source_id=sample');
      return isFinal(now.state) && now;
    },
    RUN_SECONDS,
  );
  return ended.run_id;
}
