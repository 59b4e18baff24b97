/**
 * Which column to predict, and why: named by the person, given, or suggested by the upload's profile, which people are
 * shown too, or the likeliest by the evidence that the exploration's own profile gives.
 */

import type { Column, Facts, Findings } from '../facts.ts';
import type { Wishes } from '../reading/wishes.ts';

export interface TargetChoice {
  column: Column;
  /** Completes "…, because". */
  reason: string;
  guessed: boolean;
}

/** The target, or null when no column can serve (then the person must say). */
export function chooseTarget(
  facts: Facts,
  wishes: Wishes,
  { columns, candidates }: Pick<Findings<'eda_profile'>, 'columns' | 'candidates'>,
): TargetChoice | null {
  const find = (name: string) => columns.find((column) => column.name === name);
  const named = wishes.target === null ? undefined : find(wishes.target);
  if (named) return { column: named, reason: 'you named it in words', guessed: false };
  const given = facts.target == null ? undefined : find(facts.target.trim());
  if (given) return { column: given, reason: 'it was given', guessed: false };
  if (facts.target != null) return null;
  const excluded = new Set([...(facts.excluded_columns ?? []), ...wishes.excluded]);
  const usable = columns.filter(
    (column) => !excluded.has(column.name) && objectionTo(column, undefined) === null,
  );
  return suggestedTarget(facts, usable) ?? likeliestTarget(candidates, usable);
}

function suggestedTarget(facts: Facts, usable: readonly Column[]): TargetChoice | null {
  const suggested = facts.suggested_target;
  const column = usable.find(({ name }) => name === suggested?.name.trim());
  if (!suggested || !column) return null;
  const why = suggested.reason ?? 'the profile of the upload suggests it';
  return { column, reason: `no target was given and ${why}`, guessed: true };
}

/** The first candidate of the profile that can serve. */
function likeliestTarget(
  candidates: Findings<'eda_profile'>['candidates'],
  usable: readonly Column[],
): TargetChoice | null {
  for (const { name, because } of candidates) {
    const column = usable.find((one) => one.name === name);
    if (column) return { column, reason: `no target was given and ${because}`, guessed: true };
  }
  return null;
}

/** Why `column` cannot be predicted, or null when it can. */
export function objectionTo(column: Column, rows: number | undefined): string | null {
  if (column.kind === 'constant') return `\`${column.name}\` has one value at most`;
  if (column.kind === 'date') return `\`${column.name}\` is a date`;
  if (column.kind === 'text' && column.distinct > 0.5 * (rows ?? 40)) {
    return `\`${column.name}\` is text in which nearly every row has its own value`;
  }
  return null;
}
