/**
 * The real tables in two halves, by a digest of their names: what is mended is looked for in the tuning half, and the
 * held half's figures are the honest ones.
 */

import { createHash } from 'node:crypto';
import type { LabelledTable } from './tables.ts';

const SEED = 'tempera-real';
/** Digits of the digest that decide. */
const DIGITS = 8;

export const REAL_PARTS = ['real-tuning', 'real-held'] as const;

export const halfOf = (table: string): (typeof REAL_PARTS)[number] => {
  const digest = createHash('sha256').update(`${SEED}:${table}`).digest('hex').slice(0, DIGITS);
  return Number.parseInt(digest, 16) % 2 === 0 ? 'real-tuning' : 'real-held';
};

export const inHalves = (tables: readonly LabelledTable[]): LabelledTable[] =>
  tables.map((each) => ({ ...each, part: halfOf(each.table) }));
