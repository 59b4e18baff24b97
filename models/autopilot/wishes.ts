/** What a person's sentences ask for, as far as they can be read without understanding language. */

import type { Clause } from './clause.ts';
import { readClauses } from './clauses.ts';
import type { Facts } from './facts.ts';

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
  askFirst: [],
};

/** Requests to be asked that are remembered, the newest: each is looked for in all that was said. */
const MOST_ASK_FIRST = 50;

/** What was given beside the words of the instructions, and therefore goes before them. */
export type Given = Pick<Facts, 'instructions' | 'target' | 'metric'>;

/**
 * Reads what was said, oldest first; what is later overrides what is earlier. A target or metric that was given as such
 * goes before what the instructions say of it, and not before what the person says later.
 */
export function readWishes(
  messages: readonly string[],
  columns: readonly string[],
  given: Given | null = null,
): Wishes {
  const wishes: Wishes = { ...NO_WISHES, excluded: [], included: [], askFirst: [] };
  const excluded = new Set<string>();
  const included = new Set<string>();
  const clauses = messages.flatMap((text) =>
    readClauses(text, columns).map((clause) =>
      text === given?.instructions ? under(clause, given) : clause,
    ),
  );
  for (const clause of clauses) {
    if (clause.ask) wishes.askFirst.push(clause.text);
    if (clause.askNothing) wishes.askFirst = [];
    for (const name of clause.included) {
      excluded.delete(name);
      included.add(name);
    }
    for (const name of clause.excluded) {
      excluded.add(name);
      included.delete(name);
    }
    wishes.target = clause.target ?? wishes.target;
    if (clause.metric !== null) Object.assign(wishes, clause.metric);
  }
  const askFirst = wishes.askFirst.slice(-MOST_ASK_FIRST);
  return { ...wishes, excluded: [...excluded], included: [...included], askFirst };
}

/** A clause of the instructions without what was given beside them. */
function under(clause: Clause, { target, metric }: Given): Clause {
  return {
    ...clause,
    target: target == null ? clause.target : null,
    metric: metric == null ? clause.metric : null,
  };
}
