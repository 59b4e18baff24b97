/** An event of a session as pages and the live stream give it. */

import type { EventSourceMessage } from 'eventsource-parser';
import { STAGES, type Stage, type StoredEvent } from '../api/types.ts';

export { STAGES, type Stage };
/** Its `seq` counts 1, 2, 3 … without a gap within a session. */
export type LogEvent = StoredEvent;

/**
 * Text of a message that is being written, or what is thought before it; never stored. `offset` counts UTF-16 units
 * of its part from the answer's start.
 */
export interface TextDelta {
  part: 'text' | 'thinking';
  message: string;
  epoch: number;
  offset: number;
  text: string;
}

export const isStage = (value: unknown): value is Stage => STAGES.some((stage) => stage === value);

/** A frame with a number as an event; null for one without (a delta) or one that is none of ours. */
export function toLogEvent({ event, id, data }: EventSourceMessage): LogEvent | null {
  const seq = id === undefined ? Number.NaN : Number(id);
  const fields = parseObject(data);
  if (!Number.isInteger(seq) || fields === null) return null;
  return {
    seq,
    type: event ?? 'message',
    stage: isStage(fields.stage) ? fields.stage : null,
    run: typeof fields.run === 'number' ? fields.run : null,
    data: fields,
    created_at: typeof fields.created_at === 'string' ? fields.created_at : '',
  };
}

const PARTS: Readonly<Record<string, TextDelta['part']>> = {
  agent_delta: 'text',
  thinking_delta: 'thinking',
};

/** Null for a frame that is no delta, or none that can be read. */
export function toDelta({ event, data }: EventSourceMessage): TextDelta | null {
  const part = PARTS[event ?? ''];
  if (part === undefined) return null;
  const fields = parseObject(data);
  const { message, epoch, offset, text } = fields ?? {};
  const whole = typeof message === 'string' && typeof text === 'string';
  if (!whole || typeof epoch !== 'number' || typeof offset !== 'number') return null;
  return { part, message, epoch, offset, text };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    // a frame that is not JSON tells nothing: the gap it leaves is asked for again
    return null;
  }
}
