/** A script that answers what another model of the product would: Claude's protocol, that model's decisions. */

import type { LanguageModel, ModelMessage } from '../../core/ports/model.ts';
import type { Script, ScriptedBlock } from './script.ts';
import { blocksOf, type MessagesRequest, type WireBlock } from './wire.ts';

export interface ActAsOptions {
  /** Each answer whose number of earlier answers divides by this begins with thinking. Default 3; 0: none does. */
  thinkEvery?: number;
  /** Milliseconds between two events of the stream. Default 0. */
  pause?: number;
}

/** Answers each request as `model` does. The thinking depends on the conversation alone, as the answers do. */
export function actAs(model: LanguageModel, options: ActAsOptions = {}): Script {
  const { thinkEvery = 3, pause = 0 } = options;
  return async (request) => {
    const answer = await model.complete(
      {
        model: request.model,
        system: textOf(request.system ?? ''),
        messages: request.messages.map(toModelMessage),
        tools: (request.tools ?? []).map(({ name, description = '', input_schema }) => ({
          name,
          description,
          input_schema,
        })),
        maxTokens: request.max_tokens,
      },
      { signal: new AbortController().signal, onText: () => undefined },
    );
    const content = answer.content.filter((block) => block.type === 'text' || block.type === 'tool_use');
    const turn = request.messages.filter((message) => message.role === 'assistant').length;
    return {
      kind: 'answer',
      content: [...thinking(turn, thinkEvery), ...content],
      stopReason: answer.stopReason,
      pause,
    };
  };
}

function thinking(turn: number, every: number): ScriptedBlock[] {
  if (every === 0 || turn % every !== 0) return [];
  return [
    { type: 'thinking', thinking: `Turn ${turn}:\tweigh what the tools said – "twice" – then go on.\n` },
  ];
}

function toModelMessage(message: MessagesRequest['messages'][number]): ModelMessage {
  const blocks = blocksOf(message);
  if (message.role === 'user') return { role: 'user', content: blocks.flatMap(toUserBlock) };
  return { role: 'assistant', content: blocks.flatMap(toAssistantBlock) };
}

function toUserBlock(block: WireBlock): Extract<ModelMessage, { role: 'user' }>['content'] {
  if (block.type === 'text') return [{ type: 'text', text: block.text }];
  if (block.type !== 'tool_result') return [];
  const { type, tool_use_id, content = '', is_error = false } = block;
  return [{ type, tool_use_id, content: textOf(content), is_error }];
}

function toAssistantBlock(block: WireBlock): Extract<ModelMessage, { role: 'assistant' }>['content'] {
  if (block.type === 'text') return [{ type: 'text', text: block.text }];
  if (block.type !== 'tool_use') return [];
  return [{ type: 'tool_use', id: block.id, name: block.name, input: block.input }];
}

function textOf(content: string | { text: string }[]): string {
  return typeof content === 'string' ? content : content.map((block) => block.text).join('');
}
