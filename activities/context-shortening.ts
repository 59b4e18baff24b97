/** A conversation that its model's context does not hold goes out shorter from then on; its rows stay as they are. */

import { nextFit } from '../core/context-fit.ts';
import { TemperaError } from '../core/errors.ts';
import type { NewEvent } from '../core/events.ts';
import { contextFit, inSession, setContextFit, type Writing } from '../db/index.ts';
import type { TurnKey } from '../workflows/contract/activities.ts';
import { placeOf, stepId } from './keys.ts';
import type { ActivityPorts } from './ports.ts';
import type { ReadyTurn } from './turn-request.ts';

interface TooLong {
  turn: TurnKey;
  prepared: ReadyTurn;
  /** How many times too long, where the provider has said it. */
  excess?: number;
}

/** True when the call failed because its conversation is too long, and it is shorter now. */
export async function shortenAfter(ports: ActivityPorts, error: unknown, tooLong: TooLong): Promise<boolean> {
  if (!(error instanceof TemperaError) || error.details.cause !== 'context') return false;
  const { turn, prepared } = tooLong;
  const { excess } = error.details;
  const attempt = { step: stepId(turn), epoch: prepared.epoch };
  return inSession(ports, { sessionId: turn.sessionId, attempt }, (tx, tell) =>
    shorten({ tx, tell }, { ...tooLong, ...(typeof excess === 'number' ? { excess } : {}) }),
  );
}

/** Fits the stage run's conversation more tightly and tells of it; false when nothing that may go is left. */
export async function shorten({ tx, tell }: Writing, { turn, prepared, excess }: TooLong): Promise<boolean> {
  const { stage, run } = turn;
  const place = placeOf(turn);
  const fit = nextFit(prepared.messages, await contextFit(tx, place), excess);
  if (fit === null) return false;
  await setContextFit(tx, place, fit);
  const { shortened, summarised, characters } = fit;
  const change =
    summarised > 0
      ? `a summary stands for its first ${summarised} answers, and what tools gave goes out shortened`
      : `what tools gave for its first ${shortened} answers goes out shortened`;
  const message =
    `The conversation no longer fits the model: from here on ${change}. Nothing is lost, and ` +
    'the files stay as they are.';
  const event: NewEvent = {
    key: `${stage}/${run}/${turn.turn}/context/${summarised}/${shortened}/${characters}`,
    type: 'context_shortened',
    stage,
    run,
    data: { turn: turn.turn, shortened, summarised, message },
  };
  await tell(event);
  return true;
}
