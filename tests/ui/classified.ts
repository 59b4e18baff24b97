/** A run of the bundled tables' classification, which all browser tests share. */

import type { RunStatus } from '../../core/classification/answers.ts';
import { isFinal } from '../../core/classification/states.ts';
import { until } from '../platform/wait.ts';
import { thePlace } from './place.ts';

/** Longest wait for a run of the bundled tables. */
export const RUN_SECONDS = 90;

/** Id of the sample's last run, which has ended; where there is none one is started. */
export async function sampleRun(): Promise<string> {
  const { rest } = thePlace();
  const status = () => rest.get<RunStatus>('/api/fsm/status?source_id=sample');
  if ((await status()).run_id === '') await rest.send('POST', '/api/fsm/start', { source_id: 'sample' });
  const ended = await until(
    'the sample is classified',
    async () => {
      const now = await status();
      return isFinal(now.state) && now;
    },
    RUN_SECONDS,
  );
  return ended.run_id;
}
