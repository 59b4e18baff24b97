/** A run's activities as its workflow sees them. */

import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ClassificationActivities } from '../../activities/classification/index.ts';
import { classificationOptions, RECORDS } from '../contract/activity-options.ts';

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
