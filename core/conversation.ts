/**
 * Rebuilds a model's conversation from message rows. Pure: the same rows give the same messages, byte for byte,
 * so that a repeated model call has the same hash and meets its stored answer.
 *
 * What providers demand, and this keeps whatever the rows are:
 * 1. the first message is the user's, and roles alternate;
 * 2. each tool_use is answered in the very next message, results first and in the order of the calls;
 * 3. a tool_result answers a tool_use of the message before it;
 * 4. no text is blank, no message is empty, no error is without words, no assistant message ends in thinking.
 * Thinking blocks are never changed; left out are those that a cut-off answer ended with, and those that nobody has
 * signed: a provider takes back only what it signed (core/lawful-answer.ts).
 */

import { z } from 'zod';
import type { AssistantBlock, ModelMessage, TextBlock, ToolResultBlock } from './ports/model.ts';
import type { Message } from './records.ts';

const TextSchema = z.object({ type: z.literal('text'), text: z.string() });
const AssistantBlockSchema = z.discriminatedUnion('type', [
  TextSchema,
  z.object({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.object({ type: z.literal('redacted_thinking'), data: z.string() }),
  z.object({
    type: z.literal('tool_use'),
    id: z.string(),
    name: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
]);
const UserBlockSchema = z.discriminatedUnion('type', [
  TextSchema,
  z.object({
    type: z.literal('tool_result'),
    tool_use_id: z.string(),
    content: z.string(),
    is_error: z.boolean().optional(),
  }),
]);

/** The parts of a message row that make up the conversation. */
export type ConversationRow = Pick<Message, 'role' | 'content'>;

/** Said to the model in place of a result that no row holds. */
export const NOT_RUN =
  'The call was not run: the stage was interrupted before it, or there were too many calls in one answer. ' +
  'Call the tool again if it is still needed.';

/** Said in place of an error's words, where a tool gave none. */
export const NO_WORDS = 'The call failed and said nothing.';

const OPENING: TextBlock = { type: 'text', text: 'Begin.' };

/**
 * The messages that `rows`, in their fixed order, amount to. Rows of role `system` are not part of a conversation
 * (they go into ModelRequest.system) and are skipped. The last message is the assistant's only when the last row
 * is (a paused turn to be resumed).
 * @throws z.ZodError when a row holds a block that is none of ours.
 */
export function toConversation(rows: readonly ConversationRow[]): ModelMessage[] {
  const messages: ModelMessage[] = [];
  let user = new UserTurn([]);
  for (const row of rows) {
    if (row.role === 'system') continue;
    if (row.role !== 'assistant') {
      user.add(row.content);
      continue;
    }
    const blocks = readAssistantBlocks(row.content);
    if (blocks.length === 0) continue;
    pushUser(messages, user);
    user = new UserTurn(pushAssistant(messages, blocks));
  }
  pushUser(messages, user);
  return messages;
}

/** What is said between two answers of the model: results of the calls first, then text. */
class UserTurn {
  readonly #calls: readonly string[];
  readonly #results = new Map<string, ToolResultBlock>();
  readonly #texts: TextBlock[] = [];

  constructor(calls: readonly string[]) {
    this.#calls = calls;
  }

  add(content: readonly unknown[]): void {
    for (const value of content) {
      const block = UserBlockSchema.parse(value);
      if (block.type === 'text') {
        if (!isBlank(block.text)) this.#texts.push(block);
      } else if (!this.#results.has(block.tool_use_id)) {
        this.#results.set(block.tool_use_id, block);
      }
    }
  }

  blocks(): (ToolResultBlock | TextBlock)[] {
    const results = this.#calls.map((id) => this.#results.get(id) ?? notRun(id));
    return [...results.map(withWords), ...this.#texts];
  }
}

function pushUser(messages: ModelMessage[], turn: UserTurn): void {
  const content = turn.blocks();
  if (content.length > 0) messages.push({ role: 'user', content });
}

/** Adds an answer, joined to the one before when nothing stands between; returns the ids of its tool calls. */
function pushAssistant(messages: ModelMessage[], blocks: AssistantBlock[]): string[] {
  if (messages.length === 0) messages.push({ role: 'user', content: [OPENING] });
  const last = messages.at(-1);
  if (last?.role === 'assistant') last.content.push(...blocks);
  else messages.push({ role: 'assistant', content: blocks });
  return blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
}

function readAssistantBlocks(content: readonly unknown[]): AssistantBlock[] {
  const blocks = content.map((value) => AssistantBlockSchema.parse(value)).filter(isSendable);
  const end = blocks.findLastIndex((block) => block.type === 'text' || block.type === 'tool_use');
  return blocks.slice(0, end + 1);
}

function isSendable(block: AssistantBlock): boolean {
  if (block.type === 'thinking') return block.signature !== '';
  if (block.type === 'redacted_thinking') return block.data !== '';
  return block.type !== 'text' || !isBlank(block.text);
}

function withWords(result: ToolResultBlock): ToolResultBlock {
  return result.is_error && isBlank(result.content) ? { ...result, content: NO_WORDS } : result;
}

function notRun(id: string): ToolResultBlock {
  return { type: 'tool_result', tool_use_id: id, content: NOT_RUN, is_error: true };
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
