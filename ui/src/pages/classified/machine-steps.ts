/** The state machine of a run as a row of steps, each behind the ones that come before it. */

import { type ClassificationState, isFinal } from '../../lib/classification/state-words.ts';

export type StepPlace = 'done' | 'now' | 'ahead' | 'skipped' | 'broken';

export interface MachineStep {
  state: ClassificationState;
  place: StepPlace;
}

/** States that a run may pass by, and what for. */
const OPTIONAL: readonly ClassificationState[] = ['LLM_SWEEP', 'VALIDATING', 'GENERATING_SYNTH', 'TRAINING'];
const WAY: readonly ClassificationState[] = [
  ...(['LOADING_VOCAB', 'DISCOVERING', 'SAMPLING', 'LLM_SWEEP', 'VALIDATING'] as const),
  ...(['GENERATING_SYNTH', 'TRAINING', 'CLASSIFYING', 'FUSING', 'EVALUATING'] as const),
];

export interface MachineInput {
  state: ClassificationState;
  /** The last state before an end by error or cancel; null where it is not known. */
  last: ClassificationState | null;
  /** States that were seen. */
  visited: ReadonlySet<ClassificationState>;
  /** A model is asked. */
  hasModel: boolean;
}

/** @returns every state on the way, and one for the end */
export function machineSteps({ state, last, visited, hasModel }: MachineInput): MachineStep[] {
  const ended = isFinal(state);
  const isWhole = state === 'CONVERGED' || state === 'STOPPED';
  const present = ended && !isWhole ? last : state;
  const at = isWhole ? WAY.length : present === null ? -1 : WAY.indexOf(present);
  const steps = WAY.map((each, place): MachineStep => {
    if (place === at) return { state: each, place: ended ? 'broken' : 'now' };
    const isPassedBy = OPTIONAL.includes(each) && !visited.has(each);
    if (isPassedBy && (place < at || ended || isUnlikely(each, hasModel)))
      return { state: each, place: 'skipped' };
    return { state: each, place: place < at ? 'done' : ended ? 'skipped' : 'ahead' };
  });
  return [...steps, { state: ended ? state : 'CONVERGED', place: ended ? 'now' : 'ahead' }];
}

/** Without a model there is nothing to sweep. */
const isUnlikely = (state: ClassificationState, hasModel: boolean): boolean =>
  !hasModel && (state === 'LLM_SWEEP' || state === 'VALIDATING');
