/**
 * What a question is answered, in a stage and after: from what is known where it asks what was decided, by SQL over
 * the upload where it asks of rows. A question changes nothing; what cannot be answered is said.
 */

import { STAGES, type Stage } from '../../../core/stages.ts';
import type { NextAction } from '../next-action.ts';
import { listed } from '../prose.ts';
import type { Clause } from '../reading/clause.ts';
import { modelsIn } from '../reading/clause-model.ts';
import { revokedNames } from '../reading/clause-outcome.ts';
import { tokensOf } from '../reading/columns-named.ts';
import type { DetailAbout } from '../reading/detail.ts';
import { detailOrder } from '../reading/detail-words.ts';
import { isEnglishWord, isKnownWord } from '../reading/known-words.ts';
import { findMetric } from '../reading/metrics-named.ts';
import { isKnownInQuestion } from '../reading/value-words.ts';
import { MODEL_TITLES } from '../stages/model-choice.ts';
import * as vocabulary from '../vocabulary/answers.ts';
import { MISSING } from '../vocabulary/conditions.ts';
import { anyOf, oneOf } from '../vocabulary/lines.ts';
import * as answers from './answers.ts';
import { tellDetails } from './detail-answers.ts';
import type { Knowledge } from './knowledge.ts';
import { plain } from './marked-text.ts';
import { columnsIn, otherWords, withoutColumns } from './question-words.ts';
import { asksForRepeats } from './repeated-rows.ts';
import { decideTableAnswer, examplesFor, type Found } from './table-answer.ts';
import { columnWords } from './table-words.ts';

const WHY = anyOf(vocabulary.WHY);
const OF_USE = anyOf(vocabulary.OF_USE);
const OF_AGENT = new RegExp(`^${oneOf(vocabulary.OF_AGENT)}(?: ${oneOf(vocabulary.AFTER_AGENT)})*(?: \\?)?$`);
const OF_STAGES = anyOf(vocabulary.OF_STAGES);
const GAPS = anyOf(MISSING);

const OF_SPLIT = anyOf(vocabulary.OF_SPLIT);
/** Topics in the order in which they are answered. */
const TOPICS: readonly [RegExp, (known: Knowledge) => string][] = [
  [OF_SPLIT, answers.tellSplit],
  [anyOf(vocabulary.OF_TARGET), answers.tellTarget],
  [anyOf(vocabulary.OF_LEAKS), answers.tellLeaks],
  [anyOf(vocabulary.OF_ROWS), answers.tellRows],
  [anyOf(vocabulary.OF_SCORES), answers.tellScores],
];
/** Of all columns, where none is named. */
const OF_FEATURES = anyOf(vocabulary.OF_FEATURES);
const OF_COLUMNS = anyOf(vocabulary.OF_COLUMNS);
const OF_COLUMNS_ONLY = anyOf(vocabulary.COLUMN_NOUNS);
const OF_ORDERS = anyOf(vocabulary.OF_ORDERS);
const OF_DATA = anyOf(vocabulary.OF_DATA);
const OF_GONE = anyOf(vocabulary.OF_GONE);
const OF_METRIC = anyOf(vocabulary.OF_METRIC);
const OF_MODELS = anyOf(vocabulary.OF_MODELS);

export interface Questioned {
  clause: Clause;
  known: Knowledge;
  /** What was looked up. */
  found: Found;
  /** The last stage is done: what is to be otherwise starts at an earlier one. Default: false. */
  done?: boolean;
  /** What is said may reach a model that is to see no values: nothing is told of the rows. Default: false. */
  hidden?: boolean;
}

/** The next step towards the answer: a query, or the answer itself. */
export function replyTo({ clause, known, found, done = false, hidden = false }: Questioned): NextAction {
  const { text, supposed } = clause;
  const about = { text, known, words: withoutColumns(text, known.table) };
  if (OF_AGENT.test(plain(text))) return say(whatIDo(known));
  if (OF_ORDERS.test(plain(text))) return say(ORDERS_STAND);
  if (supposed !== null)
    return say(`${supposedWords(about, supposed)} ${offer(supposed, { known, done })}`.trim());
  const details = tellDetails(text, known);
  if (details !== null) return say(details);
  const decided =
    WHY.test(about.words) || isOfUse(about) || (OF_STAGES.test(about.words) && !isOfTable(about.words));
  const fromTable = decided ? null : decideTableAnswer({ text, table: known.table, found });
  if (fromTable !== null) return hidden ? say(HIDDEN) : fromTable;
  const unknown = decided ? [] : unknownIn(about);
  if (unknown.length > 0) return say(notUnderstood(unknown, known));
  const parts = tellAll(about);
  return say(parts.length > 0 ? parts.join('\n\n') : cannot(known));
}

/** What is so now, of all that is supposed otherwise. */
const supposedWords = (about: About, { details }: Clause): string => {
  const now = details.length > 0 ? tellDetails(about.text, about.known) : null;
  return now ?? tellAll(about).join(' ');
};

/** Gaps and repeats are counted in the table; what became of them is a decision. */
const isOfTable = (words: string): boolean =>
  GAPS.test(words) || (asksForRepeats(words) && !OF_GONE.test(words));

const HIDDEN =
  'Of the rows I tell nothing in a stage while their values are not to be shared: what I write would reach the next ' +
  'model, if another one goes on. The Data tab answers it by SQL.';

const ORDERS_STAND =
  'What you asked for stands in your messages, each with what I made of it; I do not look it up here. I can tell ' +
  'what is done now: ask of the column, the metric or the model itself.';

const say = (text: string): NextAction => ({ do: 'answer', say: text });

interface About {
  text: string;
  /** Without the names of columns. */
  words: string;
  known: Knowledge;
}

/** Words that were not understood: an answer without them would be one to another question. */
function unknownIn({ text, known }: About): string[] {
  const ofColumns = columnWords(known.table);
  return otherWords(text, known.table).filter(
    (word) => !isKnownInQuestion(word) && !isKnownWord(word) && !isEnglishWord(word) && !ofColumns.has(word),
  );
}

const notUnderstood = (words: readonly string[], known: Knowledge): string =>
  `I do not understand ${words
    .slice(0, 8)
    .map((word) => `“${word}”`)
    .join(', ')}, so I do not answer that. ${cannot(known)}`;

const isOfUse = ({ text, known, words }: About): boolean =>
  columnsIn(text, known.table).length > 0 && OF_USE.test(words) && !/\bhow many\b/.test(words);

/** What is known of all that the question names. */
function tellAll(about: About): string[] {
  const { text, known, words } = about;
  const columns = columnsIn(text, known.table);
  const parts = columns
    .filter((column) => !isOfSplitBy(column, about))
    .map((column) => tellOne(column, about));
  for (const [pattern, tell] of TOPICS) if (pattern.test(words)) parts.push(tell(known));
  const measure =
    findMetric(text.replace(/\bnot\b/gi, ' ')) !== null || named(known.scores?.test ?? {}, words);
  if (measure && known.scores !== null) parts.push(answers.tellScores(known));
  if (measure || OF_METRIC.test(words)) parts.push(answers.tellMetric(known));
  const models = modelsIn(tokensOf(text)).map(({ name, start, end }) =>
    name === null ? wordsOf(text, start, end) : (MODEL_TITLES[name] ?? name),
  );
  const ofModels = OF_MODELS.test(words) && !OF_COLUMNS_ONLY.test(words);
  if (models.length > 0 || (columns.length === 0 && ofModels))
    parts.push(answers.tellModels(known, { named: models, why: WHY.test(words) }));
  if (columns.length === 0 && OF_FEATURES.test(words)) parts.push(answers.tellFeatures(known));
  else if (parts.length === 0 && OF_COLUMNS.test(words)) parts.push(answers.tellColumns(known));
  if (parts.length === 0 && OF_DATA.test(words))
    parts.push(answers.tellRows(known), answers.tellColumns(known));
  // "why?" alone asks for what was decided
  if (parts.length === 0 && WHY.test(words))
    parts.push(answers.tellTarget(known), answers.tellMetric(known), answers.tellSplit(known));
  return withoutRepeats(parts);
}

/** Asked why rows are dealt by a column, what it is to the model is no answer. */
const isOfSplitBy = (column: string, { known, words }: About): boolean =>
  OF_SPLIT.test(words) && known.split?.value.includes(`\`${column}\``) === true;

/** The parts, of which none says a sentence again that one before it says. */
function withoutRepeats(parts: readonly string[]): string[] {
  const given = new Set<string>();
  return parts.flatMap((part) => {
    const fresh = part.split(/(?<=\.) (?=[A-Z`])/).filter((sentence) => !given.has(sentence));
    for (const sentence of fresh) given.add(sentence);
    return fresh.length === 0 ? [] : [fresh.join(' ')];
  });
}

/** "Why did you drop it?" of a column that is used is put right first. */
function tellOne(column: string, { known, words }: About): string {
  const isUsed = known.used.includes(column);
  const premise = isUsed && WHY.test(words) && OF_GONE.test(words) ? `\`${column}\` is not left out. ` : '';
  return `${premise}${answers.tellColumn(column, known)}`;
}

const named = (scores: Record<string, number>, words: string): boolean =>
  Object.keys(scores).some((name) => words.includes(plain(name)));

const wordsOf = (text: string, start: number, end: number): string =>
  tokensOf(text)
    .slice(start, end)
    .map(({ word }) => word)
    .join(' ');

/** What would have to be said to have it; nothing is done by asking. */
function offer(supposed: Clause, { known, done }: { known: Knowledge; done: boolean }): string {
  const order = `Asking changes nothing. To have it, say “${orderOf(supposed)}”`;
  if (!done) return `${order}; to see both, go on from here in a fork and say it there.`;
  return `${order} and start ${stageFor(supposed, known)} again; to see both, do so in a fork of this session.`;
}

export const STAGE_TITLES: Record<Stage, string> = {
  eda: 'the exploration',
  prep: 'the preparation',
  train: 'the training',
};

const STAGE_OF_DETAILS: Record<DetailAbout, Stage> = {
  ...{ missing: 'eda', decimal: 'eda', date_order: 'eda', lines: 'eda', problem: 'eda' },
  ...{ features: 'prep', texts: 'prep', threshold: 'train' },
};

/** The first stage that an order concerns, with its article. */
export function stageFor(
  { target, included, only, excluded, split, kinds, repeats, details }: Clause,
  known: Knowledge,
): string {
  if (target !== null || kinds.length > 0) return 'the exploration';
  const ofDetails = details.map(({ about }) => STAGE_OF_DETAILS[about]);
  if (ofDetails.includes('eda')) return STAGE_TITLES.eda;
  if (split !== null || repeats !== null || ofDetails.includes('prep')) return 'the preparation';
  const ordered = [...included, ...only];
  const out = ordered.filter((name) => known.leftOut[name] !== undefined);
  if (out.some((name) => known.leftOutIn[name] === undefined)) return 'the stage that left it out';
  const stage = STAGES.find((each) => out.some((name) => known.leftOutIn[name] === each));
  if (stage !== undefined || ordered.length > 0) return STAGE_TITLES[stage ?? 'eda'];
  return excluded.length > 0 ? 'the preparation' : 'the training';
}

/** The order that was supposed, in words that are understood. */
export function orderOf({ excluded, included, only, target, metric, ...other }: Clause): string {
  const models = other.withoutModels.map((name) => `do not use ${MODEL_TITLES[name] ?? name}`);
  const parts = [
    ...(excluded.length > 0 ? [`leave out ${listed(excluded, 12)}`] : []),
    ...(included.length > 0 ? [`keep ${listed(included, 12)}`] : []),
    ...(only.length > 0 ? [`use only ${listed(only, 12)}`] : []),
    ...(target === null ? [] : [`predict \`${target}\``]),
    ...(metric?.metric === undefined ? [] : [`use ${metric.metric}`]),
    ...(other.model === null ? [] : [`use ${MODEL_TITLES[other.model] ?? other.model}`]),
    ...models,
    ...(other.effort === null ? [] : [`be ${other.effort === 'careful' ? 'more careful' : other.effort}`]),
    ...(other.split === null ? [] : [splitOrder(other.split)]),
    ...other.kinds.map(({ column, kind }) => `treat \`${column}\` as a ${kind}`),
    ...(other.repeats === null ? [] : [`${other.repeats} the repeats`]),
    ...other.details.map(detailOrder),
    ...(other.undo ? ['undo that'] : []),
    ...(other.revoked === null ? [] : [`forget what I said about ${revokedNames(other.revoked)}`]),
  ];
  return parts.join(', ') || other.text;
}

const splitOrder = ({ strategy, by }: NonNullable<Clause['split']>): string => {
  if (strategy === 'random') return 'split at random';
  return strategy === 'time' ? `split by time${by === null ? '' : ` along \`${by}\``}` : `split by \`${by}\``;
};

function whatIDo(known: Knowledge): string {
  const examples = known.table.length === 0 ? '' : ` Of the rows I can tell ${examplesFor(known.table)}.`;
  return (
    'I am the offline agent: I work without a language model and read English sentences by their words. I follow ' +
    'what you say of the target, of columns to leave out or to use, of how cells are read and become features, of ' +
    'the metric, the model, the threshold and how much to try, and of what to ask you first. I answer why I decided ' +
    'what, and questions about the rows.' +
    examples
  );
}

function cannot(known: Knowledge): string {
  const rows = known.table.length === 0 ? '' : `, and about the rows: ${examplesFor(known.table)}`;
  return (
    'I work offline and cannot answer this one. I can answer questions about scores, the model, features, columns, ' +
    `the metric and splits${rows}. The whole story is in the reports.`
  );
}
