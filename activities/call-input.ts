/** A tool call as the model wrote it. */

import { TemperaError } from '../core/errors.ts';
import { getMessages, type Queryable } from '../db/index.ts';
import type { ToolCall } from '../workflows/contract/activities.ts';
import { answerMessageId } from './keys.ts';

/** The input of a call as the model wrote it. @throws TemperaError INVALID_INPUT when the turn has no such call */
export async function callInput(queryable: Queryable, call: ToolCall): Promise<Record<string, unknown>> {
  const [message] = await getMessages(queryable, [answerMessageId(call)]);
  const block = message?.content.find((part) => part.type === 'tool_use' && part.id === call.call.id);
  const input = block?.input;
  if (typeof input !== 'object' || input === null) {
    throw new TemperaError(
      'INVALID_INPUT',
      `Turn ${call.turn} of ${call.stage} has no call [${call.call.id}].`,
    );
  }
  return input as Record<string, unknown>;
}
