/**
 * Puts a streamed answer together. Thinking and its signature are kept as they came, to be sent back unchanged.
 * A tool call whose JSON cannot be read, because the model wrote it wrongly or was cut off, keeps its place with
 * its text as input (core/tool-input.ts), so that the loop can answer it with an error.
 */

import {
  type AssistantBlock,
  STOP_REASONS,
  type StopReason,
  type TokenUsage,
} from '../../core/ports/model.ts';
import { toMalformedInput } from '../../core/tool-input.ts';
import { BrokenStream } from './failure.ts';
import { CHARACTERS_PER_TOKEN } from './prices.ts';
import type { WireBlock, WireDelta, WireEvent, WireUsage } from './stream-events.ts';

export interface BuiltAnswer {
  content: AssistantBlock[];
  stopReason: StopReason;
  usage: TokenUsage;
}

interface OpenBlock {
  block: WireBlock;
  /** The JSON of a tool call's input, as it came. */
  json: string;
}

type Listener = (text: string, offset: number) => void;

export class AnswerBuilder {
  readonly #onText: Listener;
  readonly #onThinking: Listener;
  /** In the order in which they began, whatever their numbers: an index that comes twice begins another block. */
  readonly #blocks: OpenBlock[] = [];
  readonly #byIndex = new Map<number, OpenBlock>();
  readonly #usage: TokenUsage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  #offset = 0;
  #thought = 0;
  #stopReason: string | null = null;

  /**
   * `onText` gets each piece of text and how many UTF-16 units of the answer's text went before it; `onThinking` the
   * same of its thinking, whose blocks are a blank line apart, and an empty piece when a block of it begins.
   */
  constructor(onText: Listener, onThinking: Listener = () => undefined) {
    this.#onText = onText;
    this.#onThinking = onThinking;
  }

  add(event: WireEvent): void {
    if (event.type === 'message_start') this.#addUsage(event.message.usage);
    if (event.type === 'content_block_start') this.#open(event.index, event.content_block);
    if (event.type === 'content_block_delta') this.#extend(event.index, event.delta);
    if (event.type === 'message_delta') {
      this.#stopReason = event.delta.stop_reason ?? this.#stopReason;
      if (event.usage) this.#addUsage(event.usage);
    }
  }

  /** @throws BrokenStream when the answer never said why it stopped */
  finish(): BuiltAnswer {
    if (this.#stopReason === null) throw new BrokenStream('the answer ended without a stop reason');
    const content = this.#blocks.map(toBlock);
    return { content, stopReason: toStopReason(this.#stopReason, content), usage: { ...this.#usage } };
  }

  /**
   * What an answer that cannot be kept has used so far; null before anything of it came. Where the provider has not
   * said yet how much it wrote, that is reckoned from what came.
   */
  get used(): TokenUsage | null {
    if (this.#blocks.length === 0) return null;
    const written = this.#blocks.reduce((sum, { block, json }) => sum + lengthOf(block) + json.length, 0);
    return {
      ...this.#usage,
      output: Math.max(this.#usage.output, Math.ceil(written / CHARACTERS_PER_TOKEN)),
    };
  }

  #open(index: number, block: WireBlock): void {
    const opened = { block: { ...block }, json: '' };
    this.#blocks.push(opened);
    this.#byIndex.set(index, opened);
    if (block.type === 'text') this.#say(block.text);
    if (block.type === 'redacted_thinking') this.#onThinking('', this.#thought);
    if (block.type === 'thinking') {
      this.#onThinking('', this.#thought);
      this.#think(block.thinking, true);
    }
  }

  #extend(index: number, delta: WireDelta): void {
    const open = this.#byIndex.get(index);
    if (!open) return;
    const { block } = open;
    if (delta.type === 'text_delta' && block.type === 'text') {
      block.text += delta.text;
      this.#say(delta.text);
    }
    if (delta.type === 'input_json_delta') open.json += delta.partial_json;
    if (delta.type === 'thinking_delta' && block.type === 'thinking') {
      this.#think(delta.thinking, block.thinking === '');
      block.thinking += delta.thinking;
    }
    if (delta.type === 'signature_delta' && block.type === 'thinking') block.signature += delta.signature;
  }

  #say(text: string): void {
    if (text === '') return;
    const offset = this.#offset;
    this.#offset += text.length;
    this.#onText(text, offset);
  }

  #think(text: string, first: boolean): void {
    if (text === '') return;
    const piece = first && this.#thought > 0 ? `\n\n${text}` : text;
    const offset = this.#thought;
    this.#thought += piece.length;
    this.#onThinking(piece, offset);
  }

  /** Later counts are totals and replace earlier ones. */
  #addUsage(usage: WireUsage): void {
    this.#usage.input = usage.input_tokens ?? this.#usage.input;
    this.#usage.output = usage.output_tokens ?? this.#usage.output;
    this.#usage.cacheRead = usage.cache_read_input_tokens ?? this.#usage.cacheRead;
    this.#usage.cacheWrite = usage.cache_creation_input_tokens ?? this.#usage.cacheWrite;
  }
}

function lengthOf(block: WireBlock): number {
  if (block.type === 'text') return block.text.length;
  return block.type === 'thinking' ? block.thinking.length : 0;
}

function toBlock({ block, json }: OpenBlock): AssistantBlock {
  if (block.type !== 'tool_use') return block;
  const whole = json.trim() === '';
  const input = whole ? (block.input ?? {}) : parseOrNull(json);
  const text = whole ? JSON.stringify(block.input) : json;
  return {
    type: 'tool_use',
    id: block.id,
    name: block.name,
    input: isObject(input) ? input : toMalformedInput(text),
  };
}

function parseOrNull(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // What cannot be read is kept as text by the caller.
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A reason that is newer than this code: what the blocks ask for decides. */
function toStopReason(reason: string, content: AssistantBlock[]): StopReason {
  const known = STOP_REASONS.find((each) => each === reason);
  return known ?? (content.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn');
}
