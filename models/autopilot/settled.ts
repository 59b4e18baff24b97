/** What the table's profile and the person's words settle before anything is compared with the target. */

import type { Column, Facts, ProblemType } from './facts.ts';
import { problemOf, type TargetChoice } from './target.ts';
import type { Wishes } from './wishes.ts';

export interface Settled {
  target: TargetChoice;
  problem: ProblemType;
  drop: Record<string, string>;
  zeroIsMissing: string[];
  sentinels: Record<string, number>;
  split: { strategy: string; by: string | null };
  wishes: Wishes;
}

/** Settles what is dropped, what counts as missing and how to split, once the target is known. */
export function settle(
  facts: Facts,
  known: { target: TargetChoice; wishes: Wishes; columns: readonly Column[] },
): Settled {
  const { target, wishes, columns } = known;
  const others = columns.filter((column) => column.name !== target.column.name);
  const excluded = new Set([...(facts.excluded_columns ?? []), ...wishes.excluded]);
  const moments = others.find((column) => column.flags.includes('moments'));
  const drop: Record<string, string> = {};
  for (const column of others) {
    const reason = excluded.has(column.name) ? 'it was excluded on request' : reasonToDrop(column);
    if (column.name === facts.split_column) drop[column.name] = 'it says which split a row belongs to';
    else if (reason !== null) drop[column.name] = reason;
  }
  const kept = others.filter((column) => drop[column.name] === undefined);
  return {
    target,
    wishes,
    drop,
    problem: problemOf(target.column, facts),
    zeroIsMissing: kept
      .filter((column) => column.flags.includes('zero_as_missing'))
      .map((column) => column.name),
    sentinels: sentinelsOf(kept),
    split: splitOf(facts, moments),
  };
}

function reasonToDrop(column: Column): string | null {
  if (column.flags.includes('constant')) return 'it has one value at most and can tell nothing';
  if (column.flags.includes('identifier')) return 'it is an identifier: nearly every row has its own value';
  if (column.flags.includes('nearly_empty')) return 'more than 95 % of it is missing';
  if (column.kind === 'text')
    return 'it is text with so many different values that little could be learned of each';
  return null;
}

function sentinelsOf(columns: readonly Column[]): Record<string, number> {
  const entries = columns.flatMap((column) => {
    const flag = column.flags.find((text) => text.startsWith('sentinel:'));
    return flag === undefined ? [] : [[column.name, Number(flag.slice('sentinel:'.length))] as const];
  });
  return Object.fromEntries(entries);
}

function splitOf(facts: Facts, moments: Column | undefined): Settled['split'] {
  if (facts.test_file) return { strategy: 'file', by: facts.test_file };
  if (facts.split_column) return { strategy: 'column', by: facts.split_column };
  if (moments) return { strategy: 'time', by: moments.name };
  return { strategy: 'stratified', by: null };
}
