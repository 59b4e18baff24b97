/**
 * Signatures of messages to webhooks by the scheme of Standard Webhooks: `v1,` and the HMAC-SHA256 of
 * `id.timestamp.body`. Uses node:crypto, so no workflow imports it.
 */

import { createHmac, randomBytes } from 'node:crypto';
import type { SealedFor } from './sealed-credentials.ts';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new secret, as both sides have it. */
export const newSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');

export interface SignedMessage {
  id: string;
  /** Seconds since 1970. */
  timestamp: number;
  body: string;
}

/** The three headers by which a receiver knows who sent the message, when, and whether it came before. */
export function signedHeaders(
  secret: string,
  { id, timestamp, body }: SignedMessage,
): Record<string, string> {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${signature}`,
  };
}

/** What a webhook's secret is sealed for: a row with another URL does not open it. */
export const sealedFor = ({ id, url }: { id: string; url: string }): SealedFor => ({
  ...{ id, type: 'webhook', address: url },
});
