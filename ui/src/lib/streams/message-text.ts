/**
 * The text of a message that is being written, from deltas that may repeat, be lost or come from an earlier try.
 * A higher epoch is a new try and starts over; a hole is shown as it is, because the final message fills it.
 */

import type { TextDelta } from './log-event.ts';

export class MessageText {
  #epoch = -1;
  #text = '';

  get text(): string {
    return this.#text;
  }

  /** @returns true when the text changed */
  add({ epoch, offset, text }: TextDelta): boolean {
    if (epoch < this.#epoch) return false;
    if (epoch > this.#epoch) {
      this.#epoch = epoch;
      this.#text = '';
    }
    const known = this.#text.length - offset;
    if (known >= text.length) return false;
    this.#text += known > 0 ? text.slice(known) : text;
    return true;
  }
}
