/** The session's activities as the workflow sees them, one proxy a class of service. */

import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { modelOptions, RECORDS, sandboxOptions } from '../contract/activity-options.ts';

export const records = proxyLocalActivities<Activities>({ ...RECORDS });

type RemoteActivities = Pick<
  Activities,
  'callModel' | 'runTool' | 'finishStage' | 'finishFollowUp' | 'forkSession' | 'releaseWorkspace'
>;

/** @param heartbeatSeconds a silent worker is given up after this time (a setting, read with the rows) */
export function remoteActivities(heartbeatSeconds: number): RemoteActivities {
  const { callModel } = proxyActivities<Activities>(modelOptions(heartbeatSeconds));
  // a proxy has no names of its own to spread
  const { runTool, finishStage, finishFollowUp, forkSession, releaseWorkspace } = proxyActivities<Activities>(
    sandboxOptions(heartbeatSeconds),
  );
  return { callModel, runTool, finishStage, finishFollowUp, forkSession, releaseWorkspace };
}
