/** Server-sent events, as text. `event:` is the type, `id:` the seq, `data:` one line of JSON. */

import type { StoredEvent } from '../../core/events.ts';

/**
 * A delta of a message that is being written, a look at an endpoint, or what a session that is followed beside others
 * says: without an id to resume from.
 */
export interface LiveDelta {
  type: 'agent_delta' | 'thinking_delta' | 'endpoint' | 'endpoint_removed' | FollowedType;
  data: unknown;
}
export type FollowedType = 'session_event' | 'session_delta' | 'session_reset' | 'session_refused';
/** What changed somewhere: `id` is where its reader goes on. */
export interface ChangeItem {
  type: string;
  id: string;
  data: unknown;
}
export type StreamItem = StoredEvent | LiveDelta | ChangeItem;

/** Sent first: how long a browser waits before it reconnects. */
export const STREAM_PREAMBLE = 'retry: 1000\n\n';
/** Keeps proxies awake; readers ignore it. */
export const KEEP_ALIVE = ': keep-alive\n\n';

/** One frame. The stage and run of a stored event travel in its data, beside its own fields. */
export function encodeEvent(item: StreamItem): string {
  if ('id' in item) return frame(item.type, item.data, item.id);
  if (!('seq' in item)) return frame(item.type, item.data, null);
  const placed = { ...(item.stage && { stage: item.stage }), ...(item.run !== null && { run: item.run }) };
  return frame(item.type, { ...placed, created_at: item.created_at, ...item.data }, item.seq);
}

function frame(type: string, data: unknown, id: number | string | null): string {
  const line = id === null ? '' : `id: ${id}\n`;
  return `event: ${type}\n${line}data: ${JSON.stringify(data)}\n\n`;
}
