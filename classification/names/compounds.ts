/**
 * Words that are written as one: `birthdate`, `custid`, `zipcode`. A word is parted only where all its parts are known
 * words, and never where it is one by itself: `mileage` is no age, `update` no date.
 */

/** What a part may be. */
export interface KnownWords {
  /** Words that are one thing, and so are left as they are. */
  whole: ReadonlySet<string>;
  /** Words that may be a part. */
  parts: ReadonlySet<string>;
  /** Abbreviations, which may stand before a word. */
  short: ReadonlySet<string>;
}

const LEAST_TO_PART = 5;
const LEAST_PART = 3;
/** Shorter words that stand at an end alone. */
const ENDS = new Set(['id', 'no', 'nr', 'nm', 'dt', 'cd', 'yr', 'wt', 'ht', 'hr']);

/** The parts of a word, or the word itself. */
export function partsOf({ whole, parts, short }: KnownWords, word: string): readonly string[] {
  if (word.length < LEAST_TO_PART || whole.has(word) || parts.has(word) || short.has(word)) return [word];
  for (let at = word.length - 2; at >= LEAST_PART; at -= 1) {
    const [first, last] = [word.slice(0, at), word.slice(at)];
    if ((parts.has(first) || short.has(first)) && isPart(parts, last)) return [first, last];
  }
  return [word];
}

const isPart = (parts: ReadonlySet<string>, word: string): boolean =>
  ENDS.has(word) || (word.length >= LEAST_PART && parts.has(word));
