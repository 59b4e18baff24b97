/** Events that become items on their own: checks, borders of stages, notices. */

import { doneState, runningStage } from '../../../../core/session-state.ts';
import { STAGE_NAMES } from '../api/types.ts';
import type { ConversationItem } from './conversation-item.ts';
import { type EventOf, type LogEvent, STAGES } from './log-event.ts';

/** The item of an event that stands for itself; null for one that shows nothing. */
export function otherItem(event: LogEvent): ConversationItem | null {
  const { type, seq } = event;
  const at = placed(event, `${type}/${seq}`);
  const notice = { ...at, kind: 'notice' as const, code: '' };
  switch (event.type) {
    case 'validation_result': {
      const { passed, warnings, errors } = event.data;
      return { ...at, kind: 'validation', passed, warnings, errors };
    }
    case 'state_change':
      return boundary(event);
    case 'limit_reached':
      return { ...notice, tone: 'attention', code: event.data.limit, text: event.data.message };
    case 'error':
      return { ...notice, tone: 'error', code: event.data.code, text: event.data.message };
    case 'context_shortened':
      return { ...notice, tone: 'plain', text: event.data.message };
    case 'stale': {
      const stages = event.data.stages.join(', ');
      return {
        ...notice,
        tone: 'plain',
        text: `Made before this run and kept, but out of date now: ${stages}.`,
      };
    }
    default:
      return null;
  }
}

function boundary(event: EventOf<'state_change'>): ConversationItem | null {
  const { state, follow_up } = event.data;
  const at = { ...placed(event, `state_change/${event.seq}`), kind: 'boundary' as const };
  // the session keeps its state while its agent answers after the last stage
  if (follow_up?.change === 'opened') return { ...at, text: `Follow-up ${follow_up.n}`, state: 'running' };
  if (follow_up)
    return { ...at, text: `Follow-up ${follow_up.n} ${follow_up.change}`, state: follow_up.change };
  if (state === 'failed' || state === 'cancelled') {
    const stage = event.stage ? STAGE_NAMES[event.stage] : 'Session';
    return { ...at, text: `${stage} ${state}`, state };
  }
  const again = (event.run ?? 1) > 1 ? `, run ${event.run}` : '';
  const running = runningStage(state);
  if (running) return { ...at, text: `${STAGE_NAMES[running]}${again}`, state: 'running' };
  const done = STAGES.find((stage) => doneState(stage) === state);
  return done ? { ...at, text: `${STAGE_NAMES[done]} done${again}`, state: 'done' } : null;
}

/** Where an event's item stands. */
export const placed = ({ seq, stage, run, created_at }: LogEvent, id: string) => ({
  id,
  seq,
  stage,
  run,
  at: created_at,
});
