/**
 * What the Messages API refuses in a request of the right form. Wordings are the real API's, as its users report
 * them. Stricter than the real one in three points: two messages of one role in a row are refused, where it joins
 * them today; so is NUL, and thinking that is missing where it was asked for, which it forgives today.
 */

import type { IssuedAnswers } from './issued-answers.ts';
import { blocksOf, type MessagesRequest, type WireBlock } from './wire.ts';

/** The first rule that `request` breaks, in the real API's words, or null. */
export function brokenRule(request: MessagesRequest, issued: IssuedAnswers): string | null {
  return (
    textRule(request) ??
    budgetRule(request) ??
    toolRule(request) ??
    cacheRule(request) ??
    roleRule(request) ??
    contentRule(request) ??
    pairingRule(request) ??
    thinkingRule(request, issued) ??
    endRule(request, issued)
  );
}

/** Half a character ends the real API's reading of the body: no place is named. */
function textRule(request: MessagesRequest): string | null {
  const pending: unknown[] = [request];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === 'string' && /\p{Surrogate}/u.test(value))
      return 'The request body is not valid JSON: no low surrogate in string';
    if (typeof value === 'string' && value.includes('\0'))
      return 'The request body is not valid JSON: NUL in string';
    if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) pending.push(key, child ?? '');
    }
  }
  return null;
}

function budgetRule({ thinking, max_tokens }: MessagesRequest): string | null {
  return thinking?.type === 'enabled' && thinking.budget_tokens >= max_tokens
    ? '`max_tokens` must be greater than `thinking.budget_tokens`.'
    : null;
}

function toolRule({ tools = [], messages }: MessagesRequest): string | null {
  if (new Set(tools.map((tool) => tool.name)).size < tools.length) return 'tools: Tool names must be unique.';
  const used = messages.some((message) => blocksOf(message).some((block) => block.type === 'tool_use'));
  return used && tools.length === 0
    ? 'Requests which include `tool_use` or `tool_result` blocks must define tools'
    : null;
}

function cacheRule(request: MessagesRequest): string | null {
  const system = typeof request.system === 'object' ? request.system : [];
  const blocks = [...(request.tools ?? []), ...system, ...request.messages.flatMap(blocksOf)];
  const marks = blocks.filter((block) => 'cache_control' in block && block.cache_control).length;
  return marks > 4 ? `A maximum of 4 blocks with cache_control may be provided. Found ${marks}.` : null;
}

function roleRule({ messages }: MessagesRequest): string | null {
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role';
  const twice = messages.find((message, at) => message.role === messages[at - 1]?.role);
  if (!twice) return null;
  return (
    `messages: roles must alternate between "user" and "assistant", but found multiple "${twice.role}" ` +
    'roles in a row'
  );
}

function contentRule({ messages, system }: MessagesRequest): string | null {
  if (Array.isArray(system) && system.some((block) => block.text === '')) {
    return 'system: text content blocks must be non-empty';
  }
  for (const [at, message] of messages.entries()) {
    const blocks = blocksOf(message);
    if (blocks.length === 0) return `messages.${at}: all messages must have non-empty content`;
    for (const [index, block] of blocks.entries()) {
      const wrong = blockRule(block, message.role);
      if (wrong) return wrong.startsWith('messages:') ? wrong : `messages.${at}.content.${index}: ${wrong}`;
    }
    if (message.role === 'assistant' && isThinking(blocks.at(-1))) {
      return `messages.${at}: The final block in an assistant message cannot be \`thinking\`.`;
    }
  }
  return null;
}

function blockRule(block: WireBlock, role: 'user' | 'assistant'): string | null {
  const forUser = block.type === 'tool_result';
  const forAssistant = block.type !== 'text' && !forUser;
  if (role === 'user' && forAssistant)
    return `\`${block.type}\` blocks can only be in \`assistant\` messages`;
  if (role === 'assistant' && forUser) return '`tool_result` blocks can only be in `user` messages';
  if (block.type === 'tool_result' && block.is_error && isEmptyResult(block.content))
    return 'tool_result: content cannot be empty if `is_error` is true';
  if (block.type !== 'text') return null;
  if (block.text === '') return 'messages: text content blocks must be non-empty';
  return block.text.trim() === '' ? 'messages: text content blocks must contain non-whitespace text' : null;
}

function isEmptyResult(content: Extract<WireBlock, { type: 'tool_result' }>['content']): boolean {
  return content === undefined || content.length === 0;
}

function pairingRule({ messages }: MessagesRequest): string | null {
  const seen = new Set<string>();
  for (const [at, message] of messages.entries()) {
    const calls = idsOf(messages[at - 1], 'tool_use');
    const wrong = message.role === 'user' ? resultRule(blocksOf(message), calls, at) : null;
    if (wrong) return wrong;
    for (const id of idsOf(message, 'tool_use')) {
      if (seen.has(id)) return `messages.${at}: \`tool_use\` ids must be unique`;
      seen.add(id);
    }
  }
  const open = idsOf(messages.at(-1), 'tool_use');
  return open.length > 0 ? missingResults(messages.length - 1, open) : null;
}

/** Results must be there for each call of the message before, once, and before anything else. */
function resultRule(blocks: WireBlock[], calls: string[], at: number): string | null {
  const results = new Set<string>();
  let leading = true;
  const late = new Set<string>();
  for (const [index, block] of blocks.entries()) {
    if (block.type !== 'tool_result') {
      leading = false;
      continue;
    }
    const id = block.tool_use_id;
    if (!calls.includes(id)) {
      return (
        `messages.${at}.content.${index}: unexpected \`tool_use_id\` found in \`tool_result\` ` +
        `blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block ` +
        'in the previous message.'
      );
    }
    if (results.has(id)) {
      return (
        `messages.${at}.content.${index}: each tool_use must have a single result. Found ` +
        `multiple \`tool_result\` blocks with id: ${id}`
      );
    }
    results.add(id);
    if (!leading) late.add(id);
  }
  const missing = calls.filter((id) => !results.has(id) || late.has(id));
  return missing.length > 0 ? missingResults(at - 1, missing) : null;
}

function missingResults(at: number, ids: string[]): string {
  return (
    `messages.${at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately ` +
    `after: ${ids.join(', ')}. Each \`tool_use\` block must have a corresponding ` +
    '`tool_result` block in the next message.'
  );
}

function thinkingRule({ messages, thinking }: MessagesRequest, issued: IssuedAnswers): string | null {
  const last = messages.at(-2);
  const open = last?.role === 'assistant' ? blocksOf(last) : [];
  if (thinking?.type === 'enabled' && open.some((block) => block.type === 'tool_use') && !isThinking(open[0]))
    return missingThinking(messages.length - 2, open);
  for (const [at, message] of messages.entries()) {
    const blocks = blocksOf(message);
    for (const [index, block] of blocks.entries()) {
      const place = `messages.${at}.content.${index}`;
      if (block.type === 'thinking' && block.signature !== issued.sign(block.thinking)) {
        return `${place}: Invalid \`signature\` in \`thinking\` block`;
      }
      if (block.type === 'redacted_thinking' && !issued.isRedacted(block.data)) {
        return `${place}: Invalid \`data\` in \`redacted_thinking\` block`;
      }
    }
    const present = blocks.filter(isThinking);
    const whole = blocks.every(
      (block) => block.type !== 'tool_use' || issued.isAccompanied(block.id, present),
    );
    if (!whole) return missingThinking(at, blocks);
  }
  return null;
}

const isThinking = (block: WireBlock | undefined): boolean => /thinking$/.test(block?.type ?? '');

function missingThinking(at: number, blocks: WireBlock[]): string {
  return (
    `messages.${at}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but ` +
    `found \`${blocks[0]?.type}\`. When \`thinking\` is enabled, a final \`assistant\` ` +
    'message must start with a thinking block (preceeding the lastmost set of `tool_use` ' +
    'and `tool_result` blocks).'
  );
}

/** A conversation ends with the user, except to resume an answer that this server paused. */
function endRule({ messages }: MessagesRequest, issued: IssuedAnswers): string | null {
  const last = messages.at(-1);
  if (last?.role !== 'assistant' || issued.isPaused(blocksOf(last))) return null;
  return 'This model does not support assistant message prefill. The conversation must end with a user message.';
}

function idsOf(message: MessagesRequest['messages'][number] | undefined, type: 'tool_use'): string[] {
  return message ? blocksOf(message).flatMap((block) => (block.type === type ? [block.id] : [])) : [];
}
