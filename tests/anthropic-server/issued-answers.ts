/** What the server remembers of its own answers, so that it can refuse what comes back changed. */

import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { WireBlock } from './wire.ts';

/** Signatures depend on the text alone, so that they hold over a restart of the server. */
const SECRET = 'signs thinking in tests';

export class IssuedAnswers {
  /** By the id of a call. A model may give one id twice: each answer's thinking is kept. */
  readonly #thinkingBefore = new Map<string, WireBlock[][]>();
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

  /** Keeps what of an answer a later request must bring back unchanged: its thinking up to its last call. */
  remember(content: WireBlock[], paused: boolean): void {
    const calls = content.findLastIndex((block) => block.type === 'tool_use');
    const thinking = content.slice(0, calls + 1).filter((block) => this.#canComeBack(block));
    const ids = content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    // a later call asks for nothing of its own, and its id may be another answer's first
    for (const [at, id] of ids.entries())
      this.#thinkingBefore.set(id, [...(this.#thinkingBefore.get(id) ?? []), at === 0 ? thinking : []]);
    if (paused) this.#paused.push(content);
  }

  /** Thinking that the server signed; half a character or NUL in it could come back in no request. */
  #canComeBack(block: WireBlock): boolean {
    if (block.type === 'redacted_thinking') return this.isRedacted(block.data);
    if (block.type !== 'thinking' || block.signature !== this.sign(block.thinking)) return false;
    return !/\0|\p{Surrogate}/u.test(block.thinking);
  }

  /** Whether the thinking is there with which an answer came that began its calls with this one. */
  isAccompanied(toolUseId: string, present: WireBlock[]): boolean {
    const candidates = this.#thinkingBefore.get(toolUseId) ?? [[]];
    return candidates.some((expected) =>
      expected.every((block) => present.some((other) => isDeepStrictEqual(other, block))),
    );
  }

  isPaused(content: WireBlock[]): boolean {
    return this.#paused.some((paused) => isDeepStrictEqual(content.slice(-paused.length), paused));
  }
}
