/** A run's activities as its workflow sees them. */

import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ClassificationActivities } from '../../activities/classification/index.ts';
import { classificationOptions, modelOptions, RECORDS } from '../contract/activity-options.ts';

export const runRecords = proxyLocalActivities<
  Pick<ClassificationActivities, 'loadRun' | 'moveRun' | 'nextColumns' | 'countLabels'>
>({
  ...RECORDS,
});

type RunSteps = Pick<
  ClassificationActivities,
  | 'loadVocabulary'
  | 'discoverTables'
  | 'sampleTables'
  | 'trainMembers'
  | 'classifyTables'
  | 'fuseTables'
  | 'evaluateRun'
>;

/** @param heartbeatSeconds a silent worker is given up after this time */
export const runSteps = (heartbeatSeconds: number, owner: string): RunSteps =>
  proxyActivities<ClassificationActivities>(classificationOptions(heartbeatSeconds, owner));

type ModelSteps = Pick<ClassificationActivities, 'planSweep' | 'sweepTables' | 'endRound'>;

/** 1 goes first, 3 is what all others have. */
const LESS_THAN_SESSIONS = 4;

/** What waits for a model stands in the queue of model calls. */
export const modelSteps = (heartbeatSeconds: number, owner: string): ModelSteps =>
  proxyActivities<ClassificationActivities>({
    ...modelOptions(heartbeatSeconds),
    startToCloseTimeout: '2 hours',
    priority: { fairnessKey: owner.slice(0, 64), priorityKey: LESS_THAN_SESSIONS },
  });
