/** Workflow ids and task queues, built here and nowhere else. */

export const sessionWorkflowId = (sessionId: string): string => `session/${sessionId}`;
export const sessionStream = (sessionId: string): string => `session/${sessionId}`;

export const TASK_QUEUES = {
  workflows: 'tempera',
  models: 'tempera-models',
  sandbox: 'tempera-sandbox',
} as const;

export const SESSION_WORKFLOW = 'SessionWorkflow';
