/** What a person's sentences ask for, as far as they can be read without understanding language. */

import type { Facts } from '../facts.ts';
import { type Clause, changesSomething, type Effort, type Revoked } from './clause.ts';
import { readClauses } from './clauses.ts';
import { type Detail, subjectOf } from './detail.ts';

export interface Wishes {
  /** A column named after a word such as "predict"; the last sentence that names one counts. */
  target: string | null;
  metric: string | null;
  /** Why `metric` is not quite what was named; null when it is. */
  metricNote: string | null;
  /** The last measure named that no model here can be chosen by. */
  unknownMetric: string | null;
  excluded: string[];
  /** Columns that are to be used, whatever they tell of the target: the person knows that they are known before it. */
  included: string[];
  /** Columns that alone are to be used; null when all may. */
  only: string[] | null;
  /** The candidate that is to be the model, by its own name. */
  model: string | null;
  /** Candidates that are not to be tried. */
  withoutModels: string[];
  /** How much is to be done in training; null leaves it to the size of the table. */
  effort: Effort | null;
  /** How rows are to be dealt, as what columns are read, what becomes of repeats: the last that was said. */
  split: Clause['split'];
  kinds: Readonly<Record<string, string>>;
  repeats: Clause['repeats'];
  /** By what each decides the last that was said. */
  details: Readonly<Record<string, Detail>>;
  /** Clauses that ask to be asked before something is done, as they were said. */
  askFirst: string[];
}

export const NO_WISHES: Readonly<Wishes> = {
  target: null,
  metric: null,
  metricNote: null,
  unknownMetric: null,
  excluded: [],
  included: [],
  only: null,
  model: null,
  withoutModels: [],
  effort: null,
  split: null,
  kinds: {},
  repeats: null,
  details: {},
  askFirst: [],
};

/** Requests to be asked that are remembered, the newest: each is looked for in all that was said. */
const MOST_ASK_FIRST = 50;
/** Changes that can be taken back. */
const MOST_UNDONE = 50;

/** What was given beside the words of the instructions, and therefore goes before them. */
export type Given = Pick<Facts, 'instructions' | 'target' | 'metric'>;

/**
 * Reads what was said, oldest first; what is later overrides what is earlier. A target or metric that was given as such
 * goes before what the instructions say of it, and not before what the person says later. Questions are no wishes.
 */
export function readWishes(
  messages: readonly string[],
  columns: readonly string[],
  given: Given | null = null,
): Wishes {
  let wishes: Wishes = { ...NO_WISHES };
  const former: Wishes[] = [];
  for (const text of messages) {
    for (const clause of readClauses(text, columns)) {
      const heard = text === given?.instructions ? under(clause, given) : clause;
      if (heard.undo) wishes = former.pop() ?? wishes;
      if (changesSomething({ ...heard, undo: false })) former.push(wishes);
      if (former.length > MOST_UNDONE) former.shift();
      wishes = withClause(wishes, heard);
    }
  }
  return { ...wishes, askFirst: wishes.askFirst.slice(-MOST_ASK_FIRST) };
}

/** The wishes with those of one more clause; the former ones stay as they are. */
function withClause(wishes: Wishes, clause: Clause): Wishes {
  if (clause.revoked !== null) return withoutRevoked(wishes, clause.revoked);
  const { excluded, included } = columnsAfter(wishes, clause);
  const { ask, askNothing, only, text } = clause;
  const askFirst = askNothing ? [] : ask ? [...wishes.askFirst, text] : wishes.askFirst;
  const swapsTarget = clause.swap !== null && clause.swap.from === wishes.target;
  const model = clause.model ?? wishes.model;
  const others = wishes.withoutModels.filter((name) => name !== clause.model);
  return {
    ...wishes,
    excluded,
    included,
    askFirst,
    only: only.length > 0 ? only : wishes.only && [...wishes.only, ...clause.included],
    target: swapsTarget ? (clause.swap?.to ?? null) : (clause.target ?? wishes.target),
    ...clause.metric,
    model: clause.withoutModels.includes(model ?? '') ? null : model,
    withoutModels: [...new Set([...others, ...clause.withoutModels])],
    effort: clause.effort ?? wishes.effort,
    split: clause.split ?? wishes.split,
    kinds: { ...wishes.kinds, ...Object.fromEntries(clause.kinds.map(({ column, kind }) => [column, kind])) },
    repeats: clause.repeats ?? wishes.repeats,
    details: {
      ...wishes.details,
      ...Object.fromEntries(clause.details.map((detail) => [subjectOf(detail), detail])),
    },
  };
}

function withoutRevoked(wishes: Wishes, { columns, metrics, models, target, ...of }: Revoked): Wishes {
  const stays = (name: string) => !columns.includes(name);
  const only = wishes.only?.filter(stays) ?? [];
  const isMetric = wishes.metric !== null && metrics.includes(wishes.metric);
  const isTarget = target || !stays(wishes.target ?? '');
  return {
    ...wishes,
    excluded: wishes.excluded.filter(stays),
    included: wishes.included.filter(stays),
    only: only.length > 0 ? only : null,
    ...(isMetric ? { metric: null, metricNote: null } : {}),
    target: isTarget ? null : wishes.target,
    model: models.includes(wishes.model ?? '') ? null : wishes.model,
    withoutModels: wishes.withoutModels.filter((name) => !models.includes(name)),
    kinds: Object.fromEntries(Object.entries(wishes.kinds).filter(([name]) => stays(name))),
    split: of.split ? null : wishes.split,
    repeats: of.repeats ? null : wishes.repeats,
    details: Object.fromEntries(
      Object.entries(wishes.details).filter(
        ([, detail]) =>
          !(of.threshold && detail.about === 'threshold') && !detail.columns.some((name) => !stays(name)),
      ),
    ),
  };
}

function columnsAfter(wishes: Wishes, clause: Clause): Pick<Wishes, 'excluded' | 'included'> {
  const swapped = clause.swap !== null && wishes.excluded.includes(clause.swap.from) ? clause.swap : null;
  const out = [...clause.excluded, ...(swapped ? [swapped.to] : [])];
  const back = [...clause.included, ...clause.only, ...(swapped ? [swapped.from] : [])];
  if (out.length + back.length === 0) return wishes;
  const [isOut, isBack] = [new Set(out), new Set(back)];
  const excluded = wishes.excluded.filter((name) => !isBack.has(name));
  const included = [...wishes.included, ...clause.included].filter((name) => !isOut.has(name));
  return { excluded: [...new Set([...excluded, ...out])], included: [...new Set(included)] };
}

/** A clause of the instructions without what was given beside them. */
export function under(clause: Clause, { target, metric }: Given): Clause {
  return {
    ...clause,
    target: target == null ? clause.target : null,
    metric: metric == null ? clause.metric : null,
  };
}

/** True when the person does not want the column to be used. */
export function isUnwanted(name: string, { excluded, only }: Pick<Wishes, 'excluded' | 'only'>): boolean {
  return excluded.includes(name) || (only !== null && !only.includes(name));
}
