/** What every tool call checks and writes: its input, and its result for the next turn. */

import type { NewEvent } from '../core/events.ts';
import { warningFor } from '../core/repetition.ts';
import { malformedText } from '../core/tool-input.ts';
import { failOpenSteps, insertMessage, setMessageContent, type Writing } from '../db/index.ts';
import type { Repetition, StageRunKey, ToolCall } from '../workflows/contract/activities.ts';
import { placeOf, resultMessageId } from './keys.ts';
import type { ActivityPorts } from './ports.ts';
import { repetitionOf, signatureOf } from './repetition.ts';

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

/**
 * Writes the message that carries the result into the next turn's conversation; one that has been given before
 * again and
 * again says so.
 */
export async function writeToolResult(
  { tx, tell }: Writing,
  call: ToolCall,
  { content, isError, events }: ToolResult,
): Promise<{ repeated?: Repetition }> {
  const { sessionId, stage, run, turn } = call;
  const id = resultMessageId(call, call.call.id);
  const contentOf = (text: string) => [
    { type: 'tool_result', tool_use_id: call.call.id, content: text, is_error: isError },
  ];
  const signature = await signatureOf(tx, call, content);
  await insertMessage(tx, {
    id,
    session_id: sessionId,
    stage,
    run,
    turn,
    role: 'tool',
    content: contentOf(content),
    metadata: { tool: call.call.name, ...(signature === null ? {} : { signature }) },
  });
  const repetition = await repetitionOf(tx, call);
  const warning = warningFor(repetition.repeated?.times ?? 1);
  if (warning !== '') await setMessageContent(tx, id, contentOf(`${content}${warning}`));
  await tell(...events);
  return repetition;
}

/** Ends the steps that a stage or follow-up leaves open when it ends early, and tells of the tools among them. */
export async function endOpenSteps({ tx, tell }: Writing, place: StageRunKey, why: string): Promise<void> {
  const { stage, run } = place;
  const steps = await failOpenSteps(tx, placeOf(place));
  const ended = steps
    .filter((step) => step.kind === 'tool')
    .map((step): NewEvent => {
      const tool = step.tool ?? '';
      const duration = Date.parse(step.ended_at ?? '') - Date.parse(step.started_at);
      const data = { step: step.id, tool, ok: false, output: why, duration_ms: Math.max(0, duration || 0) };
      return { key: `${step.id}/tool_end`, type: 'tool_end', stage, run, data };
    });
  await tell(...ended);
}
