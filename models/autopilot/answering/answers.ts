/** Answers to questions from what is known: about a column, the split, the metric, the model, scores and rows. */

import { counted, listed, score, withArticle } from '../prose.ts';
import type { Candidate, Decision, Knowledge } from './knowledge.ts';

/** Columns that are told with their reasons. */
const MOST_LISTED = 20;

/** Reasons that need more than their name: of which columns rows are repeats. */
const REASONS: Record<string, string> = { duplicates: 'repeats in every column that is used' };

const decided = ({ value, because }: Decision): string =>
  because === null ? value : `${value}, because ${because}`;

const RULE =
  'Of those compared the simplest within one standard error of the best is taken, unless you name another; which are ' +
  'compared goes by the size of the table.';

/** What is done with a column, and why. */
export function tellColumn(column: string, known: Knowledge): string {
  const why = known.leftOut[column];
  if (why !== undefined) return `\`${column}\` is left out: ${why}.`;
  if (column === known.target?.value) return `\`${column}\` is the target.`;
  const type = known.types[column];
  if (!known.used.includes(column)) return `Whether \`${column}\` is used is not settled yet.`;
  const kind = type === undefined ? 'a feature' : `a feature (${type})`;
  const place = known.importance.findIndex(({ feature }) => feature === column);
  if (place < 0) return `\`${column}\` is ${kind}: nothing speaks against it.`;
  return (
    `\`${column}\` is ${kind}, number ${place + 1} of ${known.importance.length} by ` +
    `importance (${score(known.importance[place]?.mean)}).`
  );
}

export function tellTarget({ target }: Knowledge): string {
  return target === null
    ? 'The target is not settled yet.'
    : `The target is \`${target.value}\`${reason(target)}.`;
}

const reason = ({ because }: Decision): string => (because === null ? '' : `, because ${because}`);

export function tellMetric({ metric }: Knowledge): string {
  if (metric === null) return 'The metric is not settled yet.';
  return `The model is chosen and judged by ${decided(metric)}.`;
}

export function tellSplit({ split, rows }: Knowledge): string {
  if (split === null && rows === null) return 'How rows are dealt is not settled yet.';
  const sentences = split === null ? [] : [`Rows are dealt ${decided(split)}.`];
  if (rows !== null) sentences.push(rowsWords(rows));
  return sentences.join(' ');
}

function rowsWords({ total, train, val, test }: NonNullable<Knowledge['rows']>): string {
  return `${counted(total, 'row')} went on: ${train} to train on, ${val} to validate, ${test} to test.`;
}

/** How many rows there are, which went on, and what became of repeats. */
export function tellRows({ uploaded, rows, droppedRows, repeats, table }: Knowledge): string {
  const columns = counted(table.length, 'column');
  const sentences = uploaded === null ? [] : [`The upload has ${counted(uploaded, 'row')} and ${columns}.`];
  if (rows !== null) sentences.push(rowsWords(rows));
  const dropped = Object.entries(droppedRows).filter(([, count]) => count > 0);
  const words = dropped.map(([why, count]) => `${REASONS[why] ?? why.replaceAll('_', ' ')} ${count}`);
  if (words.length > 0) sentences.push(`Rows left out, by the reason: ${words.join(', ')}.`);
  else if (rows !== null) sentences.push('No other row was left out.');
  if (repeats !== null) sentences.push(repeats);
  return sentences.length > 0 ? sentences.join(' ') : 'Which rows go on is not settled yet.';
}

export function tellColumns({ used, leftOut, target, types }: Knowledge): string {
  const named = used.map((name) =>
    types[name] === undefined ? `\`${name}\`` : `\`${name}\` ${types[name]}`,
  );
  const list = named.length > MOST_LISTED ? listed(used, MOST_LISTED) : named.join(', ');
  const dropped = Object.entries(leftOut).map(([name, why]) => `\`${name}\` (${why})`);
  const more = dropped.length > MOST_LISTED ? ` and ${dropped.length - MOST_LISTED} more` : '';
  const end = target === null ? '' : `; the target is \`${target.value}\``;
  const first = `Kept (${used.length}): ${list || 'not settled yet'}${end}.`;
  if (dropped.length === 0) return `${first} No column was left out.`;
  return `${first} Left out: ${dropped.slice(0, MOST_LISTED).join(', ')}${more}.`;
}

export function tellFeatures({ used, importance }: Knowledge): string {
  const useful = importance.slice(0, 5).map(({ feature, mean }) => `\`${feature}\` (${score(mean)})`);
  const count = `The model uses ${counted(used.length, 'column')}: ${listed(used, 12)}.`;
  if (useful.length === 0) return `${count} Which of them matter most is known once the model is fitted.`;
  return `${count} The most useful, by how much the score falls when one is shuffled: ${useful.join(', ')}.`;
}

/** Columns that give the target away. */
export function tellLeaks({ leftOut }: Knowledge): string {
  const found = Object.entries(leftOut).filter(([, why]) => /gives? .*away|leak/i.test(why));
  if (found.length === 0) return 'No column was found that gives the target away.';
  const reasons = found.map(([name, why]) => `\`${name}\` (${why})`).join(', ');
  return `Left out because they give the target away: ${reasons}.`;
}

/** The model, what it was compared with, and, for those named, how they did. */
export function tellModels(
  known: Knowledge,
  { named, why }: { named: readonly string[]; why: boolean },
): string {
  const { model, candidates, metric } = known;
  if (candidates.length === 0)
    return 'Which model it is is settled in training, where candidates are compared on the same folds.';
  const sentences = model === null ? [] : [`The model is ${withArticle(model.value)}${reason(model)}.`];
  const by = metric === null ? '' : ` by ${metric.value}`;
  sentences.push(`Compared${by}: ${candidates.map(scored).join(', ')}.`);
  for (const title of named) {
    const found = candidates.some((candidate) => candidate.title.toLowerCase() === title.toLowerCase());
    if (!found) sentences.push(`${capital(withArticle(title))} was not among them.`);
  }
  if (why) sentences.push(RULE);
  return sentences.join(' ');
}

const scored = ({ title, mean }: Candidate): string => `${title} ${score(mean)}`;
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

export function tellScores({ scores, model, candidates }: Knowledge): string {
  if (scores === null || model === null)
    return candidates.length > 0
      ? `The test is not opened yet. Compared: ${candidates.map(scored).join(', ')}.`
      : 'No model is fitted yet, so there is no score.';
  const { metric, test, baseline, cv, interval } = scores;
  const others = Object.entries(test)
    .filter(([name]) => name !== metric)
    .map(([name, value]) => `${name} ${score(value)}`);
  const expected =
    cv === null
      ? ''
      : `; cross-validation gave ${score(cv.mean)} ± ${score(cv.sd)} and let one expect ` +
        `${score(interval?.low)} to ${score(interval?.high)} with 95 %`;
  const lines = [
    `The model is ${withArticle(model.value)}. On the test split its ${metric} is ${score(test[metric])} ` +
      `(a dummy: ${score(baseline)})${expected}.`,
  ];
  if (others.length > 0) lines.push(`Also on the test split: ${others.join(', ')}.`);
  if (candidates.length > 1) lines.push(`Compared were ${candidates.map(scored).join(', ')}.`);
  return lines.join(' ');
}
