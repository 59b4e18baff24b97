/** Values that decisions may have, where they can be listed; also for the web UI, so without a schema. */

import type { ProblemType } from './records.ts';

/** How rows may be dealt; `column`: as a column of the person's own says. */
const SPLIT_STRATEGIES = ['random', 'stratified', 'group', 'time', 'column'] as const;
/** Learners that the offline agent can fit. */
export const LEARNERS = ['linear', 'log_linear', 'kernel', 'forest', 'extra_trees', 'boosting'] as const;
/** Of `column.{key}.use`. */
export const USES = ['in', 'out'] as const;
/** As what any column can be read. */
export const KINDS = ['category', 'text', 'number'] as const;
/** Lines that look like no data and may be rows; those of `rows.left_out` stay out. */
export const LINES = ['footnote', 'total', 'unaligned'] as const;
/** What the one mark before three digits means. */
export const MARKS = ['decimal', 'thousands'] as const;
/** What stands first in a date. */
export const DATE_ORDERS = ['day', 'month'] as const;
/** What becomes of times that had not ended: left out, or taken as if they had. */
export const MEANINGS = ['observed_only', 'as_number'] as const;
/** How a column becomes features, by what it is (sandbox/tempera/tables/features/ways.py). */
const WAYS: readonly { kinds: readonly string[]; ways: readonly string[] }[] = [
  { kinds: ['category', 'code', 'identifier', 'text'], ways: ['labels', 'means', 'words'] },
  { kinds: ['date', 'datetime'], ways: ['parts', 'elapsed'] },
  {
    kinds: ['integer', 'number', 'count', 'money', 'percent', 'duration', 'year'],
    ways: ['number', 'log'],
  },
];
/** What becomes of rows that are given twice. */
export const REPEATS = ['drop', 'keep'] as const;

/** In which a column of that kind can become features; none where there is one way alone, all where it is not known. */
export const waysOf = (kind: string | undefined): readonly string[] =>
  kind === undefined
    ? WAYS.flatMap(({ ways }) => ways)
    : (WAYS.find(({ kinds }) => kinds.includes(kind))?.ways ?? []);

/** Rows that are dealt one by one keep the shares of classes where there are classes. */
export function strategiesFor(problem: ProblemType | null): readonly string[] {
  const other = problem === 'regression' ? 'stratified' : 'random';
  return problem === null ? SPLIT_STRATEGIES : SPLIT_STRATEGIES.filter((strategy) => strategy !== other);
}

/** The confidence of a choice that a script took because the data could not settle it (sandbox/tempera/choices). */
const UNSURE = 0.5;

/** True for a safe choice that nobody has confirmed: what a person says of it counts from then on. */
export const isToConfirm = ({ by, confidence, to_confirm }: Sureness): boolean =>
  to_confirm === true || (by !== 'person' && confidence !== null && confidence <= UNSURE);

interface Sureness {
  by: string;
  confidence: number | null;
  /** Of what was kept from another session: nobody has answered what does not fit. */
  to_confirm?: boolean;
}
