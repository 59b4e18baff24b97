/** A prompt cache as the API keeps one: prefixes up to a cache_control mark, written once and read afterwards. */

import { createHash } from 'node:crypto';
import type { WireUsage } from './answer-stream.ts';
import { blocksOf, type MessagesRequest } from './wire.ts';

export class PromptCache {
  readonly #known = new Set<string>();

  /** Tokens of a request's prompt. */
  lengthOf(request: MessagesRequest): number {
    return partsOf(request).reduce((sum, part) => sum + tokensOf(textOf(part)), 0);
  }

  /** The usage of a request's prompt, four characters being a token; remembers its marked prefixes. */
  usageOf(request: MessagesRequest): WireUsage {
    const hash = createHash('sha256').update(request.model);
    let [tokens, read, marked] = [0, 0, 0];
    for (const part of partsOf(request)) {
      const text = textOf(part);
      tokens += tokensOf(text);
      const key = hash.update(text).copy().digest('hex');
      if (this.#known.has(key)) read = tokens;
      if (!part.cache_control) continue;
      marked = tokens;
      this.#known.add(key);
    }
    const written = Math.max(0, marked - read);
    return {
      input_tokens: tokens - read - written,
      cache_creation_input_tokens: written,
      cache_read_input_tokens: read,
    };
  }
}

type Part = object & { cache_control?: unknown };

function partsOf({ tools = [], system = [], messages }: MessagesRequest): Part[] {
  const opening = typeof system === 'string' ? [{ type: 'text', text: system }] : system;
  return [...tools, ...opening, ...messages.flatMap(blocksOf)];
}

/** A part as it counts: its mark is no part of the prompt. */
function textOf({ cache_control: _, ...part }: Part): string {
  return JSON.stringify(part);
}

const tokensOf = (text: string): number => Math.ceil(text.length / 4);
