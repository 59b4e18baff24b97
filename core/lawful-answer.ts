/**
 * Makes what a model said lawful as it arrives, whichever provider it came from. What a model says is untrusted: an
 * id may repeat, a name may be empty, a text may hold half a character. Everything later – rows, the loop, the next
 * request – relies on what this leaves:
 * 1. each tool call has an id of the API's alphabet, that no other call of the conversation has;
 * 2. each tool's name is of that alphabet; one that was mended is never the name of a tool, but for spaces around it;
 * 3. inputs are JSON objects of bounded depth, texts hold no NUL and no lone surrogate;
 * 4. thinking that cannot go back byte for byte has no signature, and the conversation leaves it out;
 * 5. tokens are whole numbers and the cost is a number, neither below zero.
 * No block is ever dropped, so that every call is run or answered. Pure, and changes nothing that is lawful.
 */

import { isLawfulText, lawfulText } from './lawful-text.ts';
import {
  type AssistantBlock,
  type ModelAnswer,
  type ModelRequest,
  STOP_REASONS,
  type TokenUsage,
  type ToolUseBlock,
} from './ports/model.ts';
import { toMalformedInput } from './tool-input.ts';

/** What ids of calls and names of tools are made of, and how long they are, with every provider that we know. */
export const LAWFUL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** Levels of objects and lists in a tool's input. Postgres, and JSON itself, end at a few thousand. */
export const MAX_INPUT_DEPTH = 100;

/** Stands before a name that was mended, so that it names no tool of ours. */
const UNKNOWN = 'unknown_';

/** Mends what a tool lets be mended in its own input, e.g. a title that is too long. */
export type MendInput = (tool: string, input: Record<string, unknown>) => Record<string, unknown>;

/**
 * @param request what was asked: its conversation holds the ids that are taken, its tools the names that there are
 * @param mendInput default: an input is only made JSON that can be kept
 */
export function lawfulAnswer(
  answer: ModelAnswer,
  request: Pick<ModelRequest, 'messages' | 'tools'>,
  mendInput: MendInput = (_, input) => input,
): ModelAnswer {
  const ids = new CallIds(request.messages.flatMap(({ content }) => content.flatMap(idOf)));
  const tools = new Set(request.tools.map((tool) => tool.name));
  const content = answer.content.map((block): AssistantBlock => {
    if (block.type !== 'tool_use') return lawfulSaying(block);
    const name = lawfulName(block.name, tools);
    return { type: 'tool_use', id: ids.take(block.id), name, input: mendInput(name, lawfulInput(block)) };
  });
  const calls = content.some((block) => block.type === 'tool_use');
  const stopReason = STOP_REASONS.find((reason) => reason === answer.stopReason);
  return {
    content,
    stopReason: stopReason ?? (calls ? 'tool_use' : 'end_turn'),
    usage: lawfulUsage(answer.usage),
    cost: amount(answer.cost),
  };
}

function idOf(block: { type: string; id?: string }): string[] {
  return block.type === 'tool_use' && block.id !== undefined ? [block.id] : [];
}

/** Gives out each id once. The number in a new id only rises, so that many repeats cost no more than few. */
class CallIds {
  readonly #taken: Set<string>;
  #number: number;

  constructor(taken: string[]) {
    this.#taken = new Set(taken);
    this.#number = this.#taken.size;
  }

  take(given: string): string {
    const id = LAWFUL_NAME.test(given) && !this.#taken.has(given) ? given : this.#next();
    this.#taken.add(id);
    return id;
  }

  #next(): string {
    do this.#number += 1;
    while (this.#taken.has(`call_${this.#number}`));
    return `call_${this.#number}`;
  }
}

function lawfulName(name: string, tools: ReadonlySet<string>): string {
  if (LAWFUL_NAME.test(name)) return name;
  const bare = name.trim();
  if (tools.has(bare)) return bare;
  return UNKNOWN + (bare.slice(0, 50).replaceAll(/[^a-zA-Z0-9_-]+/g, '_') || 'tool');
}

function lawfulSaying(block: Exclude<AssistantBlock, ToolUseBlock>): AssistantBlock {
  if (block.type === 'text') return { type: 'text', text: lawfulText(block.text) };
  if (block.type === 'redacted_thinking')
    return { type: 'redacted_thinking', data: isLawfulText(block.data) ? block.data : '' };
  const { thinking, signature } = block;
  const whole = isLawfulText(thinking) && isLawfulText(signature);
  return { type: 'thinking', thinking: lawfulText(thinking), signature: whole ? signature : '' };
}

/** The input as JSON that can be kept; a byte order mark before a text, such as code, says nothing and goes. */
function lawfulInput({ input }: ToolUseBlock): Record<string, unknown> {
  if (isDeeper(input, MAX_INPUT_DEPTH))
    return toMalformedInput(`(an input of more than ${MAX_INPUT_DEPTH} levels)`);
  return lawfulObject(input);
}

function lawfulObject(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [lawfulText(key), lawfulValue(item)]),
  );
}

function lawfulValue(value: unknown): unknown {
  if (typeof value === 'string') return lawfulText(value.replace(/^\ufeff+/, ''));
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (Array.isArray(value)) return value.map(lawfulValue);
  return typeof value === 'object' && value !== null ? lawfulObject(value) : value;
}

/** Looks level by level: whoever nests deeply must not bring a recursion to its end. */
function isDeeper(value: object, most: number): boolean {
  let level: object[] = [value];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((item) =>
      Object.values(item).filter((child): child is object => typeof child === 'object' && child !== null),
    );
  }
  return false;
}

function lawfulUsage({ input, output, cacheRead, cacheWrite }: TokenUsage): TokenUsage {
  const count = (value: number) => Math.min(Math.round(amount(value)), Number.MAX_SAFE_INTEGER);
  return {
    input: count(input),
    output: count(output),
    cacheRead: count(cacheRead),
    cacheWrite: count(cacheWrite),
  };
}

/** A number that can be added up: finite, and not below zero. */
function amount(value: number): number {
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}
