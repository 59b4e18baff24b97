/** The session's activities as the workflow sees them, one proxy a class of service. */

import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { modelOptions, RECORDS, sandboxOptions } from '../contract/activity-options.ts';
import { TASK_QUEUES } from '../contract/ids.ts';

export const records = proxyLocalActivities<Activities>({ ...RECORDS });

type RemoteActivities = Pick<
  Activities,
  | 'callModel'
  | 'runTool'
  | 'finishStage'
  | 'finishFollowUp'
  | 'forkSession'
  | 'decideByFork'
  | 'releaseWorkspace'
> & {
  /** The same activity by the queue of calls that ask for a GPU. */
  runGpuTool: Activities['runTool'];
};

/** @param heartbeatSeconds a silent worker is given up after this time (a setting, read with the rows) */
export function remoteActivities(heartbeatSeconds: number): RemoteActivities {
  const { callModel } = proxyActivities<Activities>(modelOptions(heartbeatSeconds));
  // a proxy has no names of its own to spread
  const { runTool, finishStage, finishFollowUp, forkSession, decideByFork, releaseWorkspace } =
    proxyActivities<Activities>(sandboxOptions(heartbeatSeconds));
  const { runTool: runGpuTool } = proxyActivities<Activities>(
    sandboxOptions(heartbeatSeconds, TASK_QUEUES.sandboxGpu),
  );
  return {
    ...{ callModel, runTool, runGpuTool, finishStage, finishFollowUp },
    ...{ forkSession, decideByFork, releaseWorkspace },
  };
}
