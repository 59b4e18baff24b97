/** Streams an answer as the Messages API does: blocks in odd pieces, a ping in between, usage at both ends. */

import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pauseFor } from 'node:timers/promises';
import type { IssuedAnswers } from './issued-answers.ts';
import type { ScriptedAnswer, ScriptedBlock } from './script.ts';
import type { MessagesRequest, WireBlock } from './wire.ts';

export interface WireUsage {
  input_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
}

type StreamEvent = { type: string } & Record<string, unknown>;

/** Sends `answer`; resolves to true when message_stop went out. */
export async function streamAnswer(
  response: ServerResponse,
  answer: ScriptedAnswer,
  context: { request: MessagesRequest; usage: WireUsage; issued: IssuedAnswers },
): Promise<boolean> {
  const events = [...toEvents(answer, context)];
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  for (const [sent, event] of events.entries()) {
    if (response.destroyed) return false;
    if (answer.midway?.after === sent) await answer.midway.wait();
    if (answer.cutAfter === sent) return await breakOff(response, answer);
    send(response, event, answer);
    if (answer.pause) await pauseFor(answer.pause);
  }
  if (answer.dataOnly) response.write('data: [DONE]\n\n');
  return new Promise((resolve) => {
    response.once('finish', () => resolve(true));
    response.once('close', () => resolve(response.writableFinished));
    response.end();
  });
}

async function breakOff(response: ServerResponse, answer: ScriptedAnswer): Promise<false> {
  if (answer.errorEvent) {
    send(response, { type: 'error', error: answer.errorEvent }, answer);
    response.end();
    return false;
  }
  // What was sent must have left before the connection goes, else nothing of it arrives.
  await new Promise<void>((resolve) => response.write(': cut\n\n', () => resolve()));
  response.destroy();
  return false;
}

function send(response: ServerResponse, event: StreamEvent, { dataOnly }: ScriptedAnswer): void {
  const kind = dataOnly ? '' : `event: ${event.type}\n`;
  response.write(`${kind}data: ${JSON.stringify(event)}\n\n`);
}

function* toEvents(
  answer: ScriptedAnswer,
  { request, usage, issued }: { request: MessagesRequest; usage: WireUsage; issued: IssuedAnswers },
): Generator<StreamEvent> {
  const message = {
    id: `msg_${randomUUID().replaceAll('-', '')}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...usage, output_tokens: 1 },
  };
  yield { type: 'message_start', message };
  yield { type: 'ping' };
  for (const [index, block] of answer.content.entries()) yield* blockEvents(block, index, issued);
  if (answer.garbled) yield { type: 'content_block_stop', index: 'last' };
  const output = Math.ceil(JSON.stringify(answer.content).length / 4);
  yield {
    type: 'message_delta',
    delta: { stop_reason: stopReasonOf(answer), stop_sequence: null },
    usage: { ...usage, output_tokens: output },
  };
  yield { type: 'message_stop' };
}

function stopReasonOf(answer: ScriptedAnswer): string {
  const calls = answer.content.some((block) => block.type === 'tool_use' || block.type === 'raw_tool_use');
  return answer.stopReason ?? (calls ? 'tool_use' : 'end_turn');
}

function* blockEvents(block: ScriptedBlock, index: number, issued: IssuedAnswers): Generator<StreamEvent> {
  yield { type: 'content_block_start', index, content_block: emptyBlock(block, issued) };
  for (const delta of deltasOf(block, issued)) yield { type: 'content_block_delta', index, delta };
  yield { type: 'content_block_stop', index };
}

function emptyBlock(block: ScriptedBlock, issued: IssuedAnswers): Record<string, unknown> {
  if (block.type === 'text') return { type: 'text', text: '', citations: null };
  if (block.type === 'thinking' || block.type === 'raw_thinking')
    return { type: 'thinking', thinking: '', signature: '' };
  if (block.type === 'redacted_thinking')
    return { type: 'redacted_thinking', data: issued.redact(block.thinking) };
  return { type: 'tool_use', id: block.id, name: block.name, input: {}, caller: { type: 'direct' } };
}

function* deltasOf(block: ScriptedBlock, issued: IssuedAnswers): Generator<StreamEvent> {
  if (block.type === 'text') {
    for (const text of pieces(block.text)) yield { type: 'text_delta', text };
  } else if (block.type === 'thinking') {
    for (const thinking of pieces(block.thinking)) yield { type: 'thinking_delta', thinking };
    yield { type: 'signature_delta', signature: issued.sign(block.thinking) };
  } else if (block.type === 'raw_thinking') {
    for (const thinking of pieces(block.thinking)) yield { type: 'thinking_delta', thinking };
    if (block.signature !== '') yield { type: 'signature_delta', signature: block.signature };
  } else if (block.type !== 'redacted_thinking') {
    const json = block.type === 'raw_tool_use' ? block.json : JSON.stringify(block.input);
    yield { type: 'input_json_delta', partial_json: '' };
    for (const partial of pieces(json)) yield { type: 'input_json_delta', partial_json: partial };
  }
}

/** Pieces of 1, 2, 3, 5, 8 … code points up to about 90: odd enough to split words, escapes and numbers. */
function* pieces(text: string): Generator<string> {
  const points = Array.from(text);
  let [size, next] = [1, 2];
  for (let at = 0; at < points.length; ) {
    yield points.slice(at, at + size).join('');
    at += size;
    if (next < 90) [size, next] = [next, size + next];
  }
}

/** An answer's content as a later request must bring it back. */
export function toWireContent(content: ScriptedBlock[], issued: IssuedAnswers): WireBlock[] {
  return content.flatMap((block): WireBlock[] => {
    if (block.type === 'thinking') return [{ ...block, signature: issued.sign(block.thinking) }];
    if (block.type === 'redacted_thinking')
      return [{ type: 'redacted_thinking', data: issued.redact(block.thinking) }];
    if (block.type === 'raw_thinking')
      return [{ type: 'thinking', thinking: block.thinking, signature: block.signature }];
    if (block.type === 'raw_tool_use')
      return [{ type: 'tool_use', id: block.id, name: block.name, input: {} }];
    return [block];
  });
}
