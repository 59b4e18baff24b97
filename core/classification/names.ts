/** What a run of a classification is called elsewhere: its event stream, and the workflow that drives it. */

export const classificationStream = (run: string): string => `classification/${run}`;
export const classificationWorkflowId = (run: string): string => `classification/${run}`;
