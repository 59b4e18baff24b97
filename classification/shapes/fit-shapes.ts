/** Whether the values are such as what the column is called has: then name and values speak for one term. */

import { EMPTY, type SetId } from '../../core/evidence/frame.ts';
import { holds } from './numbers.ts';
import type { FoundShape, ShapeReader } from './shape.ts';
import { isDate, isMoment } from './text-forms.ts';

const TRUST = 0.45;
const NEARLY_ALL = 0.75;
const IDENTIFIER = /^(?=[^\d]{0,8}\d)[A-Za-z0-9][A-Za-z0-9/_#.-]{2,24}$/;

/** @param named the leaf that names speak for most; EMPTY for none */
export function fitShapes(reader: ShapeReader, values: readonly string[], named: SetId): FoundShape[] {
  const { vocabulary, termsOf, knowledge, meaningsOf } = reader;
  const { frame } = vocabulary;
  if (named === EMPTY || !frame.isLeaf(named)) return [];
  const share = (isOne: (value: string) => boolean): number => values.filter(isOne).length / values.length;
  const isOf = (set: SetId): boolean => set !== EMPTY && frame.contains(set, named);
  const meanings = meaningsOf.get(frame.leaves[named] ?? '') ?? new Set<string>();
  const fits =
    (isOf(termsOf('dates')) && share((value) => isDate(value) || isMoment(value)) >= NEARLY_ALL) ||
    (isOf(termsOf('identifiers')) && share((value) => IDENTIFIER.test(value)) >= NEARLY_ALL) ||
    knowledge.numberRanges.some((range) => meanings.has(range.meaning) && holds(range, values));
  return fits ? [{ title: 'what it is called', strength: TRUST, sets: [named], isKind: true }] : [];
}
