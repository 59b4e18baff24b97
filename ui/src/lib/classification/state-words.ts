/** The states of a classification as people read them. */

import { type ClassificationState, isFinal } from '../../../../core/classification/states.ts';

export type { ClassificationState };
export { isFinal };

interface StateWords {
  label: string;
  /** What is done in it. */
  does: string;
}

export const STATE_WORDS: Readonly<Record<ClassificationState, StateWords>> = {
  IDLE: { label: 'Waiting', does: 'It waits for a worker to take it up.' },
  LOADING_VOCAB: { label: 'Vocabulary', does: 'The terms are read and made ready.' },
  DISCOVERING: { label: 'Tables', does: 'The source is asked for its tables.' },
  SAMPLING: { label: 'Samples', does: 'Values of each column are read.' },
  LLM_SWEEP: { label: 'Model', does: 'A model is asked for its terms.' },
  VALIDATING: { label: 'Check', does: 'What the model answered is held against the other sources.' },
  GENERATING_SYNTH: { label: 'Labels', does: 'Labels are made to learn from.' },
  TRAINING: { label: 'Training', does: 'Two classifiers learn from labels and decisions.' },
  CLASSIFYING: { label: 'Evidence', does: 'Names, values, types and context of each column are weighed.' },
  FUSING: { label: 'Fusion', does: 'What the sources say is put together, with what they leave open.' },
  EVALUATING: { label: 'Results', does: 'The results are written, and measured where there are labels.' },
  CONVERGED: { label: 'Converged', does: 'All three aims of the run were reached.' },
  STOPPED: {
    label: 'Done, aims missed',
    does: 'All columns are done; not all aims of the run were reached.',
  },
  ERROR: { label: 'Failed', does: 'It ended with an error; what was done until then is there.' },
  CANCELLED: { label: 'Cancelled', does: 'It was cancelled; what was done until then is there.' },
};

export const toneOf = (state: ClassificationState): 'quiet' | 'good' | 'bad' | 'train' => {
  if (state === 'CONVERGED') return 'good';
  if (state === 'ERROR') return 'bad';
  return isFinal(state) || state === 'IDLE' ? 'quiet' : 'train';
};

export const isUnderWay = (state: ClassificationState): boolean => !isFinal(state);

/** Its results are complete. */
export const hasResults = (state: ClassificationState): boolean =>
  state === 'CONVERGED' || state === 'STOPPED';
