/** A conversation that its model's context does not hold goes out shorter from then on; its rows stay as they are. */

import { nextFit } from '../core/context-fit.ts';
import { TemperaError } from '../core/errors.ts';
import type { NewEvent } from '../core/events.ts';
import type { Transaction } from '../db/index.ts';
import type { TurnKey } from '../workflows/contract/activities.ts';
import { sessionStream } from '../workflows/contract/ids.ts';
import { stepId } from './keys.ts';
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
  const shorter = await ports.database.transaction(async (tx) => {
    await ports.repositories.fenceStep(tx, stepId(turn), prepared.epoch);
    return shorten(ports, tx, { ...tooLong, ...(typeof excess === 'number' ? { excess } : {}) });
  });
  ports.events.notify(sessionStream(turn.sessionId));
  return shorter;
}

/** Fits the stage run's conversation more tightly and tells of it; false when nothing that may go is left. */
export async function shorten(
  { repositories }: ActivityPorts,
  tx: Transaction,
  { turn, prepared, excess }: TooLong,
): Promise<boolean> {
  const { sessionId, stage, run } = turn;
  const fit = nextFit(prepared.messages, await repositories.contextFit(tx, sessionId, stage, run), excess);
  if (fit === null) return false;
  await repositories.setContextFit(tx, { session_id: sessionId, stage, run }, fit);
  const { shortened, summarised, characters } = fit;
  const told =
    summarised > 0
      ? `a summary stands for its first ${summarised} answers, and what tools gave goes out shortened`
      : `what tools gave for its first ${shortened} answers goes out shortened`;
  const message =
    `The conversation no longer fits the model: from here on ${told}. Nothing is lost, and ` +
    'the files stay as they are.';
  const event: NewEvent = {
    key: `${stage}/${run}/${turn.turn}/context/${summarised}/${shortened}/${characters}`,
    type: 'context_shortened',
    stage,
    run,
    data: { turn: turn.turn, shortened, summarised, message },
  };
  await repositories.appendEvents(tx, sessionStream(sessionId), [event]);
  return true;
}
