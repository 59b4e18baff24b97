/** What the agent knows when it is asked: what was decided, why, and what came of it. */

import type { Stage } from '../../../core/stages.ts';
import type { ProblemType } from '../facts.ts';
import type { TableColumn } from './table-words.ts';

/** Something decided, with its reason where there is one; it completes "because …". */
export interface Decision {
  value: string;
  because: string | null;
}

export interface Candidate {
  title: string;
  mean: number;
}

/** What the test said of the model. */
export interface Scores {
  metric: string;
  test: Record<string, number>;
  baseline: number | null;
  cv: { mean: number; sd: number } | null;
  /** What the test was expected to give. */
  interval: { low: number | null; high: number | null } | null;
}

export interface Knowledge {
  /** The columns of the upload as a question about rows takes them. */
  table: TableColumn[];
  target: Decision | null;
  problem: ProblemType | null;
  metric: Decision | null;
  split: Decision | null;
  model: Decision | null;
  /** Columns that are learned from. */
  used: string[];
  /** Of what kind they are, where that is known. */
  types: Record<string, string>;
  /** Columns that are not, with the reason. */
  leftOut: Record<string, string>;
  /** The stage that left each out, where that is known. */
  leftOutIn: Record<string, Stage>;
  /** Rows of the upload, where they are told. */
  uploaded: number | null;
  /** Rows that went on, and those of each split. */
  rows: { total: number; train: number; val: number; test: number } | null;
  /** Rows that did not, by the reason. */
  droppedRows: Record<string, number>;
  /** What becomes of rows that repeat others; a sentence. */
  repeats: string | null;
  candidates: Candidate[];
  scores: Scores | null;
  /** What is in force of the ledger, as the brief has it. */
  decided: readonly { key: string; value?: unknown; by: string }[];
  /** The threshold of the model; null where none is recorded. */
  threshold: number | null;
  /** What the model uses most, first. */
  importance: { feature: string; mean: number }[];
}

export const NOTHING_KNOWN: Readonly<Knowledge> = {
  table: [],
  target: null,
  problem: null,
  metric: null,
  split: null,
  model: null,
  used: [],
  types: {},
  leftOut: {},
  leftOutIn: {},
  uploaded: null,
  rows: null,
  droppedRows: {},
  repeats: null,
  candidates: [],
  scores: null,
  decided: [],
  threshold: null,
  importance: [],
};
