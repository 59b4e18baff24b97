/** What the workflow that delivers a message to a webhook is handed. */

export const WEBHOOK_WORKFLOW = 'WebhookDeliveryWorkflow';

export interface WebhookDeliveryInput {
  deliveryId: string;
  /** 1; each sending by hand begins another. */
  round: number;
}

export const webhookWorkflowId = ({ deliveryId, round }: WebhookDeliveryInput): string =>
  `webhook/${deliveryId}/${round}`;
