/** Translates a request into the Messages API's parameters and marks what its prompt cache may keep. */

import type { MessageCreateParamsStreaming, MessageParam, Tool } from '@anthropic-ai/sdk/resources/messages';
import type { ModelMessage, ModelRequest, ToolDefinition } from '../../core/ports/model.ts';

const CACHED = { cache_control: { type: 'ephemeral' } } as const;

/** What thinking to ask for: the model's own way, none, as much as it needs, or up to `tokens` (≥ 1,024). */
export interface ThinkingWish {
  kind: 'default' | 'off' | 'adaptive' | 'budget';
  tokens: number;
}

/**
 * Two marks: the end of tools and system prompt, the same in each turn of a stage, and the end of the
 * conversation, which is the next turn's beginning.
 */
export function toParams(request: ModelRequest, wish?: ThinkingWish): MessageCreateParamsStreaming {
  const hasSystem = request.system.trim() !== '';
  const thinking = wish?.kind === 'budget' && lacksThinking(request.messages) ? WITHOUT : wish;
  return {
    model: request.model,
    // a budget of thinking is part of the answer's tokens: the answer itself keeps its room
    max_tokens: request.maxTokens + (thinking?.kind === 'budget' ? thinking.tokens : 0),
    ...toThinking(thinking),
    stream: true,
    messages: toMessages(request.messages),
    ...(request.tools.length > 0 ? { tools: toTools(request.tools, !hasSystem) } : {}),
    ...(hasSystem ? { system: [{ type: 'text', text: request.system, ...CACHED }] } : {}),
  };
}

const WITHOUT: ThinkingWish = { kind: 'off', tokens: 0 };

/**
 * True where results answer an answer that has no thinking, e.g. because nobody had signed it: a budget of thinking
 * is refused there, until a person or an answer without calls has ended that run of calls.
 */
function lacksThinking(messages: ModelMessage[]): boolean {
  const last = messages.at(-2);
  if (last?.role !== 'assistant' || !last.content.some((block) => block.type === 'tool_use')) return false;
  const [first] = last.content;
  return first?.type !== 'thinking' && first?.type !== 'redacted_thinking';
}

/** `summarized` asks for words that a person can follow; without it some models send a signature alone. */
function toThinking(wish?: ThinkingWish): Pick<MessageCreateParamsStreaming, 'thinking'> {
  switch (wish?.kind) {
    case 'off':
      return { thinking: { type: 'disabled' } };
    case 'adaptive':
      return { thinking: { type: 'adaptive', display: 'summarized' } };
    case 'budget':
      return { thinking: { type: 'enabled', budget_tokens: wish.tokens, display: 'summarized' } };
    default:
      return {};
  }
}

function toTools(tools: ToolDefinition[], markLast: boolean): Tool[] {
  return tools.map((tool, at) => ({
    name: tool.name,
    description: tool.description,
    input_schema: { ...tool.input_schema, type: 'object' },
    ...(markLast && at === tools.length - 1 ? CACHED : {}),
  }));
}

function toMessages(messages: ModelMessage[]): MessageParam[] {
  return messages.map((message, at): MessageParam => {
    if (message.role === 'assistant' || at !== messages.length - 1) return message;
    const last = message.content.length - 1;
    return {
      role: 'user',
      content: message.content.map((block, index) => (index === last ? { ...block, ...CACHED } : block)),
    };
  });
}
