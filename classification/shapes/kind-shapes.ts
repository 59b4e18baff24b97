/** What kind of values they are: numbers exclude terms that are texts, texts exclude numbers, two codes are a flag. */

import { EMPTY, type SetId } from '../../core/evidence/frame.ts';
import { areNumbered, areNumbers } from './numbers.ts';
import { type FoundShape, kindShape, type ShapeReader } from './shape.ts';

const NO_TEXTS = 0.65;
const NO_NUMBERS = 0.5;
const A_FLAG = 0.6;
/** Where it is called something that has codes, too: a sex of 0 and 1. */
const A_CODE = 0.1;
const CODED = 0.3;
const NUMBERED = 0.6;
const SOME_COUNT = 0.35;
const LEAST_VALUES = 5;
/** Two codes, each in several cases. */
const MOST_FLAGS = 6;
/** So few small numbers may stand for kinds of something. */
const MOST_CODES = 15;
const CODE = /^\d{1,2}$/;
const FLAGS = new Set(['0 1', '0.0 1.0', 'false true', 'n y', 'no yes', 'f t']);

/** Terms whose values may be of this kind. */
export function allowedTerms(
  { termsOf, vocabulary: { frame } }: ShapeReader,
  values: readonly string[],
): SetId {
  if (values.length < LEAST_VALUES) return frame.whole;
  const allowed = areNumbers(values) ? termsOf(kindOfNumbers(values)) : termsOf('noNumbers');
  return allowed === EMPTY ? frame.whole : allowed;
}

const kindOfNumbers = (values: readonly string[]): 'noTexts' | 'noPlainTexts' =>
  values.length <= MOST_CODES && values.every((value) => CODE.test(value)) ? 'noPlainTexts' : 'noTexts';

/** The two codes of yes and no, and nothing else. */
export function areFlags(values: readonly string[]): boolean {
  if (values.length > MOST_FLAGS) return false;
  const codes = new Set(values.map((value) => value.toLowerCase()));
  return FLAGS.has([...codes].sort().join(' '));
}

export interface CalledSo {
  /** Whether it is called something that is known. */
  isNamed: boolean;
  /** Whether a term is called just so. */
  isCalled: boolean;
  /** Whether its name is in the plural. */
  isPlural: boolean;
  /** Whether the term that it is called by may be told in two codes. */
  isCoded: boolean;
}

export function kindShapes(reader: ShapeReader, values: readonly string[], name: CalledSo): FoundShape[] {
  const { termsOf, meant } = reader;
  if (areFlags(values)) {
    const coded = kindShape('two codes', CODED, termsOf('coded'));
    const strength = name.isCoded ? A_CODE : A_FLAG;
    return [meant('flag', { title: 'yes or no', strength }), ...coded];
  }
  if (values.length < LEAST_VALUES) return [];
  if (!areNumbers(values)) return kindShape('no numbers', NO_NUMBERS, termsOf('noNumbers'));
  const isNumbered = !name.isNamed && areNumbered(values);
  const isCount = !name.isCalled && name.isPlural && values.every((value) => /^\d{1,7}$/.test(value));
  return [
    ...kindShape('numbers', NO_TEXTS, termsOf(kindOfNumbers(values))),
    ...(isNumbered ? [meant('record_id', { title: 'numbers of rows', strength: NUMBERED })] : []),
    ...(isCount
      ? [meant('count', { title: 'numbers of things that the name has in the plural', strength: SOME_COUNT })]
      : []),
  ];
}
