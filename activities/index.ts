/** The side effects of workflows, one file an outside system. */

import { Context } from '@temporalio/activity';
import { createDecisionChanges } from './decision-changes.ts';
import { createDecisionForks } from './decision-forks.ts';
import { withFailures } from './failures.ts';
import { createFollowUps } from './follow-ups.ts';
import { createForks } from './forks.ts';
import { createModelCalls } from './model-calls.ts';
import type { ActivityPorts } from './ports.ts';
import { createSessionCommands } from './session-commands.ts';
import { createSessionLoading } from './session-loading.ts';
import { createStageEnd } from './stage-end.ts';
import { createStageRecords } from './stage-records.ts';
import { createToolCalls } from './tool-calls.ts';

export type { ActivityPorts, ActivitySettings } from './ports.ts';

export function createActivities(ports: ActivityPorts) {
  const activities = {
    ...createSessionLoading(ports),
    ...createSessionCommands(ports),
    ...createStageRecords(ports),
    ...createModelCalls(ports),
    ...createToolCalls(ports),
    ...createStageEnd(ports),
    ...createFollowUps(ports),
    ...createForks(ports),
    ...createDecisionChanges(ports),
    ...createDecisionForks(ports),
  };
  return withFailures(activities, {
    bugAttempts: ports.settings.bugAttempts,
    endless: ['loadSession', 'failStage', 'finishCancel', 'stopFollowUp'],
    attempt: () => Context.current().info.attempt,
  });
}

export type Activities = ReturnType<typeof createActivities>;
