/**
 * The events of a streamed answer, as far as they are used. Kinds of event, block and delta that are not listed
 * are passed over: the protocol reserves the right to add some. An event's kind is its data's `type`: some gateways
 * leave the `event:` lines out, and write `data: [DONE]` at the end.
 */

import { APIError } from '@anthropic-ai/sdk';
import { Stream } from '@anthropic-ai/sdk/core/streaming';
import { z } from 'zod';
import { BrokenStream } from './failure.ts';

const count = z.number().nullish();
const UsageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
});
export type WireUsage = z.infer<typeof UsageSchema>;

/** What a gateway leaves out or fills with null is an empty text: core/lawful-answer.ts mends it, no call is lost. */
const words = z.string().catch('');
const BlockSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: words }),
  z.object({ type: z.literal('thinking'), thinking: words, signature: words }),
  z.object({ type: z.literal('redacted_thinking'), data: words }),
  z.object({ type: z.literal('tool_use'), id: words, name: words, input: z.unknown() }),
]);
export type WireBlock = z.infer<typeof BlockSchema>;

const DeltaSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text_delta'), text: z.string() }),
  z.object({ type: z.literal('input_json_delta'), partial_json: z.string() }),
  z.object({ type: z.literal('thinking_delta'), thinking: z.string() }),
  z.object({ type: z.literal('signature_delta'), signature: z.string() }),
]);
export type WireDelta = z.infer<typeof DeltaSchema>;

const EventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message_start'), message: z.object({ usage: UsageSchema }) }),
  z.object({ type: z.literal('content_block_start'), index: z.number(), content_block: BlockSchema }),
  z.object({ type: z.literal('content_block_delta'), index: z.number(), delta: DeltaSchema }),
  z.object({ type: z.literal('content_block_stop'), index: z.number() }),
  z.object({
    type: z.literal('message_delta'),
    delta: z.object({ stop_reason: z.string().nullish() }),
    usage: UsageSchema.nullish(),
  }),
  z.object({ type: z.literal('message_stop') }),
]);
export type WireEvent = z.infer<typeof EventSchema>;

/**
 * The events of `response` up to message_stop. `onBytes` is called for each event, pings included.
 * @throws APIError for an `error` event, BrokenStream when the stream ends early or holds what is no event.
 */
export async function* readEvents(response: Response, onBytes: () => void): AsyncGenerator<WireEvent, void> {
  for await (const { event, data } of Stream.rawEvents(response)) {
    onBytes();
    if (data === '' || data === '[DONE]') continue;
    const value = parseJson(data);
    const kind = KindSchema.safeParse(value).data?.type ?? event;
    if (kind === 'ping') continue;
    if (kind === 'error') throw toApiError(value, response.headers);
    const parsed = EventSchema.safeParse(value);
    if (parsed.success) yield parsed.data;
    else if (!isUnknownKind(value))
      throw new BrokenStream(`event ${kind} has a shape that is not the protocol's`);
    if (kind === 'message_stop') return;
  }
  throw new BrokenStream('the stream ended before the answer did');
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw new BrokenStream('an event is not JSON', { cause });
  }
}

const KindSchema = z.object({
  type: z.string(),
  content_block: z.object({ type: z.string() }).optional(),
  delta: z.object({ type: z.string().optional() }).optional(),
});
const EVENT_KINDS = new Set<string>(EventSchema.options.map((option) => option.shape.type.value));
const BLOCK_KINDS = new Set<string>(BlockSchema.options.map((option) => option.shape.type.value));
const DELTA_KINDS = new Set<string>(DeltaSchema.options.map((option) => option.shape.type.value));

/** True for an event, block or delta of a kind that is newer than this code. */
function isUnknownKind(value: unknown): boolean {
  const kind = KindSchema.safeParse(value);
  if (!kind.success) return false;
  const { type, content_block: block, delta } = kind.data;
  if (!EVENT_KINDS.has(type)) return true;
  if (type === 'content_block_start') return block !== undefined && !BLOCK_KINDS.has(block.type);
  return type === 'content_block_delta' && delta?.type !== undefined && !DELTA_KINDS.has(delta.type);
}

const ErrorEventSchema = z.object({ error: z.object({ type: z.string(), message: z.string() }) });

function toApiError(value: unknown, headers: Headers): APIError {
  const body = ErrorEventSchema.safeParse(value).data ?? {
    error: { type: 'api_error', message: String(value) },
  };
  const type = z.custom<APIError['type']>((text) => typeof text === 'string').parse(body.error.type);
  return new APIError(undefined, { type: 'error', ...body }, body.error.message, headers, type);
}
