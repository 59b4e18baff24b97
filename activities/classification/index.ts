/** The side effects of a classification's workflow. */

import { Context } from '@temporalio/activity';
import { withFailures } from '../failures.ts';
import { createClassifying } from './classifying.ts';
import { createEvaluating } from './evaluating.ts';
import { createFindingTables } from './finding-tables.ts';
import { createLearning } from './learning.ts';
import type { ClassificationPorts } from './ports.ts';
import { createRunRecords } from './run-records.ts';
import { createSweeping } from './sweeping.ts';
import { withVisibleWaits } from './visible-waits.ts';

export type { ClassificationPorts } from './ports.ts';

export function createClassificationActivities(ports: ClassificationPorts) {
  const activities = {
    ...createRunRecords(ports),
    ...withVisibleWaits(ports, {
      ...createFindingTables(ports),
      ...createClassifying(ports),
      ...createSweeping(ports),
      ...createLearning(ports),
      ...createEvaluating(ports),
    }),
  };
  return withFailures(activities, {
    bugAttempts: ports.settings.bugAttempts,
    // nothing else would tell of a run's end
    endless: ['moveRun'],
    attempt: () => Context.current().info.attempt,
  });
}

export type ClassificationActivities = ReturnType<typeof createClassificationActivities>;
