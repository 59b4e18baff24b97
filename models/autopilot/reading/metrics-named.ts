/** Which measure a person's words name, and whether a model can be chosen by it. */

import { metricsFor } from '../../../core/training-metrics.ts';
import type { ProblemType } from '../facts.ts';
import { anyOf, oneOf } from '../vocabulary/lines.ts';
import * as vocabulary from '../vocabulary/metrics.ts';

/** A measure that is not known leaves the one named before it standing. */
export interface NamedMetric {
  metric?: string;
  /** Why `metric` is not quite what was named; null when it is. */
  metricNote?: string | null;
  /** The measure named that no model here can be chosen by; null when `metric` is one that can. */
  unknownMetric: string | null;
}

/** What is said against something ends at the next mark or at what is wanted instead. */
const AGAINST = new RegExp(`\\b${oneOf(vocabulary.AGAINST)}\\b.*?(?=[,;.]|\\bbut\\b|\\buse\\b|$)`, 'g');
const UNKNOWN = new RegExp(`\\b(?:${oneOf(vocabulary.UNKNOWN_METRICS)}|top \\d+)\\b`);
const RECALL_NOTE =
  'recall alone is best for a model that always names one class, so balanced accuracy, the ' +
  'recall averaged over the classes, stands in for it';
const BOTH_NOTE = 'F1 holds precision and recall in balance';
/** In the order in which they are looked for; the note says what a measure stands in for. */
const METRICS: [RegExp, string, string?][] = [
  [anyOf(vocabulary.PRECISION_AND_RECALL), 'f1_macro', BOTH_NOTE],
  [anyOf(vocabulary.BALANCED_ACCURACY), 'balanced_accuracy'],
  [anyOf(vocabulary.ROC_AUC), 'roc_auc'],
  [anyOf(vocabulary.F1), 'f1_macro'],
  [anyOf(vocabulary.LOG_LOSS), 'log_loss'],
  [anyOf(vocabulary.RMSE), 'rmse'],
  [anyOf(vocabulary.MAE), 'mae'],
  [anyOf(vocabulary.R2), 'r2'],
  [anyOf(vocabulary.ACCURACY), 'accuracy'],
  [anyOf(vocabulary.RECALL), 'balanced_accuracy', RECALL_NOTE],
];

/** What a measure counts, as a choice is told. */
export const METRIC_MEANS: Readonly<Record<string, string>> = {
  accuracy: 'all errors count alike',
  balanced_accuracy: 'each class counts alike, however rare it is',
  f1_macro: 'precision and recall of each class, the rare ones as much as the others',
  roc_auc: 'how rows are ranked, whatever the threshold',
  log_loss: 'how good the probabilities are: confident errors cost most',
  r2: 'which share of the spread is explained',
  rmse: 'in the unit of the target; large errors count most',
  mae: 'in the unit of the target; by how much a prediction is off',
};

/** A metric of the contract named in `text`, or null. */
export function readMetric(text: string): string | null {
  return findMetric(text)?.metric ?? null;
}

/** The measure that `text` names, known or not; null when it names none. */
export function findMetric(text: string): NamedMetric | null {
  const words = plainly(text).replace(AGAINST, ' ');
  const unknown = UNKNOWN.exec(words)?.[0] ?? null;
  const known = METRICS.find(([pattern]) =>
    pattern.test(unknown === null ? words : words.replace(/\b(?:pr auc|auc pr)\b/, '')),
  );
  if (known) return { metric: known[1], metricNote: known[2] ?? null, unknownMetric: null };
  return unknown === null ? null : { unknownMetric: unknown };
}

/** True where several are named beside one another, of which one alone can decide. */
export function namesSeveral(text: string): boolean {
  const words = plainly(text).replace(AGAINST, ' ');
  const found = METRICS.flatMap(([pattern, name]) => {
    const at = pattern.exec(words);
    return at === null ? [] : [{ name, from: at.index, to: at.index + at[0].length }];
  });
  return found.some((one) =>
    found.some(
      (other) =>
        one.name !== other.name && BESIDE.test(words.slice(one.to, other.from)) && one.to < other.from,
    ),
  );
}

/** Every measure that is named, wanted or not. */
export const metricsIn = (text: string): string[] => {
  const found = METRICS.flatMap(([pattern, name]) => (pattern.test(plainly(text)) ? [name] : []));
  return [...new Set(found)];
};

/** True when a measure is named, wanted or not. */
export const mentionsMetric = (text: string): boolean => metricsIn(text).length > 0;

const BESIDE = /^\s*(?:,|and|or|&|\/)\s*(?:the )?$/;
const plainly = (text: string): string => text.toLowerCase().replace(/[_-]/g, ' ').replaceAll('²', '2');

/** True when `metric` can be computed for the kind of problem. */
export function metricFits(metric: string, problem: ProblemType): boolean {
  return metricsFor(problem).includes(metric);
}

/** One sentence when the metric asked for cannot be used, none when it can or none was named. */
export function unmetMetric(
  { metric, unknownMetric }: { metric: string | null; unknownMetric: string | null },
  problem: ProblemType,
): string[] {
  const offered = metricsFor(problem).join(', ');
  if (unknownMetric !== null)
    return [`No model can be chosen by ${unknownMetric} here; it can be by ${offered}.`];
  if (metric === null || metricFits(metric, problem)) return [];
  return [`${metric} was asked for, but does not fit a ${problem} target; ${offered} do.`];
}
