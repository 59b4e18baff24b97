/** What a person's sentences ask for, as far as they can be read without understanding language. */

import type { ProblemType } from './facts.ts';

export interface Wishes {
  /** A column named after a word such as "predict"; the last sentence that names one counts. */
  target: string | null;
  metric: string | null;
  excluded: string[];
}

const TARGET_WORDS =
  /\b(?:predict(?:s|ing|ion)?|target|forecast|estimate|classify|explain|outcome|label|model)\b/g;
const EXCLUDE_WORDS =
  /\b(?:exclude|excluding|drop|ignore|leave out|remove|without|do not use|don't use|omit)\b/g;
const METRICS: [RegExp, string][] = [
  [/\bbalanced accuracy\b/, 'balanced_accuracy'],
  [/\b(?:roc[ -]?)?auc\b/, 'roc_auc'],
  [/\bf1\b/, 'f1_macro'],
  [/\blog[ -]?loss\b/, 'log_loss'],
  [/\brmse\b|\broot mean squared? error\b/, 'rmse'],
  [/\bmae\b|\bmean absolute error\b/, 'mae'],
  [/\br2\b|\br²|\br squared\b/, 'r2'],
  [/\baccuracy\b/, 'accuracy'],
];
const CLASS_METRICS = ['accuracy', 'balanced_accuracy', 'f1_macro', 'roc_auc', 'log_loss'];
const NUMBER_METRICS = ['r2', 'rmse', 'mae'];

/** Reads sentences, oldest first; a later one overrides an earlier one. */
export function readWishes(sentences: readonly string[], columns: readonly string[]): Wishes {
  const wishes: Wishes = { target: null, metric: null, excluded: [] };
  for (const sentence of sentences.flatMap((text) => text.split(/(?<=[.;!?])\s+|\n/))) {
    const text = plain(sentence);
    const excluded = namedAfter(text, EXCLUDE_WORDS, columns);
    wishes.excluded.push(...excluded.filter((name) => !wishes.excluded.includes(name)));
    const target = namedAfter(text, TARGET_WORDS, columns).find((name) => !excluded.includes(name));
    wishes.target = target ?? wishes.target;
    wishes.metric = readMetric(sentence) ?? wishes.metric;
  }
  return wishes;
}

/** A metric of the contract named in `text`, or null. */
export function readMetric(text: string): string | null {
  const words = text.toLowerCase().replaceAll('_', ' ');
  return METRICS.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

/** True when `metric` can be computed for the kind of problem. */
export function metricFits(metric: string, problem: ProblemType): boolean {
  return (problem === 'regression' ? NUMBER_METRICS : CLASS_METRICS).includes(metric);
}

/** Columns named within the sentence after one of `words`, in the order in which they are named. */
function namedAfter(text: string, words: RegExp, columns: readonly string[]): string[] {
  const start = [...text.matchAll(words)][0];
  if (start === undefined) return [];
  const rest = ` ${text.slice(start.index + start[0].length)} `;
  const found = columns
    .map((name) => ({ name, place: rest.indexOf(` ${plain(name)} `) }))
    .filter(({ name, place }) => place >= 0 && plain(name) !== '');
  const longest = found.filter(
    ({ name, place }) => !found.some((other) => other.place === place && other.name.length > name.length),
  );
  return longest.sort((a, b) => a.place - b.place).map(({ name }) => name);
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
