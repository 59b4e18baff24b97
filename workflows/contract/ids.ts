/** Workflow ids and task queues, built here and nowhere else. */

export const sessionWorkflowId = (sessionId: string): string => `session/${sessionId}`;
export const sessionStream = (sessionId: string): string => `session/${sessionId}`;

export const TASK_QUEUES = {
  workflows: 'tempera',
  models: 'tempera-models',
  sandbox: 'tempera-sandbox',
  /** Tool calls on a GPU: they may wait long for one, and hold no place of the others. */
  sandboxGpu: 'tempera-sandbox-gpu',
} as const;

export const SESSION_WORKFLOW = 'SessionWorkflow';
