/** What a session's wait is called on the command line. */

import type { Session } from '../core/records.ts';
import { needsPerson, type Waiting, type WaitingReason } from '../core/session-state.ts';

const HELD: Readonly<Record<WaitingReason, string>> = {
  question: 'an answer',
  approval: 'an approval',
  limit: 'a higher limit',
  stopped: 'resume',
  quota: 'the model provider’s quota',
  slot: 'a free slot of a sandbox host',
  provider: 'the model provider',
  loop: 'a word on what repeats',
};

/** What an event or a row says of a wait, as far as it is told here. */
export type ShownWait = Pick<Waiting, 'reason' | 'until' | 'subject' | 'tries' | 'message'>;

/** A wait on one line: what for, until when, and what lets it go on. */
export function waitLine(wait: ShownWait): string {
  const { reason, until, subject, tries, message } = wait;
  const about =
    subject === undefined || reason === 'question' || reason === 'approval' ? '' : ` (${subject})`;
  const when = until === undefined ? '' : tries === undefined ? ` until ${until}` : `, next try ${until}`;
  const why = message === undefined || (tries ?? 1) > 1 ? '' : `: ${message}`;
  return `waiting for ${HELD[reason]}${about}${when}${why}`;
}

/** Why a session stands still until somebody lets it go on; null for one that goes on by itself or is answered. */
export function pauseOf({ waiting }: Pick<Session, 'waiting'>): WaitingReason | null {
  if (waiting === null || waiting.reason === 'question' || waiting.reason === 'approval') return null;
  return waiting.reason === 'stopped' || needsPerson(waiting) ? waiting.reason : null;
}
