/** What a reader of details finds in a clause, or in a part of one. */

import type { Unfollowed } from './clause.ts';
import type { Detail } from './detail.ts';

/** With a mark where each of its columns stands. */
export interface MarkedPart {
  text: string;
  columns: readonly string[];
}

/** What was read, and where; a detail of null leaves open what `open` asks for. */
export interface FoundDetail {
  detail: Detail | null;
  open?: Unfollowed;
  parts: readonly (readonly [from: number, to: number])[];
}
export type ReadDetail = (part: MarkedPart) => FoundDetail | null;
