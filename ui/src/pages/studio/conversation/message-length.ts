/** How long a message to the agent may be, and how much of a long one is shown. */

import { formatCount } from '../../../lib/format/numbers.ts';

/** As the platform has it by default; where it was set lower there the platform says so and the message is kept. */
export const MAX_MESSAGE_CHARACTERS = 16_000;

/** Share of the limit from which on the composer counts. */
const NEAR = 0.9;

export interface LengthState {
  tooLong: boolean;
  /** What to tell; '' while there is room enough. */
  words: string;
}

/** What the composer says of `characters`. */
export function lengthOf(characters: number, most = MAX_MESSAGE_CHARACTERS): LengthState {
  if (characters > most) {
    const words =
      `${formatCount(characters)} characters: a message may have ${formatCount(most)} ` +
      `(MAX_MESSAGE_CHARACTERS). Shorten it by ${formatCount(characters - most)}, or send it ` +
      'in parts.';
    return { tooLong: true, words };
  }
  return {
    tooLong: false,
    words: characters >= most * NEAR ? `${formatCount(characters)} of ${formatCount(most)} characters` : '',
  };
}

const SHOWN_LINES = 14;
const SHOWN_CHARACTERS = 1_200;

/** The beginning of a long message; null for one that is short enough to stand whole. */
export function beginningOf(text: string): string | null {
  const lines = text.split('\n');
  if (text.length <= SHOWN_CHARACTERS * 1.25 && lines.length <= SHOWN_LINES + 4) return null;
  return `${lines.slice(0, SHOWN_LINES).join('\n').slice(0, SHOWN_CHARACTERS).trimEnd()}…`;
}
