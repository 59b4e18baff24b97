/**
 * Webhooks: which events of a stream somebody is told of, what the message says, and when it is sent again. The form
 * is that of Standard Webhooks (standardwebhooks.com): `type`, `timestamp`, `data`. Messages are thin: who is told asks
 * for the rest with a key of its own.
 */

import { z } from 'zod';
import { isFinal } from './classification/states.ts';
import { EVENT_SCHEMAS, type NewEvent } from './events.ts';
import { needsPerson } from './session-state.ts';

export const WEBHOOK_EVENTS = [
  'session.waiting',
  'session.failed',
  'session.done',
  'classification.ended',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];
/** What a person sends to try a webhook. */
export const TEST_EVENT = 'webhook.test';

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;

const LONGEST_URL = 2_000;

export const WebhookSchema = z.object({
  ...{ id: z.string(), owner: z.string(), url: z.string(), events: z.array(z.enum(WEBHOOK_EVENTS)) },
  created_at: z.string(),
  /** null: it is told. */
  disabled_at: z.string().nullable(),
  /** For people. */
  disabled_reason: z.string().nullable(),
});
export type Webhook = z.infer<typeof WebhookSchema>;

export const DeliverySchema = z.object({
  /** Also the header `webhook-id`, by which a receiver knows a message that comes again. */
  id: z.string(),
  event: z.string(),
  payload: z.record(z.string(), z.unknown()),
  state: z.enum(DELIVERY_STATES),
  attempts: z.number(),
  /** Of the last answer; null: there was none. */
  status: z.number().nullable(),
  error: z.string().nullable(),
  next_attempt_at: z.string().nullable(),
  created_at: z.string(),
  ended_at: z.string().nullable(),
});
export type Delivery = z.infer<typeof DeliverySchema>;

const events = z.array(z.enum(WEBHOOK_EVENTS)).min(1);
export const NewWebhookSchema = z.strictObject({
  url: z.string().min(1).max(LONGEST_URL),
  /** Default: all. */
  events: events.default([...WEBHOOK_EVENTS]),
});
export type NewWebhook = z.infer<typeof NewWebhookSchema>;

export const WebhookPatchSchema = z.strictObject({
  events: events.optional(),
  /** true: what was disabled is told again. */
  enabled: z.boolean().optional(),
});
export type WebhookPatch = z.infer<typeof WebhookPatchSchema>;

/** A new one, with the secret that is shown this once. */
export const CreatedWebhookSchema = WebhookSchema.extend({ secret: z.string() });
export type CreatedWebhook = z.infer<typeof CreatedWebhookSchema>;

export interface WebhookMessage {
  type: WebhookEvent;
  data: Record<string, unknown>;
}

/** What somebody is told of an event of a stream; null for most. */
export function messageOf(streamId: string, event: NewEvent): WebhookMessage | null {
  const [kind, id = ''] = streamId.split('/');
  if (event.type === 'classification') return kind === 'classification' ? ofRun(id, event) : null;
  if (kind !== 'session') return null;
  const { stage, run } = event;
  const place = { session_id: id, ...(stage && { stage, run }) };
  if (event.type === 'waiting') return ofWait(place, event);
  return event.type === 'state_change' ? ofState(place, event) : null;
}

function ofRun(id: string, { data }: NewEvent): WebhookMessage | null {
  const { state } = EVENT_SCHEMAS.classification.parse(data);
  return isFinal(state) ? { type: 'classification.ended', data: { run_id: id, state } } : null;
}

function ofWait(place: object, { data }: NewEvent): WebhookMessage | null {
  const { reason, subject, forked } = EVENT_SCHEMAS.waiting.parse(data);
  if (reason === null || forked || !needsPerson({ reason, ...(subject !== undefined && { subject }) }))
    return null;
  return { type: 'session.waiting', data: { ...place, reason, ...(subject && { subject }) } };
}

/** A follow-up changes no state, and a fork's beginning is no end of it. */
function ofState(place: object, { data }: NewEvent): WebhookMessage | null {
  const { state, reason, follow_up, forked_from } = EVENT_SCHEMAS.state_change.parse(data);
  if (follow_up !== undefined || forked_from !== undefined) return null;
  if (state === 'failed')
    return { type: 'session.failed', data: { ...place, state, ...(reason && { reason }) } };
  return state === 'train_done' ? { type: 'session.done', data: { ...place, state } } : null;
}

const FIRST_PAUSE_SECONDS = 5;
const GROWTH = 4;
const LONGEST_PAUSE_SECONDS = 24 * 3_600;
/** Some three days in all. */
export const MOST_ATTEMPTS = 11;

/** Seconds before the next try after so many; null: it is given up. */
export function pauseAfter(attempts: number): number | null {
  if (attempts >= MOST_ATTEMPTS) return null;
  return Math.min(FIRST_PAUSE_SECONDS * GROWTH ** (attempts - 1), LONGEST_PAUSE_SECONDS);
}
