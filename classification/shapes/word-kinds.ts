/** Kinds of things by the words that their names hold: firms, streets, callings, illnesses. */

import { z } from 'zod';

const FORMS = ['numbered', 'name', 'titled', 'short', 'words'] as const;

const WordKindSchema = z.strictObject({
  meaning: z.string(),
  /** For people. */
  title: z.string(),
  /** What it gives at most. */
  strength: z.number(),
  /** Share of the values that must be so. */
  least: z.number(),
  /** How values look besides: with a number and no comma, as a name, in capitals and of two words or more, of
   * three words at most, of three words or more. */
  form: z.enum(FORMS).optional(),
  first: z.array(z.string()).default([]),
  last: z.array(z.string()).default([]),
  any: z.array(z.string()).default([]),
  /** What a word ends with. */
  ends: z.array(z.string()).default([]),
});
export const WordKindsSchema = z.array(WordKindSchema);

export interface WordKind {
  meaning: string;
  title: string;
  strength: number;
  least: number;
  form: (typeof FORMS)[number] | null;
  first: ReadonlySet<string>;
  last: ReadonlySet<string>;
  any: ReadonlySet<string>;
  ends: readonly string[];
}

export const wordKinds = (parsed: z.infer<typeof WordKindsSchema>): WordKind[] =>
  parsed.map(({ form = null, first, last, any, ...kind }) => ({
    ...{ ...kind, form },
    ...{ first: new Set(first), last: new Set(last), any: new Set(any) },
  }));

/** Longer values are texts, and none of them is a name. */
const LONGEST = 120;
/** Before an end there must be so much of a word. */
const LEAST_STEM = 3;

/** Words of values, parted when a value is first asked for: what is of no kind is soon given up. */
export function rememberedWords(): (value: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (value) => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const words = wordsOf(value);
    known.set(value, words);
    return words;
  };
}

const wordsOf = (value: string): string[] =>
  value.length > LONGEST
    ? []
    : value
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .filter(Boolean);

/** @param words of the value */
export function isOfKind(kind: WordKind, value: string, words: readonly string[]): boolean {
  const first = words[0] ?? '';
  const last = words.at(-1) ?? '';
  if (words.length === 0 || !hasForm(kind, value, words)) return false;
  return (
    kind.last.has(last) ||
    (words.length > 1 && kind.first.has(first)) ||
    words.some((word) => kind.any.has(word) || endsSo(kind, word))
  );
}

const endsSo = ({ ends }: WordKind, word: string): boolean =>
  ends.some((end) => word.length >= end.length + LEAST_STEM && word.endsWith(end));

function hasForm({ form }: WordKind, value: string, words: readonly string[]): boolean {
  if (form === null) return words.length <= 8 && !/[!?]$/.test(value);
  if (form === 'titled') return /^\p{Lu}/u.test(value) && words.length >= 2 && words.length <= 8;
  if (form === 'numbered')
    return /\d/.test(value) && !value.includes(',') && words.length >= 2 && words.length <= 8;
  if (form === 'name') return /^\p{Lu}/u.test(value) && !/\d/.test(value) && words.length <= 3;
  if (form === 'short') return words.length <= 3;
  return words.length >= 3;
}
