/** The task queues, and the workflow's type; its ids are in core/session-names.ts. */

export const TASK_QUEUES = {
  workflows: 'tempera',
  models: 'tempera-models',
  sandbox: 'tempera-sandbox',
  /** Tool calls on a GPU: they may wait long for one, and hold no place of the others. */
  sandboxGpu: 'tempera-sandbox-gpu',
  /** Pieces of classifications: they never stand in a session's way. */
  classification: 'tempera-classification',
} as const;

export const SESSION_WORKFLOW = 'SessionWorkflow';
