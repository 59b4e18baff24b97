/** Events that become items on their own: checks, borders of stages, notices. */

import type { ConversationItem } from './conversation-item.ts';
import type { LogEvent } from './log-event.ts';

/** The item of an event that stands for itself; null for one that shows nothing. */
export function otherItem(event: LogEvent): ConversationItem | null {
  const { type, data, seq } = event;
  const at = placed(event, `${type}/${seq}`);
  switch (type) {
    case 'validation_result':
      return {
        ...at,
        kind: 'validation',
        passed: list(data.passed),
        warnings: list(data.warnings),
        errors: list(data.errors),
      };
    case 'state_change':
      return boundary(event);
    case 'follow_up':
      return { ...at, kind: 'boundary', text: `Follow-up ${String(data.n)}`, state: endState(data.state) };
    case 'limit_reached':
      return { ...at, kind: 'notice', tone: 'attention', code: words(data.limit), text: words(data.message) };
    case 'error':
      return { ...at, kind: 'notice', tone: 'error', code: words(data.code), text: words(data.message) };
    case 'context_shortened':
      return { ...at, kind: 'notice', tone: 'plain', code: '', text: words(data.message) };
    case 'stale': {
      const text = `Made before this run and kept, but out of date now: ${list(data.stages).join(', ')}.`;
      return { ...at, kind: 'notice', tone: 'plain', code: '', text };
    }
    default:
      return null;
  }
}

const STAGE_TITLES: Record<string, string> = { eda: 'EDA', prep: 'Prep', train: 'Train' };

/** The session keeps its state while its agent answers questions after the last stage. */
const FOLLOW_UP = /^follow-up (\d+) (opened|done|failed|cancelled)/;

function boundary(event: LogEvent): ConversationItem | null {
  const state = words(event.data.state);
  const at = placed(event, `state_change/${event.seq}`);
  const talk = FOLLOW_UP.exec(words(event.data.reason));
  if (talk) {
    const [, n, change] = talk;
    const text = change === 'opened' ? `Follow-up ${n}` : `Follow-up ${n} ${change}`;
    return { ...at, kind: 'boundary', text, state: endState(change) };
  }
  if (state === 'failed' || state === 'cancelled') {
    const stage = STAGE_TITLES[event.stage ?? ''] ?? 'Session';
    return { ...at, kind: 'boundary', text: `${stage} ${state}`, state };
  }
  const [name = '', change] = state.split('_');
  const title = STAGE_TITLES[name];
  if (title === undefined) return null;
  const again = (event.run ?? 1) > 1 ? `, run ${event.run}` : '';
  return change === 'running'
    ? { ...at, kind: 'boundary', text: `${title}${again}`, state: 'running' }
    : { ...at, kind: 'boundary', text: `${title} done${again}`, state: 'done' };
}

function endState(value: unknown): 'running' | 'done' | 'failed' | 'cancelled' {
  return value === 'done' || value === 'failed' || value === 'cancelled' ? value : 'running';
}

/** Where an event's item stands. */
export const placed = ({ seq, stage, run, created_at }: LogEvent, id: unknown) => ({
  id: words(id),
  seq,
  stage,
  run,
  at: created_at,
});

/** A text field; empty where it is none. */
export const words = (value: unknown): string => (typeof value === 'string' ? value : '');
export const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(words) : []);
