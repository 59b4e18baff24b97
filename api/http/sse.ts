/** Server-sent events, as text. `event:` is the type, `id:` the seq, `data:` one line of JSON. */

import type { StoredEvent } from '../../core/events.ts';

/** A delta of a message that is being written: never stored, so it has no id to resume from. */
export interface LiveDelta {
  type: 'agent_delta';
  data: unknown;
}
export type StreamItem = StoredEvent | LiveDelta;

/** Sent first: how long a browser waits before it reconnects. */
export const STREAM_PREAMBLE = 'retry: 1000\n\n';
/** Keeps proxies awake; readers ignore it. */
export const KEEP_ALIVE = ': keep-alive\n\n';

/** One frame. The stage and run of a stored event travel in its data, beside its own fields. */
export function encodeEvent(item: StreamItem): string {
  if (!('seq' in item)) return frame(item.type, item.data, null);
  const placed = { ...(item.stage && { stage: item.stage }), ...(item.run !== null && { run: item.run }) };
  return frame(item.type, { ...placed, created_at: item.created_at, ...item.data }, item.seq);
}

/** A comment line, for people who watch with curl. */
export function encodeComment(text: string): string {
  return `: ${text.replace(/[\r\n]+/g, ' ')}\n\n`;
}

function frame(type: string, data: unknown, seq: number | null): string {
  const id = seq === null ? '' : `id: ${seq}\n`;
  return `event: ${type}\n${id}data: ${JSON.stringify(data)}\n\n`;
}
