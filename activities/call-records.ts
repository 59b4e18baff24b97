/** What every tool call reads and writes: its input from the model's message, its result for the next turn. */

import { TemperaError } from '../core/errors.ts';
import type { NewEvent } from '../core/events.ts';
import { malformedText } from '../core/tool-input.ts';
import type { Queryable, Transaction } from '../db/index.ts';
import type { StageRunKey, ToolCall } from '../workflows/contract/activities.ts';
import { sessionStream } from '../workflows/contract/ids.ts';
import { answerMessageId, resultMessageId } from './keys.ts';
import type { ActivityPorts } from './ports.ts';

/** The input of a call as the model wrote it. @throws TemperaError INVALID_INPUT when the turn has no such call */
export async function callInput(
  { repositories }: ActivityPorts,
  queryable: Queryable,
  call: ToolCall,
): Promise<Record<string, unknown>> {
  const [message] = await repositories.getMessages(queryable, [answerMessageId(call)]);
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

/** The input checked against the tool's schema; JSON that could not be read is an error for the agent. */
export function checkedInput({ agents }: ActivityPorts, name: string, input: Record<string, unknown>) {
  const malformed = malformedText(input);
  if (malformed !== null) {
    return {
      ok: false as const,
      message: `The input of ${name} is not a JSON object. Send the call again with valid JSON.`,
    };
  }
  return agents.parseInput(name, input);
}

export interface ToolResult {
  content: string;
  isError: boolean;
  events: NewEvent[];
}

/** Writes the message that carries the result into the next turn's conversation. */
export async function writeToolResult(
  { repositories }: ActivityPorts,
  tx: Transaction,
  call: ToolCall,
  result: ToolResult,
): Promise<void> {
  const { sessionId, stage, run, turn } = call;
  await repositories.insertMessage(tx, {
    id: resultMessageId(call, call.call.id),
    session_id: sessionId,
    stage,
    run,
    turn,
    role: 'tool',
    content: [
      { type: 'tool_result', tool_use_id: call.call.id, content: result.content, is_error: result.isError },
    ],
    metadata: { tool: call.call.name },
  });
  if (result.events.length > 0) await repositories.appendEvents(tx, sessionStream(sessionId), result.events);
}

/** Ends the steps that a stage or follow-up leaves open when it ends early, and tells of the tools among them. */
export async function endOpenSteps(
  { repositories }: ActivityPorts,
  tx: Transaction,
  { sessionId, stage, run }: StageRunKey,
  why: string,
): Promise<void> {
  const steps = await repositories.failOpenSteps(tx, sessionId, stage, run);
  const ended = steps
    .filter((step) => step.kind === 'tool')
    .map((step): NewEvent => {
      const tool = step.tool ?? '';
      const duration = Date.parse(step.ended_at ?? '') - Date.parse(step.started_at);
      const data = { step: step.id, tool, ok: false, output: why, duration_ms: Math.max(0, duration || 0) };
      return { key: `${step.id}/tool_end`, type: 'tool_end', stage, run, data };
    });
  await repositories.appendEvents(tx, sessionStream(sessionId), ended);
}
