/** The state machine of a classification: which states there are, and which may follow which. */

import { TemperaError } from '../errors.ts';

export const CLASSIFICATION_STATES = [
  'IDLE',
  'LOADING_VOCAB',
  'DISCOVERING',
  'SAMPLING',
  'LLM_SWEEP',
  'VALIDATING',
  'GENERATING_SYNTH',
  'TRAINING',
  'CLASSIFYING',
  'FUSING',
  'EVALUATING',
  'CONVERGED',
  'STOPPED',
  'ERROR',
  'CANCELLED',
] as const;
export type ClassificationState = (typeof CLASSIFICATION_STATES)[number];

/** Nothing follows them. */
export const FINAL_STATES = ['CONVERGED', 'STOPPED', 'ERROR', 'CANCELLED'] as const;
export type FinalState = (typeof FINAL_STATES)[number];

/** What may follow, besides ERROR and CANCELLED, which may follow every state that is not final. */
const NEXT: Readonly<Record<ClassificationState, readonly ClassificationState[]>> = {
  IDLE: ['LOADING_VOCAB'],
  LOADING_VOCAB: ['DISCOVERING'],
  DISCOVERING: ['SAMPLING'],
  // without a model there is nothing to sweep, and members that learn need labels from somewhere
  SAMPLING: ['LLM_SWEEP', 'GENERATING_SYNTH', 'CLASSIFYING'],
  LLM_SWEEP: ['VALIDATING'],
  VALIDATING: ['LLM_SWEEP', 'GENERATING_SYNTH', 'CLASSIFYING'],
  GENERATING_SYNTH: ['TRAINING'],
  TRAINING: ['CLASSIFYING'],
  CLASSIFYING: ['FUSING'],
  // what is fused may ask the model again
  FUSING: ['VALIDATING', 'EVALUATING'],
  EVALUATING: ['CONVERGED', 'STOPPED'],
  CONVERGED: [],
  STOPPED: [],
  ERROR: [],
  CANCELLED: [],
};

export const isFinal = (state: ClassificationState): state is FinalState =>
  FINAL_STATES.some((final) => final === state);

/** In the order of the table. */
export const nextStates = (state: ClassificationState): ClassificationState[] =>
  isFinal(state) ? [] : [...NEXT[state], 'ERROR', 'CANCELLED'];

/** @throws TemperaError CONFLICT that names the states that may follow */
export function assertFollows(state: ClassificationState, next: ClassificationState): void {
  const valid = nextStates(state);
  if (valid.includes(next)) return;
  const possible = valid.length === 0 ? 'nothing: the run has ended' : valid.join(', ');
  throw new TemperaError('CONFLICT', `${next} cannot follow ${state}. What may follow: ${possible}.`);
}
