/** What the person's words and the table's profile settle before anything is measured, and what the measures add. */

import type { Column, Facts, Findings, ProblemType, Split } from '../facts.ts';
import { isUnwanted, type Wishes } from '../reading/wishes.ts';
import { columnsIncluded, splitDecided } from './decided-values.ts';
import type { TargetChoice } from './target.ts';

/** Why a column is out that a person wants so. */
export const ON_REQUEST = 'it was excluded on request';

export interface Settled {
  target: TargetChoice;
  /** What the person wants; null leaves it to the target's meaning. */
  problem: ProblemType | null;
  /** Left out on request or by its role, with the reason. */
  drop: Record<string, string>;
  /** As the person said; null leaves it to what is measured. */
  split: Split | null;
  wishes: Wishes;
  /** Columns that are used whatever they tell of the target: a person says so. */
  included: string[];
}

/** The same, once rows and columns were measured. */
export interface Decided extends Settled {
  problem: ProblemType;
  split: Split;
}

/** Settles what the person decided, once the target is known. */
export function settle(
  facts: Facts,
  known: { target: TargetChoice; wishes: Wishes; columns: readonly Column[] },
): Settled {
  const { target, wishes, columns } = known;
  const excluded = new Set(facts.excluded_columns ?? []);
  const drop: Record<string, string> = {};
  for (const { name } of columns) {
    if (name === target.column.name) continue;
    if (name === facts.split_column) drop[name] = 'it says which split a row belongs to';
    else if (excluded.has(name) || isUnwanted(name, wishes)) drop[name] = ON_REQUEST;
  }
  const names = columns.map(({ name }) => name);
  const included = [...new Set([...wishes.included, ...columnsIncluded(facts, names)])];
  return {
    target,
    wishes,
    drop,
    included,
    problem: facts.problem_type ?? null,
    split: splitOf(facts, columns),
  };
}

/**
 * What the measures make of it. A column that is excluded keeps the person's reason; a test file without answers
 * cannot be the test.
 */
export function decided(settled: Settled, relations: Findings<'eda_relations'>): Decided {
  return {
    ...settled,
    problem: settled.problem ?? relations.problem_type,
    split: (relations.test_file_can_judge === false ? null : settled.split) ?? relations.split,
    drop: { ...without(relations.left_out, settled.included), ...settled.drop },
  };
}

const without = (reasons: Record<string, string>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(reasons).filter(([name]) => !names.includes(name)));

function splitOf(facts: Facts, columns: readonly Column[]): Split | null {
  const asked = { because: 'it was asked for', confirm: false };
  if (facts.test_file) return { strategy: 'file', by: facts.test_file, ...asked };
  if (facts.split_column) return { strategy: 'column', by: facts.split_column, ...asked };
  const dates = columns.filter(({ kind }) => kind === 'date').map(({ name }) => name);
  return splitDecided(facts, dates);
}

/** How rows are dealt, as a clause of a sentence. */
export function splitWords({ strategy, by }: Pick<Split, 'strategy' | 'by'>): string {
  if (strategy === 'time') return `by time along \`${by}\``;
  if (strategy === 'group') return `by \`${by}\`, all rows of a value on one side`;
  if (strategy === 'time_and_group') return `by time along \`${by}\`, rows that belong together on one side`;
  if (strategy === 'column') return `by the column \`${by}\``;
  if (strategy === 'file') return `with \`${by}\` as the test`;
  return `${strategy}, 70/15/15`;
}
