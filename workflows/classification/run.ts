/** A run that goes on, and what its states share. */

import type { ClassificationState } from '../../core/classification/states.ts';
import type { ClassificationInput, LoadedRun, RunMove } from '../contract/classification.ts';
import { runRecords } from './activities.ts';
import type { RunView } from './run-view.ts';

export interface Run {
  readonly input: ClassificationInput;
  readonly loaded: LoadedRun;
  readonly view: RunView;
  /** What the search attributes were last set to. */
  shown: string;
  show: () => void;
}

/** Writes it where everybody sees it: rows, event, status and details. */
export async function move(
  { input: { runId }, view, show }: Run,
  state: ClassificationState,
  { progress = {}, ...more }: Omit<RunMove, 'runId' | 'state'> = {},
): Promise<void> {
  await runRecords.moveRun({ runId, state, progress, ...more });
  view.moved(state, progress);
  show();
}

/** Columns of a window that is classified or fused: about a second of work. */
const COLUMNS_AT_ONCE = 500;

export async function nextColumns(
  { input: { runId } }: Run,
  from: number,
): Promise<{ from: number; to: number } | null> {
  const { to } = await runRecords.nextColumns({ runId, from, columns: COLUMNS_AT_ONCE });
  return to > from ? { from, to } : null;
}

/** Terms that have a label: fewer teach nothing. */
const LEAST_TERMS = 2;

/** Members learn where there are labels to learn from. */
export async function afterLabels({ loaded, input: { runId } }: Run): Promise<ClassificationState> {
  if (!loaded.learns) return 'CLASSIFYING';
  const { terms } = await runRecords.countLabels({ runId });
  return terms >= LEAST_TERMS ? 'GENERATING_SYNTH' : 'CLASSIFYING';
}
