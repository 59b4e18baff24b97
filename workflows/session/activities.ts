/** The session's activities as the workflow sees them, one proxy a class of service. */

import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { modelOptions, RECORDS, sandboxOptions } from '../contract/activity-options.ts';

export const records = proxyLocalActivities<Activities>({ ...RECORDS });

/** @param heartbeatSeconds a silent worker is given up after this time (a setting, read with the rows) */
export function remoteActivities(
  heartbeatSeconds: number,
): Pick<Activities, 'callModel' | 'runTool' | 'finishStage' | 'releaseWorkspace'> {
  const { callModel } = proxyActivities<Activities>(modelOptions(heartbeatSeconds));
  const { runTool, finishStage, releaseWorkspace } = proxyActivities<Activities>(
    sandboxOptions(heartbeatSeconds),
  );
  return { callModel, runTool, finishStage, releaseWorkspace };
}
