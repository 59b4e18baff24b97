/** Starts the workflows of what runs by its rows and has no workflow: after a lost Temporal database. */

import type { Client } from '@temporalio/client';
import { classificationWorkflowId } from '../core/classification/names.ts';
import { sessionWorkflowId } from '../core/session-names.ts';
import { type Database, listOpenRuns, listRunningSessions } from '../db/index.ts';
import { CLASSIFICATION_WORKFLOW } from '../workflows/contract/classification.ts';
import { SESSION_WORKFLOW, TASK_QUEUES } from '../workflows/contract/ids.ts';

/** @returns how many sessions were looked at; one whose workflow runs is left as it is */
export async function startMissingWorkflows(client: Client, database: Database): Promise<number> {
  const running = await listRunningSessions(database);
  for (const { id, owner } of running) {
    await client.workflow.start(SESSION_WORKFLOW, {
      workflowId: sessionWorkflowId(id),
      taskQueue: TASK_QUEUES.workflows,
      args: [{ sessionId: id, owner }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `Session ${id}`,
    });
  }
  return running.length;
}

/** @returns how many runs of classifications were looked at; also one that was written and not started any more */
export async function startMissingRuns(client: Client, database: Database): Promise<number> {
  const open = await listOpenRuns(database);
  for (const { id, owner } of open) {
    await client.workflow.start(CLASSIFICATION_WORKFLOW, {
      workflowId: classificationWorkflowId(id),
      taskQueue: TASK_QUEUES.workflows,
      args: [{ runId: id, owner }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `Classification ${id}`,
    });
  }
  return open.length;
}
