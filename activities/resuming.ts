/**
 * What the command `resume` changes: a stop, a limit, a provider that does not answer, an agent that goes in
 * circles.
 */

import { TemperaError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { assertMayResume } from '../core/session-rules.ts';
import type { SessionState } from '../core/session-state.ts';
import { forgiveDeliveries, insertMessage, updateSession } from '../db/index.ts';
import type { CommandTransaction } from './command-handler.ts';
import type { ActivityPorts } from './ports.ts';
import { modelOf } from './turn-request.ts';

/** Said to an agent that is let go on although it repeats itself. */
const LET_REPEAT =
  'The person has seen that you make the same call with the same result again and again, ' +
  'and lets you go on. Do something else than before.';

/** @throws TemperaError NOT_WAITING where nothing is to be resumed; INVALID_INPUT for a model that nobody provides */
export async function resumeSession(
  ports: ActivityPorts,
  { tx, session }: CommandTransaction,
  { model }: { model?: string },
): Promise<{ state: SessionState }> {
  assertMayResume(session);
  if (model !== undefined) assertModel(ports, model);
  await updateSession(tx, session.id, {
    stop_after_step: false,
    ...(model === undefined ? {} : { model }),
  });
  await forgiveDeliveries(tx, session.id);
  if (session.waiting?.reason === 'loop') {
    const row = { id: newId(), session_id: session.id, stage: null, run: null, turn: null };
    const content = [{ type: 'text', text: LET_REPEAT }];
    await insertMessage(tx, { ...row, role: 'user', content, metadata: { kind: 'resumed' } });
  }
  return { state: session.state };
}

/** @throws TemperaError INVALID_INPUT */
function assertModel(ports: ActivityPorts, model: unknown): asserts model is string {
  if (typeof model !== 'string' || !/^[^/\s]+\/\S+$/.test(model) || model.length > 200)
    throw new TemperaError(
      'INVALID_INPUT',
      'model must be provider/model, for example anthropic/claude-sonnet-5-5.',
    );
  try {
    modelOf(ports, { model });
  } catch (error) {
    const known = [...ports.models.keys()].join(', ');
    throw new TemperaError(
      'INVALID_INPUT',
      `model: no provider of ${model} is configured (configured: ${known}).`,
      {
        cause: error,
      },
    );
  }
}
