/** An event of a session as pages and the live stream give it. */

import { STAGES, type Stage, type StoredEvent } from '../api/types.ts';
import type { SseFrame } from './sse-frames.ts';

export { STAGES, type Stage };
/** Its `seq` counts 1, 2, 3 … without a gap within a session. */
export type LogEvent = StoredEvent;
export type EventOf<T extends LogEvent['type']> = Extract<LogEvent, { type: T }>;

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

/** What a frame says of one of several sessions: an event, or the fields of a delta or a refusal. */
export interface Followed {
  session: string;
  type: string;
  /** null for what is no event */
  event: LogEvent | null;
  data: string;
}

export function toFollowed({ data }: SseFrame): Followed {
  const { session, type, ...fields } = parseObject(data) ?? {};
  const { seq, stage, run, created_at, data: content } = fields;
  const isEvent = Number.isInteger(seq) && typeof content === 'object' && content !== null;
  return {
    session: String(session),
    type: String(type),
    event: isEvent
      ? asEvent({
          seq: Number(seq),
          type: String(type),
          stage: isStage(stage) ? stage : null,
          run: typeof run === 'number' ? run : null,
          data: { ...content },
          created_at: typeof created_at === 'string' ? created_at : '',
        })
      : null,
    data,
  };
}

/**
 * One boundary cast: the platform holds each event against the schema of its type before it writes it, and the union is
 * generated from those. A type that a newer platform has, and this page does not know, is passed over by all.
 */
export const asEvent = (event: { [Field in keyof LogEvent]: unknown }): LogEvent => event as LogEvent;

const PARTS: Readonly<Record<string, TextDelta['part']>> = {
  agent_delta: 'text',
  thinking_delta: 'thinking',
};

/** Null for a frame that is no delta, or none that can be read. */
export function toDelta({ event, data }: SseFrame): TextDelta | null {
  const part = PARTS[event];
  if (part === undefined) return null;
  const fields = parseObject(data);
  const { message, epoch, offset, text } = fields ?? {};
  const whole = typeof message === 'string' && typeof text === 'string';
  if (!whole || typeof epoch !== 'number' || typeof offset !== 'number') return null;
  return { part, message, epoch, offset, text };
}

/** The fields of a frame's data; null where it is no object. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    // a frame that is not JSON tells nothing: the gap it leaves is asked for again
    return null;
  }
}
