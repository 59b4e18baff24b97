/**
 * What values must look like to be what a column is called, where that is unmistakable: a card's number has its digits,
 * a latitude is no larger than 90. Values that are nothing of the kind speak against the name.
 *
 * A form is wide: masked, coded and dirty values pass it. What fails it is something else.
 */

import type { BoundedColumn } from '../column.ts';
import { tokensOf } from '../names/tokens.ts';
import { valueKey } from '../value-key.ts';
import { type FoundShape, kindShape, type ShapeReader } from './shape.ts';
import { isDate, isMoment } from './text-forms.ts';

/** Whether a value may be one. */
type Form = (value: string) => boolean;

/** So few values of the form that the name must be wrong. */
const HARDLY_ANY = 0.1;
const LEAST_VALUES = 3;
/** Against what the column is called; short of certain, since names are right more often than forms are complete. */
const AGAINST = 0.97;
/** From so many different values on it is no flag, and no sex. */
const MANY_FLAGS = 5;
const MANY_SEXES = 13;
/** Of so many whole names fewer than this share have a name that lists know: they are nobody's. */
const MANY_NAMES = 10;
const FEW_NAMES = 0.15;

const MASKED = /[*•#]|x{3}|^[0-9a-f]{20,}$/i;
const NUMBER =
  /^[-+]?[$€£¥]? ?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,5})(?:[.,]\d{1,18})?(?:e[-+]?\d{1,3})? ?[%€$£°]?$/i;
const CLOCK = /\d{1,2}:\d{2}/;

const digitsIn = (value: string): number => value.replace(/\D/g, '').length;
const numberIn = (value: string): number => Number(value.replace(/[$€£¥%°, ]/g, ''));
const isNumber: Form = (value) => NUMBER.test(value);
const hasDigit: Form = (value) => /\d/.test(value);
const hasLetter: Form = (value) => /\p{L}/u.test(value);

/** Numbers within bounds, and texts that hold no plain number: what they are cannot be told. */
const within =
  (...bounds: readonly (readonly [low: number, high: number])[]): Form =>
  (value) =>
    !isNumber(value) || bounds.some(([low, high]) => numberIn(value) >= low && numberIn(value) <= high);

const numeric: Form = (value) => isNumber(value) || (hasDigit(value) && value.length < 40);
const orMasked =
  (form: Form): Form =>
  (value) =>
    form(value) || MASKED.test(value);
const worded: Form = (value) => hasLetter(value) && digitsIn(value) < value.length / 2;
/** Neither numbers in the text nor a sentence. */
const placed: Form = (value) =>
  isNumber(value) || (hasLetter(value) && !hasDigit(value) && value.length < 60);

/** By meaning. */
const EXPECTED: Readonly<Record<string, Form>> = {
  email: orMasked((value) => value.includes('@')),
  phone: orMasked((value) => digitsIn(value) >= 5),
  card: orMasked((value) => digitsIn(value) >= 12),
  iban: orMasked((value) => value.length >= 14 && hasDigit(value)),
  ssn: orMasked((value) => digitsIn(value) >= 4),
  url: orMasked((value) => /[./]/.test(value)),
  ip: orMasked((value) => /[.:]/.test(value)),
  mac: orMasked((value) => value.length >= 12),
  gtin: orMasked((value) => digitsIn(value) >= 6),
  isbn: orMasked((value) => digitsIn(value) >= 9),
  first_name: orMasked(worded),
  last_name: orMasked(worded),
  full_name: orMasked(worded),
  city: placed,
  ticker: (value) => /^[\w.^-]{1,10}$/.test(value) && hasLetter(value),
  latitude: within([-90, 90]),
  longitude: within([-180, 360]),
  age: within([0, 130]),
  year: within([0, 99], [1000, 2200]),
  month: within([1, 12], [1900 * 100, 2200 * 100]),
  week_number: within([0, 54], [1900 * 100, 2200 * 100]),
  body_temperature: within([30, 46], [85, 115], [303, 319]),
  body_height: within([0.3, 8], [12, 270]),
  body_weight: within([0.2, 700]),
  body_mass_index: within([8, 100]),
  heart_rate: within([15, 300]),
  blood_pressure: within([20, 300]),
  credit_score: within([0, 1000]),
  percentage: numeric,
  amount: numeric,
  price: numeric,
  balance: numeric,
  count: numeric,
  quantity: numeric,
  altitude: numeric,
  duration: (value) => numeric(value) && !isMoment(value) && !isDate(value),
  time_of_day: (value) => !isMoment(value) && !isDate(value) && (!isNumber(value) || numberIn(value) <= 2400),
  date: datable,
};

/** Small numbers are no days, and neither are words without a digit. */
function datable(value: string): boolean {
  if (isDate(value) || isMoment(value)) return true;
  return hasDigit(value) && (!isNumber(value) || CLOCK.test(value) || Math.abs(numberIn(value)) >= 1900);
}

/** What it may not be of the terms that it is called by: all but those whose form hardly any value has. */
export function againstNames(
  reader: ShapeReader,
  { common: values, ownName }: BoundedColumn,
  called: readonly number[],
): FoundShape[] {
  if (values.length < LEAST_VALUES) return [];
  const { frame } = reader.vocabulary;
  const areNobody = isBareName(reader, ownName) && areNoPersons(reader, values);
  const isNobody = (leaf: number): boolean =>
    areNobody && (reader.meaningsOf.get(frame.leaves[leaf] ?? '')?.has('full_name') ?? false);
  const wrong = called.filter((leaf) => isNobody(leaf) || isWrong(reader, values, leaf));
  if (wrong.length === 0) return [];
  const others = [...frame.leaves.keys()].filter((leaf) => !wrong.includes(leaf));
  return kindShape('something else than it is called', AGAINST, frame.setOf(others));
}

/** A `name` by itself may be anything's. */
const isBareName = ({ names }: ShapeReader, name: string): boolean => {
  const tokens = tokensOf(name);
  return tokens.includes('name') && tokens.every((token) => names.words.neutral.has(token));
};

/** Among so many values some have a name that lists know, if they are people. */
function areNoPersons({ knowledge }: ShapeReader, values: readonly string[]): boolean {
  const isKnown = (word: string): boolean =>
    ['first_name', 'last_name'].some((list) => knowledge.valueLists.get(list)?.has(word) ?? false);
  const hasName: Form = (value) =>
    valueKey(value)
      .split(/[ ,.]+/)
      .some(isKnown);
  return values.length >= MANY_NAMES && shareOf(values, hasName) < FEW_NAMES;
}

function isWrong(reader: ShapeReader, values: readonly string[], leaf: number): boolean {
  const { frame } = reader.vocabulary;
  const meanings = reader.meaningsOf.get(frame.leaves[leaf] ?? '') ?? new Set<string>();
  if (meanings.has('flag') && values.length >= MANY_FLAGS) return true;
  if (meanings.has('gender') && values.length >= MANY_SEXES) return true;
  const isOf = (kind: 'dates' | 'numbered'): boolean => frame.contains(reader.termsOf(kind), leaf);
  if (isOf('numbered') && !values.some((value) => hasDigit(value))) return true;
  const known = [...meanings].flatMap((meaning) => EXPECTED[meaning] ?? []);
  const forms = known.length > 0 ? known : isOf('dates') ? [datable] : [];
  return forms.length > 0 && areHardlyAny(values, (value) => forms.some((form) => form(value)));
}

/** What has the form is soon found: then the rest needs no reading. */
function areHardlyAny(values: readonly string[], form: Form): boolean {
  let found = 0;
  for (const value of values) {
    if (form(value)) found += 1;
    if (found / values.length > HARDLY_ANY) return false;
  }
  return true;
}

const shareOf = (values: readonly string[], form: Form): number => values.filter(form).length / values.length;
