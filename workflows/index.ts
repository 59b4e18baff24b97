export { ClassificationWorkflow } from './classification/workflow.ts';
export { SessionWorkflow } from './session/workflow.ts';
export { WebhookDeliveryWorkflow } from './webhook/workflow.ts';
