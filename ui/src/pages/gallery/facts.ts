/** What a card tells of a session beyond its record: cost, turns, the score with its spread, and a line to draw. */

import type { Session, Stage } from '../../lib/api/types.ts';

export interface Score {
  metric: string;
  value: number;
  /** Standard deviation over cross-validation's folds; null where none was told. */
  spread: number | null;
  /** The same metric of the simplest guess. */
  baseline: number | null;
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

/** What an experiment has come to: its best finished session's score, before the first one what is measured so far. */
export const scoreOf = (facts: Facts | null): Score | null => facts?.best ?? facts?.score ?? null;

/** Whether a session's facts may still change without its record changing. */
export const isMoving = ({ state }: Pick<Session, 'state'>): boolean => state.endsWith('_running');
