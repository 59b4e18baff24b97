/** What still holds of an order, after all that was said later: nothing else may be told as done. */

import { type Clause, changesSomething } from './clause.ts';
import { subjectOf } from './detail.ts';
import { type Given, isUnwanted, type Wishes } from './wishes.ts';

/** The clause with only those of its orders that the wishes hold. */
export function standing(
  clause: Clause,
  wishes: Wishes,
  { given, predicted }: { given: Given | null; predicted: string | null },
): Clause {
  const { target, metric, model, effort } = clause;
  const isIn = (name: string) => !isUnwanted(name, wishes);
  const only = wishes.only ?? [];
  return {
    ...clause,
    // that what is predicted stays is told
    excluded: clause.excluded.filter((name) => !isIn(name) || name === predicted),
    included: clause.included.filter(isIn),
    only: clause.only.some((name) => only.includes(name)) ? only.filter(isIn) : [],
    // what was given beside the words goes before them, which is told
    target: given?.target != null || target === wishes.target ? target : null,
    metric:
      given?.metric != null || metric?.metric === undefined || metric.metric === wishes.metric
        ? metric
        : null,
    model: model === wishes.model ? model : null,
    withoutModels: clause.withoutModels.filter((name) => wishes.withoutModels.includes(name)),
    effort: effort === wishes.effort ? effort : null,
    split: clause.split === wishes.split ? clause.split : null,
    kinds: clause.kinds.filter(({ column, kind }) => wishes.kinds[column] === kind),
    repeats: clause.repeats === wishes.repeats ? clause.repeats : null,
    details: clause.details.filter((detail) => {
      const held = wishes.details[subjectOf(detail)];
      return held?.value === detail.value && held.denied === detail.denied;
    }),
  };
}

/** True when later words took something of the clause away. */
export function isOverruled(clause: Clause, left: Clause): boolean {
  if (!changesSomething(clause)) return false;
  const lists = ['excluded', 'included', 'withoutModels', 'kinds', 'details'] as const;
  if (lists.some((key) => left[key].length < clause[key].length)) return true;
  const { target, metric, model, effort, only } = clause;
  if (only.length > 0 && left.only.length === 0) return true;
  if (clause.split !== left.split || clause.repeats !== left.repeats) return true;
  return target !== left.target || metric !== left.metric || model !== left.model || effort !== left.effort;
}
