/**
 * Which column to predict, and why: named by the person, given, or suggested by the upload's profile, which people are
 * shown too. A guess of its own is made only where the profile suggests none that can serve.
 */

import type { Column, Facts, ProblemType } from './facts.ts';
import type { Wishes } from './wishes.ts';

export interface TargetChoice {
  column: Column;
  /** Completes "…, because". */
  reason: string;
  guessed: boolean;
}

const TELLING_NAMES =
  /^(target|label|class|y|outcome|response|result|survived|churn(ed)?|default(ed)?|diagnosis|species|fraud|is_fraud|price|sale_?price|quality|status|attrition|income|converted|click(ed)?)$/;

/** The target, or null when no column can serve (then the person must say). */
export function chooseTarget(facts: Facts, wishes: Wishes, columns: readonly Column[]): TargetChoice | null {
  const find = (name: string) => columns.find((column) => column.name === name);
  const said = wishes.target === null ? undefined : find(wishes.target);
  if (said) return { column: said, reason: 'you named it in words', guessed: false };
  const given = facts.target == null ? undefined : find(facts.target.trim());
  if (given) return { column: given, reason: 'it was given', guessed: false };
  if (facts.target != null) return null;
  const excluded = new Set([...(facts.excluded_columns ?? []), ...wishes.excluded]);
  return suggestedTarget(facts, columns, excluded) ?? guessTarget(facts, columns, excluded);
}

function suggestedTarget(
  facts: Facts,
  columns: readonly Column[],
  excluded: ReadonlySet<string>,
): TargetChoice | null {
  const suggested = facts.suggested_target;
  const column = columns.find(({ name }) => name === suggested?.name.trim());
  if (!suggested || !column || excluded.has(column.name) || objectionTo(column, undefined) !== null)
    return null;
  const why = suggested.reason ?? 'the profile of the upload suggests it';
  return { column, reason: `no target was given and ${why}`, guessed: true };
}

/** Binary, multiclass or regression, from the column's kind and its number of values. */
export function problemOf(column: Column, facts: Facts): ProblemType {
  if (facts.problem_type) return facts.problem_type;
  if (column.distinct === 2) return 'binary';
  if (column.kind === 'number' && !(column.whole !== false && column.distinct <= 10)) return 'regression';
  return 'multiclass';
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

function guessTarget(
  facts: Facts,
  columns: readonly Column[],
  excluded: ReadonlySet<string>,
): TargetChoice | null {
  const file = facts.files[0] ?? '';
  const table = stem(file);
  const last = columns.at(-1);
  const scored = columns
    .filter((column) => objectionTo(column, undefined) === null || column.kind === 'number')
    .filter((column) => !excluded.has(column.name) && column.kind !== 'text' && column.kind !== 'date')
    .filter((column) => !column.flags.includes('identifier') && !column.flags.includes('constant'))
    .map((column) => ({ column, ...pointsOf(column, { table, isLast: column === last }) }));
  const best = scored.reduce<(typeof scored)[number] | null>(
    (found, next) => (found === null || next.points > found.points ? next : found),
    null,
  );
  if (best === null) return null;
  return { column: best.column, reason: best.reason, guessed: true };
}

function pointsOf(
  column: Column,
  place: { table: string; isLast: boolean },
): { points: number; reason: string } {
  const name = column.name.toLowerCase();
  const common = 'no target was given and';
  if (TELLING_NAMES.test(name))
    return { points: 4, reason: `${common} its name is one that answers usually have` };
  if (name.length > 1 && (name === place.table || `${name}s` === place.table)) {
    return { points: 3, reason: `${common} the table is named after it` };
  }
  if (place.isLast)
    return { points: 2, reason: `${common} it is the last column, where answers usually stand` };
  if (column.kind === 'category' && column.distinct <= 10) {
    return { points: 1, reason: `${common} it sorts the rows into a few groups` };
  }
  return { points: 0, reason: `${common} no other column fits better` };
}

function stem(file: string): string {
  return file.toLowerCase().replace(/^.*\//, '').replace(/\..*$/, '');
}
