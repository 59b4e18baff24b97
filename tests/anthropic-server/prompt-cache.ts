/** A prompt cache as the API keeps one: prefixes up to a cache_control mark, written once and read afterwards. */

import { createHash } from 'node:crypto';
import type { WireUsage } from './answer-stream.ts';
import { blocksOf, type MessagesRequest } from './wire.ts';

export class PromptCache {
  readonly #known = new Set<string>();

  /** The usage of a request's prompt, four characters being a token; remembers its marked prefixes. */
  usageOf(request: MessagesRequest): WireUsage {
    const system =
      typeof request.system === 'string' ? [{ type: 'text', text: request.system }] : (request.system ?? []);
    const parts: object[] = [...(request.tools ?? []), ...system, ...request.messages.flatMap(blocksOf)];
    const hash = createHash('sha256').update(request.model);
    let [tokens, read, marked] = [0, 0, 0];
    for (const part of parts) {
      const { cache_control: mark, ...rest }: { cache_control?: unknown } = part;
      const text = JSON.stringify(rest);
      tokens += Math.ceil(text.length / 4);
      const key = hash.update(text).copy().digest('hex');
      if (this.#known.has(key)) read = tokens;
      if (!mark) continue;
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
