/**
 * The Messages API's request as this server takes it: the fields that the product may use, and no others. What the
 * real API knows besides (images, server tools, metadata …) is refused here as unknown, so that a field nobody
 * meant to send is noticed.
 */

import { z } from 'zod';

const cacheControl = z
  .strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() })
  .nullish();

const TextSchema = z.strictObject({ type: z.literal('text'), text: z.string(), cache_control: cacheControl });
const BLOCKS = {
  text: TextSchema,
  thinking: z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  redacted_thinking: z.strictObject({ type: z.literal('redacted_thinking'), data: z.string() }),
  tool_use: z.strictObject({
    type: z.literal('tool_use'),
    id: z.string().regex(/^[a-zA-Z0-9_-]+$/, "String should match pattern '^[a-zA-Z0-9_-]+$'"),
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"),
    input: z.record(z.string(), z.unknown()),
    cache_control: cacheControl,
  }),
  tool_result: z.strictObject({
    type: z.literal('tool_result'),
    tool_use_id: z.string(),
    content: z.union([z.string(), z.array(TextSchema)]).optional(),
    is_error: z.boolean().optional(),
    cache_control: cacheControl,
  }),
};
export const WireBlockSchema = z.discriminatedUnion('type', [
  BLOCKS.text,
  BLOCKS.thinking,
  BLOCKS.redacted_thinking,
  BLOCKS.tool_use,
  BLOCKS.tool_result,
]);
export type WireBlock = z.infer<typeof WireBlockSchema>;

const MessageSchema = z.strictObject({
  role: z.enum(['user', 'assistant'], { error: "Input should be 'user' or 'assistant'" }),
  content: z.union([z.string(), z.array(WireBlockSchema)]),
});

const ToolSchema = z.strictObject({
  type: z.literal('custom').nullish(),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"),
  description: z.string().optional(),
  input_schema: z.looseObject({
    type: z.literal('object', { error: "Input should be 'object'" }),
    properties: z.record(z.string(), z.unknown()).nullish(),
    required: z.array(z.string()).nullish(),
  }),
  cache_control: cacheControl,
});

const display = z.enum(['summarized', 'omitted']).nullish();

export const MessagesRequestSchema = z.strictObject({
  model: z.string(),
  max_tokens: z.number().int().min(1, 'Input should be greater than or equal to 1'),
  messages: z.array(MessageSchema).min(1, 'at least one message is required'),
  system: z.union([z.string(), z.array(TextSchema)]).optional(),
  tools: z.array(ToolSchema).optional(),
  stream: z.boolean().optional(),
  thinking: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('enabled'),
        budget_tokens: z.number().int().min(1024, 'Input should be greater than or equal to 1024'),
        display,
      }),
      z.strictObject({ type: z.literal('adaptive'), display }),
      z.strictObject({ type: z.literal('disabled') }),
    ])
    .optional(),
});
export type MessagesRequest = z.infer<typeof MessagesRequestSchema>;

/** A message's content as blocks: a string stands for one text block. */
export function blocksOf(message: MessagesRequest['messages'][number]): WireBlock[] {
  return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
}

/** The first thing wrong with the form of a request, in the words of the real API. */
export function formError(error: z.ZodError): string {
  return firstIssue(error.issues, []) ?? 'Invalid request';
}

function firstIssue(issues: readonly z.core.$ZodIssue[], prefix: PropertyKey[]): string | null {
  for (const issue of issues) {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'invalid_union') {
      const nested = issue.errors.filter(
        (each) => !each.some((one) => one.code === 'invalid_type' && one.path.length === 0),
      );
      return (
        firstIssue(nested[0] ?? [], path) ??
        `${path.join('.')}: Input does not match any of the expected types`
      );
    }
    if (issue.code === 'unrecognized_keys')
      return `${[...path, issue.keys[0]].join('.')}: Extra inputs are not permitted`;
    const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
    return `${path.join('.')}: ${missing ? 'Field required' : issue.message}`;
  }
  return null;
}
