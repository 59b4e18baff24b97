/** What a card tells of a session beyond its record: cost, turns, the score with its spread, and a line to draw. */

import type { Session, Stage } from '../../lib/api/types.ts';

export interface Score {
  metric: string;
  value: number;
  /** Standard deviation over cross-validation's folds; null where none was told. */
  spread: number | null;
  /** The same metric of the simplest guess. */
  baseline: number | null;
  /** Measured on the test split, or still on the way. */
  final: boolean;
}

export interface Facts {
  cost: number;
  tokens: number;
  /** Turns of the last run of each stage. */
  turns: Partial<Record<Stage, number>>;
  score: Score | null;
  line: number[];
}

/** Whether a session's facts may still change without its record changing. */
export const isMoving = ({ state }: Pick<Session, 'state'>): boolean => state.endsWith('_running');
