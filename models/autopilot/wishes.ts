/** What a person's sentences ask for, as far as they can be read without understanding language. */

import { metricsFor } from '../../core/training-metrics.ts';
import type { ProblemType } from './facts.ts';

export interface Wishes {
  /** A column named after a word such as "predict"; the last sentence that names one counts. */
  target: string | null;
  metric: string | null;
  /** Why `metric` is not quite what was named; null when it is. */
  metricNote: string | null;
  /** The last measure named that no model here can be chosen by. */
  unknownMetric: string | null;
  excluded: string[];
  /** Sentences that ask to be asked before something is done. */
  askFirst: string[];
}

export const NO_WISHES: Readonly<Wishes> = {
  target: null,
  metric: null,
  metricNote: null,
  unknownMetric: null,
  excluded: [],
  askFirst: [],
};

const TARGET_WORDS =
  /\b(?:predict(?:s|ing|ion)?|target|forecast|estimate|classify|explain|outcome|label|model)\b/g;
const EXCLUDE_WORDS =
  /\b(?:exclude|excluding|drop|ignore|leave out|remove|without|do not use|don't use|omit)\b/g;
const ASK_WORDS =
  /\b(?:ask|consult|check with|confirm with|wait for)\b.*\b(?:before|first|prior)\b|\bbefore\b.*\b(?:ask|consult|check with|confirm with)\b|\b(?:get|want|need)\b.*\bmy (?:ok|okay|consent|approval|permission)\b/;
/** What is said against something ends at the next mark or at what is wanted instead. */
const AGAINST = /\b(?:not|never|instead of|rather than|don't use)\b.*?(?=[,;.]|\bbut\b|\buse\b|$)/g;
const UNKNOWN_METRICS =
  /\b(?:average precision|pr auc|auc pr|auprc|mcc|matthews|kappa|mape|smape|rmsle|gini|brier|specificity|precision|lift|top \d+)\b/;
const RECALL_NOTE =
  'recall alone is best for a model that always names one class, so balanced accuracy, the recall averaged over the classes, stands in for it';
const BOTH_NOTE = 'F1 holds precision and recall in balance';
/** In the order in which they are looked for; the note says what a measure stands in for. */
const METRICS: [RegExp, string, string?][] = [
  [/\bprecision and recall\b|\brecall and precision\b/, 'f1_macro', BOTH_NOTE],
  [/\bbalanced accuracy\b/, 'balanced_accuracy'],
  [/\b(?:roc[ -]?)?auc\b/, 'roc_auc'],
  [/\bf1\b|\bf score\b|\bf measure\b/, 'f1_macro'],
  [/\blog[ -]?loss\b/, 'log_loss'],
  [/\br?mse\b|\bmean squared? error\b/, 'rmse'],
  [/\bmae\b|\bmean absolute error\b/, 'mae'],
  [/\br2\b|\br²|\br squared\b/, 'r2'],
  [/\baccuracy\b/, 'accuracy'],
  [/\brecall\b|\bsensitivity\b/, 'balanced_accuracy', RECALL_NOTE],
];

/** Reads sentences, oldest first; a later one overrides an earlier one. */
export function readWishes(sentences: readonly string[], columns: readonly string[]): Wishes {
  const wishes: Wishes = { ...NO_WISHES, excluded: [], askFirst: [] };
  for (const sentence of sentences.flatMap((text) => text.split(/(?<=[.;!?])\s+|\n/))) {
    const text = plain(sentence);
    // what to ask about is no order to do it
    if (ASK_WORDS.test(text)) {
      wishes.askFirst.push(sentence.trim());
      continue;
    }
    const excluded = namedAfter(text, EXCLUDE_WORDS, columns);
    wishes.excluded.push(...excluded.filter((name) => !wishes.excluded.includes(name)));
    const target = namedAfter(text, TARGET_WORDS, columns).find((name) => !excluded.includes(name));
    wishes.target = target ?? wishes.target;
    const named = findMetric(sentence);
    if (named !== null) Object.assign(wishes, named);
  }
  return wishes;
}

/** A metric of the contract named in `text`, or null. */
export function readMetric(text: string): string | null {
  return findMetric(text)?.metric ?? null;
}

/** A measure that is not known leaves the one named before it standing. */
type NamedMetric = Partial<Pick<Wishes, 'metric' | 'metricNote'>> & Pick<Wishes, 'unknownMetric'>;

function findMetric(text: string): NamedMetric | null {
  const words = text.toLowerCase().replace(/[_-]/g, ' ').replace(AGAINST, ' ');
  const unknown = UNKNOWN_METRICS.exec(words)?.[0] ?? null;
  const known = METRICS.find(([pattern]) =>
    pattern.test(unknown === null ? words : words.replace(/\b(?:pr auc|auc pr)\b/, '')),
  );
  if (known) return { metric: known[1], metricNote: known[2] ?? null, unknownMetric: null };
  return unknown === null ? null : { unknownMetric: unknown };
}

/** True when `metric` can be computed for the kind of problem. */
export function metricFits(metric: string, problem: ProblemType): boolean {
  return metricsFor(problem).includes(metric);
}

/** One sentence when the metric asked for cannot be used, none when it can or none was named. */
export function unmetMetric({ metric, unknownMetric }: Wishes, problem: ProblemType): string[] {
  const offered = metricsFor(problem).join(', ');
  if (unknownMetric !== null)
    return [`No model can be chosen by ${unknownMetric} here; it can be by ${offered}.`];
  if (metric === null || metricFits(metric, problem)) return [];
  return [`${metric} was asked for, but does not fit a ${problem} target; ${offered} do.`];
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
