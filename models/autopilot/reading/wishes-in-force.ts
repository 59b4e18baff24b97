/**
 * The person's wishes as the ledger holds them. Words become decisions first; what they named counts as far as it is in
 * force, and what is not of the ledger as it was said.
 */

import { columnKeys } from '../../../core/column-keys.ts';
import type { Facts } from '../facts.ts';
import { decidedValue } from '../stages/decided-values.ts';
import type { StageView } from '../view.ts';
import { knownColumns } from './known-columns.ts';
import { metricFits } from './metrics-named.ts';
import { problemIn } from './spoken-orders.ts';
import { readWishes, type Wishes } from './wishes.ts';

/** @param columns of the table, as far as they are known */
export function wishesInForce(view: StageView, columns: readonly string[]): Wishes {
  const { facts } = view;
  const spoken = readWishes(view.messages, columns, view.given);
  if (facts === null) return spoken;
  const excluded = facts.excluded_columns ?? [];
  const target = facts.target ?? knownColumns(view).target;
  const others = (names: readonly string[]) =>
    columns.filter((name) => name !== target && !names.includes(name));
  const isAlone = spoken.only !== null && others(spoken.only).every((name) => excluded.includes(name));
  return {
    ...spoken,
    excluded: [...excluded],
    included: columnsUsed(facts, columns),
    only: isAlone ? spoken.only : null,
    target: spoken.target === facts.target ? spoken.target : null,
    model: modelOf(facts),
    ...metricInForce(view, facts, spoken),
  };
}

/** Columns that a person wants to be used. */
function columnsUsed(facts: Facts, names: readonly string[]): string[] {
  return [...columnKeys([...new Set(names)])]
    .filter(([, key]) => decidedValue(facts, `column.${key}.use`) === 'in')
    .map(([name]) => name);
}

function modelOf(facts: Facts): string | null {
  const decided = decidedValue(facts, 'model.choice');
  return typeof decided === 'string' ? decided : null;
}

/** A metric that does not fit is no decision; that it was asked for is told. */
function metricInForce(view: StageView, facts: Facts, spoken: Wishes): Pick<Wishes, 'metric' | 'metricNote'> {
  if (spoken.metric === decidedValue(facts, 'metric'))
    return { metric: spoken.metric, metricNote: spoken.metricNote };
  const problem = problemIn(view);
  const isMisfit = spoken.metric !== null && problem !== null && !metricFits(spoken.metric, problem);
  return { metric: isMisfit ? spoken.metric : null, metricNote: null };
}
