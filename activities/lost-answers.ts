/** Answers of a model that came, wholly or in part, and could not be kept: counted, told, and bounded by turn. */

import { TemperaError } from '../core/errors.ts';
import type { NewEvent } from '../core/events.ts';
import type { Delivered } from '../core/ports/model.ts';
import { failModelCall, inSession, loseDelivery, type ModelCallKey, sessionUsage } from '../db/index.ts';
import type { TurnKey } from '../workflows/contract/activities.ts';
import { answerMessageId } from './keys.ts';
import type { ActivityPorts } from './ports.ts';

/**
 * Notes that the call failed, and what had been delivered of its answer. One that was given up on purpose costs what it
 * costs, but is none that will be repeated for its own sake.
 * @returns the failure to be thrown, with what the session has spent now
 */
export async function countLost(
  ports: ActivityPorts,
  { turn, key }: { turn: TurnKey; key: ModelCallKey },
  error: unknown,
): Promise<unknown> {
  const message = error instanceof Error ? error.message : String(error);
  const delivered = deliveredOf(error);
  await inSession(ports, turn, async (tx, tell) => {
    await failModelCall(tx, key, message);
    if (delivered === null) return;
    const cancelled = error instanceof TemperaError && error.code === 'CANCELLED';
    const attempt = await loseDelivery(tx, key, { used: delivered, counts: !cancelled });
    if (attempt === null) return;
    await tell(lostEvent(turn, `${key.request_sha256.slice(0, 12)}/${attempt}`, delivered));
  });
  if (delivered === null) return error;
  return withSpent(ports, turn, error);
}

/** The same failure with what the session has spent: the workflow looks at its limits before it goes on. */
export async function withSpent(
  { database }: ActivityPorts,
  turn: TurnKey,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof TemperaError)) return error;
  const { tokens, cost } = await sessionUsage(database, turn.sessionId);
  return new TemperaError(error.code, error.message, {
    cause: error.cause,
    details: { ...error.details, spent: { tokens, cost } },
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
  });
}

export function tooOftenLost(deliveries: number): TemperaError {
  const message =
    `The model has answered this turn ${deliveries} times, and no answer could be kept. Each ` +
    'was counted with its estimated cost. Look at what stands between the platform and its ' +
    'provider, then resume: the turn is asked again.';
  return new TemperaError('MODEL_UNAVAILABLE', message, {
    details: { cause: 'repeated', said: `${deliveries} answers were lost` },
  });
}

function deliveredOf(error: unknown): Delivered | null {
  const delivered = error instanceof TemperaError ? error.details.delivered : undefined;
  // one boundary cast: the provider's adapter has made it
  return delivered === undefined ? null : (delivered as Delivered);
}

function lostEvent(turn: TurnKey, lost: string, { usage, cost }: Delivered): NewEvent {
  const tokens = usage.input + usage.output + usage.cacheRead + usage.cacheWrite;
  return {
    key: `${answerMessageId(turn)}/lost/${lost}`,
    type: 'usage',
    stage: turn.stage,
    run: turn.run,
    data: { turn: turn.turn, tokens, cost, lost: true },
  };
}
