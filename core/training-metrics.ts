/** What a model can be judged by, by the kind of problem. */

import type { ProblemType } from './records.ts';

export const CLASS_METRICS = ['accuracy', 'balanced_accuracy', 'f1_macro', 'roc_auc', 'log_loss'] as const;
export const NUMBER_METRICS = ['r2', 'rmse', 'mae'] as const;

/** Names of the metrics that fit the kind of problem; all of them while it is not known. */
export function metricsFor(problem: ProblemType | null): readonly string[] {
  if (problem === null) return [...CLASS_METRICS, ...NUMBER_METRICS];
  return problem === 'regression' ? NUMBER_METRICS : CLASS_METRICS;
}
