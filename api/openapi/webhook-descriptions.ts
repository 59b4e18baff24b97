/** What is told of the routes of webhooks, and of what is stored. */

import type { RouteDescription } from './route-description.ts';

export const WEBHOOK_DESCRIPTIONS: Readonly<Record<string, RouteDescription>> = {
  'GET /api/usage': {
    tag: 'platform',
    summary: 'What the caller has stored, `{"sessions", "bytes"}`, with its `limits`; null is without one.',
  },
  'GET /api/webhooks': {
    tag: 'webhooks',
    summary: 'The caller’s webhooks, newest first; one that is disabled says why.',
  },
  'POST /api/webhooks': {
    tag: 'webhooks',
    summary:
      '`{"url", "events"}`: a webhook with the secret that signs its messages, which is shown this once.',
    status: 201,
  },
  'PATCH /api/webhooks/:id': {
    tag: 'webhooks',
    summary: '`{"events", "enabled"}`: changes what it is told, disables it, or enables it again.',
  },
  'DELETE /api/webhooks/:id': { tag: 'webhooks', summary: 'Removes it with what was sent to it.' },
  'POST /api/webhooks/:id/test': {
    tag: 'webhooks',
    summary: 'Sends it a message that tells of nothing; 202 with the delivery’s id.',
    status: 202,
  },
  'GET /api/webhooks/:id/deliveries': {
    tag: 'webhooks',
    summary: 'What was sent to it, newest first: attempts, the last answer, the next try.',
  },
  'POST /api/webhooks/:id/deliveries/:delivery/replay': {
    tag: 'webhooks',
    summary: 'Sends the message again, by the same id; 202.',
    status: 202,
  },
};
