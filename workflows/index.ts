export { ClassificationWorkflow } from './classification/workflow.ts';
export { SessionWorkflow } from './session/workflow.ts';
