/**
 * What a column of numbers may be, by where they lie, how they are spread and how they are written. Each range of
 * `numbers.csv` tells of one meaning where its numbers lie, what their middle is as a rule, and how often such columns
 * are there; the likeliest meanings share what is not left to numbers of other kinds.
 */

export const NUMBER_KINDS = ['whole', 'decimal', 'any', 'cents', 'degrees', 'round', 'fine'] as const;
export type NumberKind = (typeof NUMBER_KINDS)[number];
export const SPREADS = ['any', 'long', 'even', 'flat', 'narrow'] as const;
export type Spread = (typeof SPREADS)[number];

export interface NumberRange {
  meaning: string;
  low: number;
  high: number;
  kind: NumberKind;
  /** How they are spread: a long tail, none, like rows that were numbered, all near to each other. */
  spread: Spread;
  /** Of their size the middle, and how far it is off as a rule, in powers of ten. */
  middle: number;
  deviation: number;
  /** How often such columns are there, in proportion. */
  weight: number;
}

export interface LikelyNumber {
  meaning: string;
  /** Of all that the numbers may be; the shares sum to less than 1. */
  share: number;
}

/** Fewer numbers say too little of where they lie. */
const LEAST_NUMBERS = 8;
/** Share of the values that are numbers, and of the numbers that lie within a range. */
const LEAST_SHARE = 0.85;
const LEAST_WITHIN = 0.9;
/** Whole numbers of one length from here on are codes, not numbers. */
const LENGTH_OF_CODE = 5;
/** Of numbers of other kinds, in the measure of the ranges' weights. */
const OTHERS = 0.3;
/** Sizes are told apart down to this one. */
const SMALLEST = 0.1;
/** The largest is so many times the middle one or more: a long tail. */
const LONG_TAIL = 5;
/** The largest is so many times the smallest one or fewer: all near to each other. */
const NARROW = 2.5;
/** Of rows that were numbered the quarters are at most so far off those of an even spread, as shares of the whole. */
const UNEVEN = 0.1;
/** What is left of a range's weight where numbers are spread otherwise. */
const SPREAD_OTHERWISE = 0.2;
/** In deviations: further off, nothing is left. */
const FAR_OFF = 4;
const MOST_KINDS = 4;
const LEAST_PLACES = 4;
const FINE_PLACES = 3;
const PLAIN = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,22})?$/;
const ROUND_STEP = 50;
const NUMERIC = /^[-+]?[$€£]? ?\d{1,18}(?:[.,]\d{1,18})*(?:[eE][-+]?\d{1,3})?(?: ?[%€$£])?$/;
const LEAST_NUMBERED = 20;
/** A gap of one row more or less is a sample's. */
const MOST_UNLIKE = 2.5;
/** Of sums of money so many end in two places, where zeros at the end were lost. */
const LEAST_CENTS = 0.7;

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
  const numbers = texts.map(Number).sort((a, b) => a - b);
  const found: Numbers = { numbers, kinds: kindsOf(texts, numbers), spread: spreadsOf(numbers) };
  const scores = new Map<string, number>();
  for (const range of ranges) {
    const score = scoreOf(range, found);
    scores.set(range.meaning, Math.max(scores.get(range.meaning) ?? 0, score));
  }
  const sum = [...scores.values()].reduce((total, score) => total + score, OTHERS);
  return [...scores]
    .map(([meaning, score]) => ({ meaning, share: score / sum }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share || (a.meaning < b.meaning ? -1 : 1))
    .slice(0, MOST_KINDS);
}

interface Numbers {
  /** Sorted. */
  numbers: readonly number[];
  kinds: ReadonlySet<NumberKind>;
  spread: ReadonlySet<Spread>;
}

/** As a normal distribution of the size's logarithm would have it; 0 where they lie elsewhere. */
function scoreOf(range: NumberRange, { numbers, kinds, spread }: Numbers): number {
  if (!kinds.has(range.kind)) return 0;
  const size = Math.log10(Math.abs(at(numbers, 0.5)) + SMALLEST);
  const off = (size - Math.log10(range.middle + SMALLEST)) / range.deviation;
  if (Math.abs(off) > FAR_OFF) return 0;
  const within = numbers.filter((each) => each >= range.low && each <= range.high).length;
  if (within < LEAST_WITHIN * numbers.length) return 0;
  const density = Math.exp((-off * off) / 2) / range.deviation;
  return range.weight * density * (spread.has(range.spread) ? 1 : SPREAD_OTHERWISE);
}

/** Of sorted numbers the one at a share of them. */
const at = (numbers: readonly number[], share: number): number =>
  numbers[Math.floor(share * (numbers.length - 1))] ?? 0;

function spreadsOf(numbers: readonly number[]): ReadonlySet<Spread> {
  const [first, low, middle, high, last] = [0, 0.25, 0.5, 0.75, 1].map((share) => at(numbers, share));
  const whole = (last ?? 0) - (first ?? 0) || 1;
  const isFlat = [low, middle, high].every(
    (each, place) => Math.abs(((each ?? 0) - (first ?? 0)) / whole - (place + 1) / 4) <= UNEVEN,
  );
  const isLong = (last ?? 0) >= LONG_TAIL * Math.abs(middle ?? 0);
  const isNarrow = (first ?? 0) > 0 && (last ?? 0) <= NARROW * (first ?? 0);
  return new Set<Spread>([
    'any',
    ...(isLong ? ['long' as const] : ['even' as const]),
    ...(isFlat ? ['flat' as const] : []),
    ...(isNarrow ? ['narrow' as const] : []),
  ]);
}

const areCodes = (texts: readonly string[]): boolean => {
  const [{ length } = ''] = texts;
  return length >= LENGTH_OF_CODE && texts.every((text) => text.length === length && /^\d+$/.test(text));
};

function kindsOf(texts: readonly string[], numbers: readonly number[]): ReadonlySet<NumberKind> {
  const places = texts.map((text) => (text.split('.')[1] ?? '').length);
  const most = Math.max(...places);
  const kinds = new Set<NumberKind>(['any', most === 0 ? 'whole' : 'decimal']);
  const withCents = places.filter((each) => each === 2).length / places.length;
  if (most === 2 && (withCents >= LEAST_CENTS || places.every((each) => each !== 1))) kinds.add('cents');
  if (most >= FINE_PLACES) kinds.add('fine');
  if (most >= LEAST_PLACES) kinds.add('degrees');
  if (numbers.every((each) => Number.isInteger(each) && each % ROUND_STEP === 0)) kinds.add('round');
  return kinds;
}
