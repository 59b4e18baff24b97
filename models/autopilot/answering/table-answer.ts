/**
 * Answers a question about the rows by SQL over the upload: first the words that may be values are looked up in the
 * categories, then the rows are counted. A query that was run is found again by its own text.
 */

import type { NextAction } from '../next-action.ts';
import { counted, listed, number } from '../prose.ts';
import { anyOf } from '../vocabulary/lines.ts';
import { VERSUS } from '../vocabulary/units.ts';
import { aggregatesOf, correlationOf } from './aggregated.ts';
import { conditionsOf, type Found, rowsOf } from './conditions.ts';
import { compareGroups } from './group-comparison.ts';
import type { Unplaced } from './measured-words.ts';
import { type Question, readQuestion } from './question.ts';
import { rankedRows } from './ranked-rows.ts';
import { repeatedRows } from './repeated-rows.ts';
import { type Condition, cellWords, type Limits, quoted, type Statement, share } from './statement.ts';
import type { TableColumn } from './table-words.ts';

/** Columns that are counted for gaps. */
const MOST_COLUMNS = 60;
/** Characters of a statement that is shown beside its answer; a longer one stands in its step. */
const LONGEST_SHOWN = 800;
/** Values that are named so are told one by one. */
const BESIDE = anyOf(['and', ...VERSUS]);

export type { Found } from './conditions.ts';

export interface Asked {
  text: string;
  table: readonly TableColumn[];
  found: Found;
}

/**
 * The next step towards the answer; null when the question is not one about rows, or names nothing that is there. A
 * word that is neither understood nor a value stops it: an answer without it would be one to another question.
 */
export function decideTableAnswer({ text, table, found }: Asked): NextAction | null {
  const question = readQuestion(text, table);
  if (question === null || table.length === 0) return null;
  const [unplaced] = question.unplaced;
  if (unplaced !== undefined) return { do: 'answer', say: notPlaced(unplaced) };
  const looked = question.intent === 'comparison' ? null : conditionsOf(question, table, found);
  if (looked === null) return comparisonAnswer(question, { text, table, found });
  if ('sql' in looked) return { do: 'query', say: looked.say, sql: looked.sql };
  const { conditions, searched } = looked;
  if (looked.unknown.length > 0) return { do: 'answer', say: notUnderstood(looked.unknown, searched) };
  if (looked.unclear.length > 0) return { do: 'answer', say: notClear(looked.unclear) };
  const isNamed = question.columns.length > 0 || question.group !== null || conditions.length > 0;
  if (question.intent === 'count' && !isNamed && question.words.length === 0) return null;
  const asked = statementOf(sideBySide(question, conditions, table), conditions, table);
  return asked === null ? null : resultOf(asked, found);
}

/** "The mean of males vs females": a number for each of the values, not one for all. */
function sideBySide(
  question: Question,
  conditions: readonly Condition[],
  table: readonly TableColumn[],
): Question {
  if (question.intent !== 'aggregate' || question.group !== null || !BESIDE.test(question.plain))
    return question;
  const several = conditions.filter(({ values = 0 }) => values > 1);
  const [only, ...others] = several;
  if (only === undefined || others.length > 0) return question;
  return { ...question, group: table.find(({ name }) => name === only.column) ?? null };
}

/** What two groups come to, one against the other. */
function comparisonAnswer(question: Question, { table, found }: Asked): NextAction {
  const compared = compareGroups(question, table, found);
  if ('sql' in compared) return { do: 'query', say: compared.say, sql: compared.sql };
  if ('statement' in compared) return resultOf(compared.statement, found);
  const { unknown, searched } = compared;
  return { do: 'answer', say: unknown.length > 0 ? notUnderstood(unknown, searched) : NOT_COMPARED };
}

const NOT_COMPARED =
  'I do not understand which groups of rows are compared there: name a value before “than” and one of the same ' +
  'column behind it.';

/** The answer, or the query that is to be run for it. */
function resultOf(asked: Statement, found: Found): NextAction {
  if (!found.has(asked.sql)) return { do: 'query', say: 'I count it in the upload.', sql: asked.sql };
  const rows = rowsOf(found.get(asked.sql));
  if (rows === null) return { do: 'answer', say: 'The table cannot be queried for that now.' };
  const shown = asked.sql.length > LONGEST_SHOWN ? 'in the step above' : `\`${asked.sql}\``;
  return { do: 'answer', say: `${asked.tell(rows)} (SQL: ${shown})` };
}

function notUnderstood(words: readonly string[], searched: readonly TableColumn[]): string {
  const named = words.slice(0, 8).map((word) => `“${word.replace(/^minus(?=\d)/, '-')}”`);
  const where =
    searched.length === 0
      ? ''
      : `, nor among the values of ${listed(
          searched.map(({ name }) => name),
          8,
        )}`;
  return (
    `I do not know ${named.join(', ')}: I find none of it among the columns${where}. I do not answer as if it were ` +
    `not there. Of the rows I can tell ${examplesFor(searched)}.`
  );
}

const notClear = (columns: readonly string[]): string =>
  `I do not understand how ${listed(columns)} ${columns.length === 1 ? 'limits' : 'limit'} the rows there, and do ` +
  'not answer as if it were not said.';

/** Which column a threshold or a superlative is about is asked back. */
function notPlaced({ words, candidates }: Unplaced): string {
  if (candidates.length === 0)
    return `I do not know “${words}”: I find no column that it measures, and do not answer as if it were not there.`;
  return (
    `I do not know which column “${words}” is about: ${listed(candidates, 8)}. Name it: I do not answer as if it ` +
    'were not said.'
  );
}

function statementOf(
  question: Question,
  conditions: Condition[],
  table: readonly TableColumn[],
): Statement | null {
  const where = conditions.length > 0 ? ` where ${conditions.map(({ sql }) => sql).join(' and ')}` : '';
  const among =
    conditions.length > 0 ? ` among rows with ${conditions.map(({ words }) => words).join(' and ')}` : '';
  const [column] = question.subjects;
  switch (question.intent) {
    case 'missing':
      return missingIn(column === undefined ? table : question.subjects, { where, among });
    case 'aggregate':
      return aggregatesOf(question, { where, among });
    case 'correlation':
      return correlationOf(question, { where, among });
    case 'distinct':
      return column === undefined ? null : distinctOf(column, { where, among });
    case 'repeats':
      return repeatedRows(question.columns, table);
    case 'ranked': {
      const { ranked, columns } = question;
      return ranked === null ? null : rankedRows(ranked, [...columns, ...table], { where, among });
    }
    case 'comparison':
      return null;
    case 'values':
      return valuesCounted(question.group ?? column ?? null, { where, among });
    case 'count':
      return countOf(question, conditions, { where, among });
  }
}

/** Rows with the conditions, in each group where there is one; without conditions the values of what is named. */
function countOf(question: Question, conditions: Condition[], limits: Limits): Statement | null {
  const { group, predicates, columns } = question;
  const hasAsked = conditions.some(({ isAsked }) => isAsked);
  if (group !== null && (hasAsked || (question.isShare && conditions.length > 0)))
    return sharesOf(group, conditions);
  if (group !== null) return valuesCounted(group, limits);
  const free = columns.find(({ name }) => !conditions.some(({ column }) => column === name));
  if (free !== undefined && predicates.some(({ column }) => column === free.name))
    return valuesCounted(free, limits);
  const among = question.isShare ? baseOf(question, conditions) : [];
  if (among.length > 0) return shareAmong(conditions, among);
  if (conditions.length > 0) return countWhere(conditions);
  return {
    sql: 'select count(*) as n from dataset',
    tell: ([[n] = [] as unknown[]]) => `The upload has ${counted(Number(n), 'row')}.`,
  };
}

/** Of a share the rows that it is of: those that are not asked for, else what is named first behind "of". */
function baseOf({ plain }: Question, conditions: readonly Condition[]): Condition[] {
  const given = conditions.filter(({ isAsked }) => !isAsked);
  if (given.length < conditions.length) return given;
  const behind = plain.slice(plain.indexOf(' of ') + 1);
  const places = given.map(({ words }) =>
    behind.indexOf((/“([^”]+)”/.exec(words)?.[1] ?? '\u0000').toLowerCase()),
  );
  const first = Math.min(...places.filter((place) => place >= 0));
  return given.length < 2 ? [] : given.filter((_condition, at) => places[at] === first);
}

function shareAmong(conditions: readonly Condition[], among: readonly Condition[]): Statement {
  const sqlOf = (list: readonly Condition[]) => list.map(({ sql }) => sql).join(' and ');
  const wordsOf = (list: readonly Condition[]) => list.map(({ words }) => words).join(' and ');
  const others = conditions.filter((condition) => !among.includes(condition));
  return {
    sql:
      `select count(*) filter (where ${sqlOf(conditions)}) as n, count(*) filter (where ${sqlOf(among)}) as total ` +
      'from dataset',
    tell: ([[n, total] = [] as unknown[]]) =>
      `${number(n)} of the ${counted(Number(total), 'row')} with ${wordsOf(among)} (${share(n, total)}) ` +
      `${Number(n) === 1 ? 'has' : 'have'} ${wordsOf(others)}.`,
  };
}

/** Of each value of a column the rows that have the conditions. */
function sharesOf({ name }: TableColumn, conditions: Condition[]): Statement {
  const all = conditions.map(({ sql }) => sql).join(' and ');
  const words = conditions.map((condition) => condition.words).join(' and ');
  return {
    sql:
      `select ${quoted(name)} as value, count(*) filter (where ${all}) as n, count(*) as total from dataset ` +
      'group by 1 order by total desc, 1 limit 20',
    tell: (rows) => {
      const each = rows.map(
        ([value, n, total]) => `${cellWords(value)}: ${number(n)} of ${number(total)} (${share(n, total)})`,
      );
      return `Rows with ${words} by \`${name}\`: ${each.join(', ')}.`;
    },
  };
}

function countWhere(conditions: Condition[]): Statement {
  const all = conditions.map(({ sql }) => sql).join(' and ');
  return {
    sql: `select count(*) filter (where ${all}) as n, count(*) as total from dataset`,
    tell: ([[n, total] = [] as unknown[]]) =>
      `${counted(Number(n), 'row')} of the upload’s ${number(total)} (${share(n, total)}) ` +
      `${Number(n) === 1 ? 'has' : 'have'} ` +
      `${conditions.map(({ words }) => words).join(' and ')}.`,
  };
}

function valuesCounted(column: TableColumn | null, { where, among }: Limits): Statement | null {
  if (column === null) return null;
  const name = quoted(column.name);
  return {
    sql: `select ${name} as value, count(*) as n from dataset${where} group by 1 order by n desc, 1 limit 20`,
    tell: (rows) => {
      const counts = rows.map(([value, n]) => `${cellWords(value)}: ${number(n)}`).join(', ');
      const more = rows.length === 20 ? ' …' : '';
      return `\`${column.name}\` in the upload${among}, the commonest first: ${counts}${more}.`;
    },
  };
}

function distinctOf({ name }: TableColumn, { where, among }: Limits): Statement {
  return {
    sql: `select count(distinct ${quoted(name)}) as n from dataset${where}`,
    tell: ([[n] = [] as unknown[]]) =>
      `\`${name}\` takes ${counted(Number(n), 'different value')} in the upload${among}.`,
  };
}

function missingIn(columns: readonly TableColumn[], { where, among }: Limits): Statement {
  const names = columns.slice(0, MOST_COLUMNS).map(({ name }) => name);
  const gaps = names.map((name) => `count(*) - count(${quoted(name)})`).join(', ');
  const any = names.map((name) => `${quoted(name)} is null`).join(' or ');
  return {
    sql: `select count(*), count(*) filter (where ${any}), ${gaps} from dataset${where}`,
    tell: ([[total, some, ...each] = [] as unknown[]]) => {
      const lacking = names
        .map((name, at) => ({ name, n: Number(each[at]) }))
        .filter(({ n }) => n > 0)
        .sort((left, right) => right.n - left.n);
      if (lacking.length === 0)
        return `No row of the upload${among} lacks ${names.length === 1 ? `\`${names[0]}\`` : 'a value'}.`;
      const gapWords = lacking.slice(0, 20).map(({ name, n }) => `\`${name}\` ${number(n)}`);
      return (
        `${counted(Number(some), 'row')} of the upload’s ${number(total)} (${share(some, total)})${among} ` +
        `${Number(some) === 1 ? 'lacks' : 'lack'} a value: ${gapWords.join(', ')}.`
      );
    },
  };
}

/** What can be asked of the rows, by the names that this table has. */
export function examplesFor(table: readonly TableColumn[]): string {
  const number_ = table.find((column) => column.kind === 'number')?.name;
  const category = table.find((column) => column.kind === 'category')?.name;
  const examples = ['how many rows have a certain value'];
  if (category !== undefined) examples.push(`the counts of ${listed([category])}`);
  const by = category === undefined ? '' : ` by ${listed([category])}`;
  if (number_ !== undefined)
    examples.push(
      `the mean, median, minimum or maximum of ${listed([number_])}${by}, ` +
        'or how many rows have it above a number',
    );
  return [...examples, 'missing values'].join('; ');
}
