/** Text that every part can keep and pass on: Postgres takes no NUL, and UTF-8 no half of a character. */

const LONE_SURROGATE = /\p{Surrogate}/u;

/** What keeps a text from being stored, as the end of a sentence about it; null where nothing does. */
export function textProblem(text: string): string | null {
  if (text.includes('\0')) return 'holds a NUL character; remove it';
  if (LONE_SURROGATE.test(text)) return 'holds half of a character (a lone surrogate); send whole characters';
  return null;
}
