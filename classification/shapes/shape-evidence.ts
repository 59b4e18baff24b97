/**
 * What the shape of a column's values says where no form or list has recognised them: little for one term, more for the
 * group of those whose values look so. It speaks of meanings, and so for the terms of any vocabulary.
 */

import type { Frame, SetId } from '../../core/evidence/frame.ts';
import { type MassFunction, massFunction, vacuous } from '../../core/evidence/mass.ts';
import type { Attachment } from '../meanings/attachments.ts';
import { DATE_SHAPES } from './date-shapes.ts';
import { NUMBER_SHAPES } from './number-shapes.ts';
import { type Shape, valuesOf } from './shape.ts';
import { type KnownWords, textShapes } from './text-shapes.ts';

/** Of each shape the meanings that such values have, and how much speaks for each: at most 0.8 together. */
export type ShapeShares = ReadonlyMap<string, readonly (readonly [meaning: string, share: number])[]>;

export interface ShapeReader {
  shapes: readonly Shape[];
  shares: ShapeShares;
}

export interface FoundShape {
  shape: Shape;
  matched: number;
  of: number;
}

/** So many of the values must have it. */
const LEAST_SHARE = 0.75;
/** One value alone looks like many things. */
const LEAST_VALUES = 2;
/** Of what speaks for a term, so much says no more than "one of those that look so". */
const SHARED = 0.5;

export const createShapeReader = (known: KnownWords, shares: ShapeShares): ShapeReader => ({
  shapes: [...DATE_SHAPES, ...textShapes(known), ...NUMBER_SHAPES],
  shares,
});

/** The first shape that most of the distinct values have; null where there are too few, or most have none. */
export function shapeOf({ shapes }: ShapeReader, values: readonly string[]): FoundShape | null {
  const read = valuesOf(values);
  const of = read.texts.length;
  if (of < LEAST_VALUES) return null;
  for (const shape of shapes) {
    const matched = shape.countIn(read);
    if (matched >= LEAST_SHARE * of) return { shape, matched, of };
  }
  return null;
}

export interface ShapeTerms {
  code: string;
  share: number;
}

/** Terms that the shape speaks for, each with its share; a meaning's is parted among the terms that have it. */
export function termsOfShape(
  { shares }: ShapeReader,
  { shape }: FoundShape,
  attachments: ReadonlyMap<string, readonly Attachment[]>,
): ShapeTerms[] {
  const terms = new Map<string, number>();
  for (const [meaning, share] of shares.get(shape.name) ?? []) {
    const attached = attachments.get(meaning) ?? [];
    for (const { code } of attached) terms.set(code, (terms.get(code) ?? 0) + share / attached.length);
  }
  return [...terms].map(([code, share]) => ({ code, share }));
}

export function massOfShape(
  frame: Frame,
  { matched, of }: FoundShape,
  terms: readonly ShapeTerms[],
): MassFunction {
  if (terms.length === 0) return vacuous(frame);
  const fits = matched / of;
  const sets = terms.map(({ code, share }): [SetId, number] => [frame.setOfCode(code), share * fits]);
  const leaves = sets.flatMap(([set]) => [...frame.leavesOf(set)]);
  const together = sets.reduce((sum, [, share]) => sum + share, 0);
  return massFunction(frame, [
    ...sets.map(([set, share]): [SetId, number] => [set, share * (1 - SHARED)]),
    [frame.setOf(leaves), together * SHARED],
  ]);
}
