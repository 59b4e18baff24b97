/** What the server remembers of its own answers, so that it can refuse what comes back changed. */

import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { WireBlock } from './wire.ts';

/** Signatures depend on the text alone, so that they hold over a restart of the server. */
const SECRET = 'signs thinking in tests';

export class IssuedAnswers {
  readonly #thinkingBefore = new Map<string, WireBlock[]>();
  readonly #paused: WireBlock[][] = [];

  /** The signature of a thinking block that holds `thinking`. */
  sign(thinking: string): string {
    return createHmac('sha256', SECRET).update(thinking).digest('base64');
  }

  /** Data of a redacted thinking block, as the server makes it. */
  redact(thinking: string): string {
    return `${Buffer.from(thinking).toString('base64url')}.${this.sign(thinking)}`;
  }

  isRedacted(data: string): boolean {
    const [thinking = '', signature] = data.split('.');
    return signature === this.sign(Buffer.from(thinking, 'base64url').toString());
  }

  /** Keeps what of an answer a later request must bring back unchanged. */
  remember(content: WireBlock[], paused: boolean): void {
    const thinking = content.filter((block) => /thinking$/.test(block.type));
    const first = content.find((block) => block.type === 'tool_use');
    if (first?.type === 'tool_use') this.#thinkingBefore.set(first.id, thinking);
    if (paused) this.#paused.push(content);
  }

  /** The thinking blocks that the answer with this tool call, if it is the answer's first, came with. */
  thinkingBefore(toolUseId: string): WireBlock[] {
    return this.#thinkingBefore.get(toolUseId) ?? [];
  }

  isPaused(content: WireBlock[]): boolean {
    return this.#paused.some((paused) => isDeepStrictEqual(content.slice(-paused.length), paused));
  }
}
