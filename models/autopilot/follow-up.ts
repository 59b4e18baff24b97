/**
 * Questions after the last stage. Offline there is no understanding of language, so the answer is looked up by the
 * words of the question: scores, features, columns, counts of a column's values, splits. What cannot be looked up, and
 * every wish for new work, is answered by saying so.
 */

import { z } from 'zod';
import { ColumnAliases } from './column-aliases.ts';
import type { NextAction } from './next-action.ts';
import { counted, listed, score, withArticle } from './prose.ts';
import { plain, type TableColumn, withoutColumns } from './question.ts';
import type { FollowUpView } from './stage-view.ts';
import { decideTableAnswer, examplesFor } from './table-answer.ts';
import * as vocabulary from './vocabulary/follow-ups.ts';
import { anyOf, oneOf } from './vocabulary/lines.ts';

const TRAIN = 'train/data/metadata.json';
const PREP = 'prep/data/metadata.json';

const SCORES = z.record(z.string(), z.number());
const TRAINING = z.looseObject({
  target_column: z.string(),
  primary_metric: z.string(),
  model: z.looseObject({ title: z.string() }),
  metrics: z.looseObject({ test: SCORES, baseline: SCORES }),
  cv: z.looseObject({ mean: z.number(), sd: z.number(), folds: z.number(), repeats: z.number() }),
  prediction_interval: z.looseObject({ low: z.number().nullable(), high: z.number().nullable() }),
  candidates: z.array(z.looseObject({ title: z.string(), mean: z.number() })).catch([]),
  dropped_columns: z.record(z.string(), z.string()).catch({}),
  importance: z.array(z.looseObject({ feature: z.string(), mean: z.number() })).catch([]),
});
type Training = z.infer<typeof TRAINING>;

const PREPARED = z.looseObject({
  target_column: z.string(),
  feature_columns: z.array(z.string()),
  total_rows: z.number(),
  train_rows: z.number(),
  val_rows: z.number(),
  test_rows: z.number(),
  dropped_columns: z.record(z.string(), z.string()).catch({}),
  column_types: z.record(z.string(), z.string()).catch({}),
  problem_type: z.string().catch(''),
});
type Prepared = z.infer<typeof PREPARED>;

const WORK = anyOf(vocabulary.WORK);
const OF_STAGES = anyOf(vocabulary.OF_STAGES);
const OF_FEATURES = anyOf(vocabulary.OF_FEATURES);
const OF_COLUMNS = anyOf(vocabulary.OF_COLUMNS);
const OF_ROWS = anyOf(vocabulary.OF_ROWS);
const OF_SCORES = anyOf(vocabulary.OF_SCORES);
const QUESTION = new RegExp(`\\?|^${oneOf(vocabulary.ASKING)}\\b`);

/** The next step towards an answer: read what the stages recorded, ask the tables where a count is wanted, answer. */
export function decideFollowUp({ asked, found }: FollowUpView): NextAction {
  const words = plain(asked.at(-1) ?? '');
  for (const path of [TRAIN, PREP]) {
    if (!found.has(path)) return { do: 'read', say: `I look it up in ${path}.`, path };
  }
  const training = parse(TRAINING, found.get(TRAIN));
  const recorded = parse(PREPARED, found.get(PREP));
  if (!training || !recorded) {
    return {
      do: 'answer',
      say:
        `I work offline and answer from ${TRAIN} and ${PREP}, which I cannot read here. The ` +
        'reports are beside them.',
    };
  }
  const prepared = withoutThose(recorded, training.dropped_columns);
  const known = { training, prepared };
  const text = asked.at(-1) ?? '';
  const table = tableOf(recorded);
  const ofStages = OF_STAGES.test(withoutColumns(text, table));
  const fromTable = ofStages ? null : decideTableAnswer({ text, table, found });
  if (fromTable !== null) return fromTable;
  return { do: 'answer', say: answer(words, columnIn(words, prepared), known) };
}

/** The preparation's record as training used it: what the person had left out then is no feature of the model. */
function withoutThose(prepared: Prepared, dropped: Record<string, string>): Prepared {
  const stays = (name: string) => dropped[name] === undefined;
  return {
    ...prepared,
    feature_columns: prepared.feature_columns.filter(stays),
    column_types: Object.fromEntries(Object.entries(prepared.column_types).filter(([name]) => stays(name))),
    dropped_columns: { ...prepared.dropped_columns, ...dropped },
  };
}

interface Known {
  training: Training;
  prepared: Prepared;
}

function answer(words: string, column: string | null, known: Known): string {
  const parts: string[] = [];
  if (column !== null) parts.push(tellColumn(column, known));
  if (OF_FEATURES.test(words)) parts.push(tellFeatures(known));
  if (OF_COLUMNS.test(words)) parts.push(tellColumns(known));
  if (OF_ROWS.test(words)) parts.push(tellRows(known));
  const metric = Object.keys(known.training.metrics.test).some((name) => words.includes(plain(name)));
  if (metric || OF_SCORES.test(words)) parts.push(tellScores(known.training));
  if (!QUESTION.test(words) && WORK.test(words))
    parts.unshift(
      'I work offline and do no new work in a follow-up: start the stage again with that wish ' +
        'in a message, or choose a session with a language model.',
    );
  if (parts.length > 0) return parts.join('\n\n');
  return (
    'I work offline and cannot answer this one. I can answer questions about scores, the ' +
    'model, features, columns and splits, and about the rows: ' +
    `${examplesFor(tableOf(known.prepared))}. The whole story is in train/report.md.`
  );
}

function tellScores({
  model,
  metrics,
  primary_metric: metric,
  cv,
  prediction_interval,
  candidates,
}: Training): string {
  const others = Object.entries(metrics.test)
    .filter(([name]) => name !== metric)
    .map(([name, value]) => `${name} ${score(value)}`);
  const compared = candidates.map(({ title, mean }) => `${title} ${score(mean)}`);
  const lines = [
    `The model is ${withArticle(model.title)}. On the test split its ${metric} is ` +
      `${score(metrics.test[metric])} (a dummy: ${score(metrics.baseline[metric])}); ` +
      `cross-validation gave ${score(cv.mean)} ± ${score(cv.sd)} and let one expect ` +
      `${score(prediction_interval.low)} to ${score(prediction_interval.high)} with 95 %.`,
  ];
  if (others.length > 0) lines.push(`Also on the test split: ${others.join(', ')}.`);
  if (compared.length > 1) lines.push(`Compared were ${compared.join(', ')}.`);
  return lines.join(' ');
}

function tellFeatures({ training, prepared }: Known): string {
  const useful = training.importance
    .slice(0, 5)
    .map(({ feature, mean }) => `\`${feature}\` (${score(mean)})`);
  const count =
    `The model uses ${counted(prepared.feature_columns.length, 'column')}: ` +
    `${listed(prepared.feature_columns, 12)}.`;
  if (useful.length === 0) return count;
  return `${count} The most useful, by how much the score falls when one is shuffled: ${useful.join(', ')}.`;
}

function tellColumns({ prepared }: Known): string {
  const dropped = Object.entries(prepared.dropped_columns).map(([name, why]) => `\`${name}\` (${why})`);
  const types = Object.entries(prepared.column_types).map(([name, type]) => `\`${name}\` ${type}`);
  const used =
    `Kept: ${types.slice(0, 20).join(', ') || listed(prepared.feature_columns, 20)}; the ` +
    `target is \`${prepared.target_column}\`.`;
  return dropped.length > 0 ? `${used} Left out: ${dropped.join(', ')}.` : `${used} No column was left out.`;
}

function tellColumn(column: string, { training, prepared }: Known): string {
  const dropped = prepared.dropped_columns[column];
  if (dropped !== undefined) return `\`${column}\` was left out: ${dropped}.`;
  if (column === prepared.target_column) return `\`${column}\` is the target.`;
  const place = training.importance.findIndex(({ feature }) => feature === column);
  const type = prepared.column_types[column];
  const kind = type === undefined ? 'a feature' : `a feature (${type})`;
  if (place < 0) return `\`${column}\` is ${kind}.`;
  return (
    `\`${column}\` is ${kind}, number ${place + 1} of ${training.importance.length} by ` +
    `importance (${score(training.importance[place]?.mean)}).`
  );
}

function tellRows({ prepared }: Known): string {
  const { total_rows, train_rows, val_rows, test_rows } = prepared;
  return (
    `${counted(total_rows, 'row')} went on: ${train_rows} to train on, ${val_rows} to ` +
    `validate, ${test_rows} to test.`
  );
}

/** The columns of the upload as preparation took them; what it left out is looked into as text. */
function tableOf({ column_types, target_column, dropped_columns, problem_type }: Prepared): TableColumn[] {
  const target = problem_type === 'regression' ? 'number' : 'category';
  const features = Object.entries(column_types).map(
    ([name, kind]): TableColumn => ({
      name,
      kind: kind === 'number' ? 'number' : 'category',
    }),
  );
  const others = Object.keys(dropped_columns).map((name): TableColumn => ({ name, kind: 'category' }));
  return [{ name: target_column, kind: target }, ...features, ...others];
}

/** The longest column name that the words contain. */
function columnIn(
  words: string,
  { feature_columns, target_column, dropped_columns }: Prepared,
): string | null {
  const names = [...feature_columns, target_column, ...Object.keys(dropped_columns)];
  const aliases = new ColumnAliases(names.map((name) => [plain(name).split(' ').filter(Boolean)]));
  const matches = aliases.find(words).flatMap(({ place }) => names[place] ?? []);
  return matches.sort((left, right) => right.length - left.length)[0] ?? null;
}

function parse<T extends z.ZodType>(schema: T, text: string | null | undefined): z.output<T> | null {
  try {
    const parsed = schema.safeParse(JSON.parse(text ?? ''));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // a file too long to be shown whole: the answer says that it cannot be read
  }
}
