/** What one clause of a person’s words asks for. */

import type { NamedMetric } from './metrics-named.ts';

export interface Clause {
  text: string;
  /** A request to be asked before something is done; what it names is not to be done. */
  ask: boolean;
  /** Wants to be asked no more. */
  askNothing: boolean;
  excluded: string[];
  /** Columns that are to stay in. */
  included: string[];
  /** Columns that alone are to be used. */
  only: string[];
  /** Words where a column should be named and none is known; null when there are none. */
  unknownColumn: string | null;
  /** Asks to do something to rows or values, which is not followed. */
  ofRows: boolean;
  target: string | null;
  /** A column is to be predicted, but none that is known is named. */
  unknownTarget: boolean;
  metric: NamedMetric | null;
  /** Says to go on, or is mere courtesy. */
  consent: boolean;
}

/** A clause that asks for nothing. */
export const NOTHING: Readonly<Clause> = {
  text: '',
  ask: false,
  askNothing: false,
  excluded: [],
  included: [],
  only: [],
  unknownColumn: null,
  ofRows: false,
  target: null,
  unknownTarget: false,
  metric: null,
  consent: false,
};

/** True when the clause was understood as something that is followed or refused by name. */
export function isUnderstood(clause: Clause): boolean {
  const { ask, askNothing, excluded, included, only, target, metric, consent } = clause;
  const named = excluded.length + included.length + only.length > 0;
  return ask || askNothing || named || target !== null || metric !== null || consent;
}
