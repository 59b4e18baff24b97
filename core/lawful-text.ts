/** Text that every part of the platform takes: JSON, Postgres and the model providers alike. */

/** Stands for a character that cannot be kept. One UTF-16 unit, as what it replaces: offsets stay true. */
const REPLACEMENT = '\ufffd';

/** NUL, which Postgres does not store, and surrogates that stand alone, which are no character in any encoding. */
const UNLAWFUL = /\0|\p{Surrogate}/u;

export const isLawfulText = (text: string): boolean => !UNLAWFUL.test(text);

/** The text with U+FFFD in place of each NUL and each lone surrogate; as long as it was, in UTF-16 units. */
export function lawfulText(text: string): string {
  if (isLawfulText(text)) return text;
  return text.replaceAll('\0', REPLACEMENT).replace(/\p{Surrogate}/gu, REPLACEMENT);
}

/** The first `most` UTF-16 units of `text`, one less where they would end inside a surrogate pair. */
export function headOf(text: string, most: number): string {
  if (text.length <= most) return text;
  return text.slice(0, splitsPair(text, most) ? most - 1 : most);
}

/** The last `most` UTF-16 units of `text`, one less where they would begin inside a surrogate pair. */
export function tailOf(text: string, most: number): string {
  const from = text.length - most;
  if (from <= 0) return text;
  return text.slice(splitsPair(text, from) ? from + 1 : from);
}

/** True when a cut at `at` parts the two halves of one character. */
function splitsPair(text: string, at: number): boolean {
  const code = text.codePointAt(at - 1);
  return at > 0 && code !== undefined && code > 0xffff;
}

/** What keeps a text from being stored, as the end of a sentence about it; null where nothing does. */
export function textProblem(text: string): string | null {
  if (text.includes('\0')) return 'holds a NUL character; remove it';
  if (UNLAWFUL.test(text)) return 'holds half of a character (a lone surrogate); send whole characters';
  return null;
}
