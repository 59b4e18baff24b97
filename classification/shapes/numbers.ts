/** What a column of numbers may be, by where they lie: the narrowest range that holds them is the likeliest. */

export const NUMBER_KINDS = ['whole', 'decimal', 'any', 'cents', 'degrees', 'round'] as const;
export type NumberKind = (typeof NUMBER_KINDS)[number];

export interface NumberRange {
  meaning: string;
  low: number;
  high: number;
  kind: NumberKind;
  /** How often such columns are there, in proportion. */
  weight: number;
}

export interface LikelyNumber {
  meaning: string;
  /** Of all ranges that hold the numbers; the shares sum to 1. */
  share: number;
}

/** Fewer numbers say too little of where they lie. */
const LEAST_NUMBERS = 8;
/** Share of the values that are numbers, and of the numbers that lie within a range. */
const LEAST_SHARE = 0.85;
const LEAST_WITHIN = 0.9;
/** Whole numbers of one length from here on are codes, not numbers. */
const LENGTH_OF_CODE = 5;
/** Each number is evidence for a narrow range; so many of them count, since they are not drawn apart. */
const COUNTED = 2;
const MOST_KINDS = 4;
const LEAST_PLACES = 4;
const PLAIN = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
const ROUND_STEP = 50;
const NUMERIC = /^[-+]?[$€£]? ?\d{1,18}(?:[.,]\d{1,18})*(?:[eE][-+]?\d{1,3})?(?: ?[%€$£])?$/;
const LEAST_NUMBERED = 20;
const MOST_UNLIKE = 2;

/** Whether they are numbers that lie within a range. */
export function holds({ low, high }: NumberRange, values: readonly string[]): boolean {
  const numbers = values.filter((value) => PLAIN.test(value)).map(Number);
  const within = numbers.filter((each) => each >= low && each <= high).length;
  return within > 0 && within >= LEAST_WITHIN * values.length;
}

/** Sorted numbers with like gaps between them: rows that were numbered. */
export function areNumbered(values: readonly string[]): boolean {
  const numbers = values
    .filter((value) => /^\d{1,12}$/.test(value))
    .map(Number)
    .sort((a, b) => a - b);
  if (numbers.length < LEAST_NUMBERED || numbers.length < values.length) return false;
  const gaps = numbers.slice(1).map((each, at) => each - (numbers[at] ?? 0));
  return Math.max(...gaps) <= MOST_UNLIKE * Math.min(...gaps) && (numbers[0] ?? 0) <= Math.max(...gaps);
}

export const areNumbers = (values: readonly string[]): boolean =>
  values.filter((value) => NUMERIC.test(value)).length >= LEAST_SHARE * values.length;

/** The likeliest first; none for what are no numbers, or too few. */
export function likelyNumbers(ranges: readonly NumberRange[], values: readonly string[]): LikelyNumber[] {
  const texts = values.filter((value) => PLAIN.test(value));
  if (texts.length < LEAST_NUMBERS || texts.length < LEAST_SHARE * values.length) return [];
  if (areCodes(texts)) return [];
  const numbers = texts.map(Number);
  const kinds = kindsOf(texts, numbers);
  const scores = new Map<string, number>();
  for (const { meaning, low, high, kind, weight } of ranges) {
    if (!kinds.has(kind)) continue;
    const within = numbers.filter((each) => each >= low && each <= high).length;
    if (within < LEAST_WITHIN * numbers.length) continue;
    scores.set(meaning, Math.max(scores.get(meaning) ?? 0, weight / (high - low) ** COUNTED));
  }
  const sum = [...scores.values()].reduce((total, score) => total + score, 0);
  return [...scores]
    .map(([meaning, score]) => ({ meaning, share: score / sum }))
    .sort((a, b) => b.share - a.share || (a.meaning < b.meaning ? -1 : 1))
    .slice(0, MOST_KINDS);
}

const areCodes = (texts: readonly string[]): boolean => {
  const [{ length } = ''] = texts;
  return length >= LENGTH_OF_CODE && texts.every((text) => text.length === length && /^\d+$/.test(text));
};

function kindsOf(texts: readonly string[], numbers: readonly number[]): ReadonlySet<NumberKind> {
  const places = texts.map((text) => (text.split('.')[1] ?? '').length);
  const most = Math.max(...places);
  const kinds = new Set<NumberKind>(['any', most === 0 ? 'whole' : 'decimal']);
  if (places.every((each) => each === 2 || each === 0) && most === 2) kinds.add('cents');
  if (most >= LEAST_PLACES) kinds.add('degrees');
  if (numbers.every((each) => Number.isInteger(each) && each % ROUND_STEP === 0)) kinds.add('round');
  return kinds;
}
