/** What one clause of a person’s words is, and what it asks for. */

import type { Detail } from './detail.ts';
import type { NamedMetric } from './metrics-named.ts';

/**
 * `order`, `correction` and `less_or_more` become wishes; nothing else changes anything. `unclear` was not understood,
 * `language` is in a language that is not read.
 */
export type ClauseKind =
  | 'order'
  | 'correction'
  | 'less_or_more'
  | 'question'
  | 'comparison'
  | 'hypothetical'
  | 'courtesy'
  | 'unclear'
  | 'language';

/** How much is to be done in training. */
export type Effort = 'simpler' | 'faster' | 'careful';

/** What a person may order that cannot be followed in words. */
export type Unfollowed =
  | 'split'
  | 'column kind'
  | 'metric'
  | 'metrics'
  | 'threshold'
  | 'threshold value'
  | 'missing'
  | 'decimal'
  | 'date order'
  | 'features'
  | 'texts'
  | 'lines';

/** What is spoken of in words that take back what was said of it. */
export interface Revoked {
  columns: string[];
  metrics: string[];
  models: string[];
  target: boolean;
  split: boolean;
  repeats: boolean;
  threshold: boolean;
}

export interface Clause {
  text: string;
  kind: ClauseKind;
  /** A request to be asked before something is done; what it names is not to be done. */
  ask: boolean;
  /** Wants to be asked no more. */
  askNothing: boolean;
  excluded: string[];
  /** Columns that are to stay in. */
  included: string[];
  /** Columns that alone are to be used. */
  only: string[];
  /** The column that was meant instead of the one named last. */
  swap: { from: string; to: string } | null;
  /** The last change is to be taken back. */
  undo: boolean;
  /** What was said of these counts no more; null when nothing is taken back so. */
  revoked: Revoked | null;
  /** Words where a column should be named and none is known; null when there are none. */
  unknownColumn: string | null;
  /** Words that fit several columns, and those; null when none do. */
  ambiguous: { words: string; candidates: string[] } | null;
  /** Words that were not understood and stop the order; null when there are none. */
  unknown: string | null;
  /** Words that were not understood beside a target, which is followed without them; null when there are none. */
  aside: string | null;
  /** A condition that the order hangs on, which stops it; null when there is none. */
  condition: string | null;
  /** Words that are taken for a column's name: as they are written, and the column. */
  meant: { written: string; column: string }[];
  /** Asks to do something to rows or values, which is not followed. */
  ofRows: boolean;
  unfollowed: Unfollowed | null;
  /** How rows are to be dealt; `by`: along or by which column, null where none is named. */
  split: { strategy: 'group' | 'time' | 'random'; by: string | null } | null;
  /** As what columns are to be read. */
  kinds: { column: string; kind: string }[];
  /** What is to become of rows that are given more than once. */
  repeats: 'keep' | 'drop' | null;
  /** How cells are read, how columns become features, the threshold. */
  details: readonly Detail[];
  target: string | null;
  /** A column is to be predicted, but none that is known is named. */
  unknownTarget: boolean;
  metric: NamedMetric | null;
  /** The candidate that is to be the model. */
  model: string | null;
  /** Candidates that are not to be tried. */
  withoutModels: string[];
  /** A model that is named and not compared here. */
  unknownModel: string | null;
  effort: Effort | null;
  /** Says to go on, or is mere courtesy. */
  consent: boolean;
  /** What the clause would order if it did: a question whether to, or what if. */
  supposed: Clause | null;
}

/** A clause that asks for nothing. */
export const NOTHING: Readonly<Clause> = {
  text: '',
  kind: 'unclear',
  ask: false,
  askNothing: false,
  excluded: [],
  included: [],
  only: [],
  swap: null,
  undo: false,
  revoked: null,
  unknownColumn: null,
  ambiguous: null,
  unknown: null,
  aside: null,
  condition: null,
  meant: [],
  ofRows: false,
  unfollowed: null,
  split: null,
  kinds: [],
  repeats: null,
  details: [],
  target: null,
  unknownTarget: false,
  metric: null,
  model: null,
  withoutModels: [],
  unknownModel: null,
  effort: null,
  consent: false,
  supposed: null,
};

/** True when the clause was understood as something that is followed or refused by name. */
export function isUnderstood(clause: Clause): boolean {
  return clause.ask || clause.askNothing || clause.consent || changesSomething(clause);
}

/** True when a wish comes of it. */
export function changesSomething(clause: Clause): boolean {
  const { excluded, included, only, withoutModels, kinds, details } = clause;
  const named = [excluded, included, only, withoutModels, kinds, details].some((list) => list.length > 0);
  const { target, metric, model, effort, swap, undo, revoked, split, repeats } = clause;
  const wishes = [target, metric, model, effort, swap, revoked, split, repeats];
  return named || undo || wishes.some((wish) => wish !== null);
}

/** True for what stops an order: it is asked back, and nothing of it is done. */
export function isStopped({ unknownColumn, ambiguous, unknown, condition }: Clause): boolean {
  return [unknownColumn, ambiguous, unknown, condition].some((why) => why !== null);
}

/** True for what a person asks to be told. */
export const asksSomething = ({ kind }: Clause): boolean =>
  kind === 'question' || kind === 'comparison' || kind === 'hypothetical';
