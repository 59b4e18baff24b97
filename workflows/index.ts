export { SessionWorkflow } from './session/workflow.ts';
