/** What a card tells of a session beyond its record: cost, turns, the score with its spread, and a line to draw. */

import { runningStage } from '../../../../core/session-state.ts';
import type { Session, Stage } from '../../lib/api/types.ts';

export interface Score {
  metric: string;
  value: number;
  /** Standard deviation over cross-validation's folds; null where none was told. */
  spread: number | null;
  /** The same metric of the simplest guess. */
  baseline: number | null;
  /** What it gains over that, as a share of it; 0 or less: no better than guessing. */
  gain: number | null;
  /** Measured on the test split; else the last value of the series `metric` of a training that goes on. */
  final: boolean;
  /** An earlier stage has been run again since. */
  stale: boolean;
}

/** The last finished run of each stage: it counts until a newer one is finished. */
export type Results = Partial<Record<Stage, { run: number; stale: boolean }>>;

export interface Facts {
  cost: number;
  tokens: number;
  /** Turns of the last run of each stage. */
  turns: Partial<Record<Stage, number>>;
  results: Results;
  score: Score | null;
  /** The best score of all the experiment's finished sessions, where it was asked for with the last one. */
  best?: (Score & { session_id: string }) | null;
  line: number[];
}

/**
 * The best score of an experiment's sessions, by which experiments are ordered; what a card shows is its session's
 * own.
 */
export const bestOf = (facts: Facts | null): Score | null => facts?.best ?? facts?.score ?? null;

/** A better score that another session of the experiment has. */
export const betterElsewhere = (
  session: string | undefined,
  facts: Facts | null,
): (Score & { session_id: string }) | null =>
  facts?.best && facts.best.session_id !== session ? facts.best : null;

/** A finished model that the simplest guess equals. */
export const isGuess = ({ final, gain }: Score): boolean => final && gain !== null && gain <= 0;

/** Whether a session's facts may still change without its record changing. */
export const isMoving = ({ state }: Pick<Session, 'state'>): boolean => runningStage(state) !== null;
