/** What a classification's workflow, its activities and others hand to each other. Small: references, never data. */

import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { Progress } from '../../core/classification/records.ts';
import type { ClassificationState } from '../../core/classification/states.ts';

export const CLASSIFICATION_WORKFLOW = 'ClassificationWorkflow';

export interface RunKey {
  runId: string;
}

export interface ClassificationInput extends RunKey {
  owner: string;
  /** Where the run before this one of the same workflow stood; null: the rows say. */
  carried?: Carried;
}

/** Sums over the windows of a phase, from which its progress is told. */
export interface RunSums {
  tables: number;
  /** Tables that could not be sampled. */
  failed: number;
  columns: number;
  belief: number;
  gap: number;
  conflict: number;
  /** Columns that a person should look at. */
  unclear: number;
  /** Columns with an answer. */
  answered: number;
  /** Columns that the model should see again. */
  revisit: number;
  /** Columns with a label of the model's. */
  labelled: number;
}

export interface Carried {
  state: ClassificationState;
  /** The table at which the phase goes on. */
  from: number;
  sums: RunSums;
}

/** What a workflow needs from the rows to go on from where they stand. */
export interface LoadedRun {
  state: ClassificationState;
  sourceName: string;
  progress: Progress;
  /** Pieces of work side by side. */
  parallel: number;
  /** A model is asked, at most so many rounds again; null: none is. */
  rounds: number | null;
  /** Members learn, where there are labels. */
  learns: boolean;
  /** Columns that are looked at, at most. */
  maxColumns: number;
  heartbeatSeconds: number;
  continueAfterEvents: number;
}

/** Tables at the positions `from` up to and without `to`. */
export interface Window extends RunKey {
  from: number;
  to: number;
}

export interface Discovered {
  /** Tables found so far, by this call too. */
  tables: number;
  /** Nothing is left to find. */
  isEnd: boolean;
}

export interface SweepWindow extends Window {
  /** 0: every column; later: those that the model should see again. */
  round: number;
}

/** What has come of asking about a window's columns. */
export interface Swept {
  /** Columns of the window that have a label of the model's. */
  labelled: number;
  /** Of the run so far. */
  calls: number;
  /** US dollars, of the run so far. */
  cost: number;
  /** The limit that is reached, for people; null: none is. */
  limit: string | null;
}

/** What a round of the sweep has come to. */
export interface SweepRound {
  /** Columns with a label of the model's, also by kind. */
  labelled: number;
  disagreements: number;
  /** Columns that it should see again. */
  revisit: number;
}

export interface RunMove extends RunKey {
  state?: ClassificationState;
  progress?: Omit<Progress, 'step'>;
  notes?: string[];
  error?: { code: string; message: string };
}

export interface ClassificationStatus {
  state: ClassificationState;
  progress: Progress;
}

export const classificationStatusQuery = defineQuery<ClassificationStatus>('status');
export const cancelClassificationUpdate = defineUpdate<{ state: ClassificationState }, [{ key?: string }]>(
  'cancel',
);
