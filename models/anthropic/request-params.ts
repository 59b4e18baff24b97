/** Translates a request into the Messages API's parameters and marks what its prompt cache may keep. */

import type { MessageCreateParamsStreaming, MessageParam, Tool } from '@anthropic-ai/sdk/resources/messages';
import type { ModelMessage, ModelRequest, ToolDefinition } from '../../core/ports/model.ts';

const CACHED = { cache_control: { type: 'ephemeral' } } as const;

/**
 * Two marks: the end of tools and system prompt, the same in each turn of a stage, and the end of the
 * conversation, which is the next turn's beginning.
 */
export function toParams(request: ModelRequest): MessageCreateParamsStreaming {
  const hasSystem = request.system.trim() !== '';
  return {
    model: request.model,
    max_tokens: request.maxTokens,
    stream: true,
    messages: toMessages(request.messages),
    ...(request.tools.length > 0 ? { tools: toTools(request.tools, !hasSystem) } : {}),
    ...(hasSystem ? { system: [{ type: 'text', text: request.system, ...CACHED }] } : {}),
  };
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
