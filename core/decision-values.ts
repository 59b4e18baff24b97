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
/** What becomes of rows that are given twice. */
export const REPEATS = ['drop', 'keep'] as const;

/** Rows that are dealt one by one keep the shares of classes where there are classes. */
export function strategiesFor(problem: ProblemType | null): readonly string[] {
  const other = problem === 'regression' ? 'stratified' : 'random';
  return problem === null ? SPLIT_STRATEGIES : SPLIT_STRATEGIES.filter((strategy) => strategy !== other);
}
