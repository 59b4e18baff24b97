/** Which rows a question is about: comparisons, words that are values, and columns that are said of them. */

import { z } from 'zod';
import { number } from '../prose.ts';
import { isKnownInQuestion, sameValues } from '../reading/value-words.ts';
import { POSITIVE } from '../vocabulary/rows.ts';
import { Denials } from './denials.ts';
import type { Predicate } from './predicates.ts';
import type { Question } from './question.ts';
import { type Condition, quoted, quotedText } from './statement.ts';
import { columnWords, type TableColumn } from './table-words.ts';
import type { Comparison } from './thresholds.ts';

/** Columns that are searched for a value. */
const MOST_COLUMNS = 60;
/** Columns of which it is looked up whether they say yes or no. */
const MOST_PREDICATES = 4;
const QUERIED = z.looseObject({ rows: z.array(z.array(z.unknown())) });
const YES = new Set(POSITIVE);

/** Results by statement or path; null where it failed. */
export interface Found {
  has(subject: string): boolean;
  get(subject: string): string | null | undefined;
}

interface Looked {
  conditions: Condition[];
  /** Words that are neither understood nor a value. */
  unknown: string[];
  /** Columns that limit the rows in a way that is not understood. */
  unclear: string[];
  /** Columns whose values were searched. */
  searched: TableColumn[];
}

/** A query that is to be run before more is known. */
export interface LookUp {
  sql: string;
  say: string;
}

/** The conditions of a question, or the query that is to be run before they are known. */
export function conditionsOf(
  question: Question,
  table: readonly TableColumn[],
  found: Found,
): Looked | LookUp {
  const denials = new Denials(question);
  const values = valuesFound(question, table, found);
  if ('sql' in values) return values;
  const conditions = [
    ...thresholdsOf(question.comparisons),
    ...question.dates,
    ...valuesOf(values.rows, question, denials),
  ];
  const predicates = question.predicates.filter(
    ({ column }) => !conditions.some((condition) => condition.column === column),
  );
  const further = predicatesOf(predicates.slice(0, MOST_PREDICATES), question, found);
  if ('sql' in further) return further;
  return {
    conditions: [...conditions, ...further.conditions],
    unknown: [...values.unknown, ...leftOver(question, denials)],
    unclear: further.unclear,
    searched: values.searched,
  };
}

/** Thresholds as conditions, each once. */
export function thresholdsOf(comparisons: readonly Comparison[]): Condition[] {
  const conditions = comparisons.map(({ column, sign, value }) => ({
    column,
    sql: `${quoted(column)} ${sign} ${value}`,
    words: `\`${column}\` ${sign === '<>' ? 'other than' : sign} ${number(value)}`,
    isAsked: false,
  }));
  return [...new Map(conditions.map((condition) => [condition.sql, condition])).values()];
}

/** The values that words of a question are, as rows of column, value and count; words of which none was found. */
export function valuesFound(
  question: Question,
  table: readonly TableColumn[],
  found: Found,
): { rows: unknown[][]; unknown: string[]; searched: TableColumn[] } | LookUp {
  const searched = table.filter((column) => column.kind === 'category').slice(0, MOST_COLUMNS);
  const sought = wordsToFind(question, table);
  if (sought.length === 0 || searched.length === 0) return { rows: [], unknown: sought, searched };
  const sql = valuesQuery(phrasesFor(question, sought), searched);
  if (!found.has(sql)) return { sql, say: 'I look for the words of the question in the table.' };
  const rows = rowsOf(found.get(sql)) ?? [];
  return { rows, unknown: notFound(sought, rows), searched };
}

/** What columns say of the rows, and those of which it is not clear; or the query that tells which values one has. */
export function predicatesOf(
  predicates: readonly Predicate[],
  { intent, group }: Question,
  found: Found,
): Pick<Looked, 'conditions' | 'unclear'> | LookUp {
  const conditions: Condition[] = [];
  const unclear: string[] = [];
  for (const predicate of predicates) {
    const { column, polarity } = predicate;
    const sql = twoValuesQuery(column);
    const isLookedUp = polarity === 'is' || polarity === 'is not';
    if (isLookedUp && !found.has(sql)) return { sql, say: `I look which values \`${column}\` has.` };
    const condition = conditionFor(predicate, isLookedUp ? (rowsOf(found.get(sql)) ?? []) : []);
    if (condition !== null) conditions.push(condition);
    // of a plain count its values are told instead, of ranked rows it is shown
    else if (!isShown(intent) || group !== null || polarity === 'is not') unclear.push(column);
  }
  return { conditions, unclear };
}

const isShown = (intent: Question['intent']): boolean => intent === 'count' || intent === 'ranked';

/** Denials and comparisons that nothing has used: "higher than that of women". */
export function leftOver({ plain, comparisons }: Question, denials: Denials): string[] {
  const denied = denials.unused();
  const compared = plain
    .split(' ')
    .filter((word, at, words) => word === 'than' && words[at - 1] !== 'other').length;
  return [...(denied === null ? [] : [denied]), ...(compared > comparisons.length ? ['than'] : [])];
}

/** The words that are to be found among the values: all that are not known otherwise. */
function wordsToFind({ words }: Question, table: readonly TableColumn[]): string[] {
  const ofColumns = columnWords(table);
  const isPart = (word: string) => ofColumns.has(word) || ofColumns.has(word.replace(/s$/, ''));
  return words.filter((word) => !isKnownInQuestion(word) && !isPart(word));
}

/** The phrases that hold such a word, with other words for the same values. */
function phrasesFor({ phrases }: Question, sought: readonly string[]): string[] {
  const isSought = new Set(sought);
  const held = phrases.filter((phrase) =>
    phrase.split(' ').some((word) => isSought.has(word) || isSought.has(`${word}s`)),
  );
  return [...new Set(held.flatMap((phrase) => [phrase, ...sameValues(phrase)]))];
}

/** Words of which no value was found. */
function notFound(sought: readonly string[], rows: readonly unknown[][]): string[] {
  const values = new Set(rows.flatMap(([, value]) => plainWords(String(value))));
  const isFound = (word: string) =>
    [word, word.replace(/s$/, ''), word.replace(/es$/, ''), ...sameValues(word)].some((each) =>
      values.has(each),
    );
  return sought.filter((word) => !isFound(word));
}

const plainWords = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** The values of categories that the phrases are, written as the table writes them. */
function valuesQuery(phrases: readonly string[], columns: readonly TableColumn[]): string {
  const list = phrases.map((phrase) => quotedText(phrase)).join(', ');
  const searched = columns.map(
    ({ name }) =>
      `select ${quotedText(name)} as name, cast(${quoted(name)} as varchar) as value from dataset ` +
      `where trim(regexp_replace(lower(cast(${quoted(name)} as varchar)), '[^\\p{L}\\p{N}]+', ` +
      `' ', 'g')) in (${list})`,
  );
  return (
    `select name, value, count(*) as n from (${searched.join(' union all ')}) group by all ` +
    'order by n desc, name, value limit 20'
  );
}

/** One condition for each column: any of its values that were named. */
export function valuesOf(rows: readonly unknown[][], question: Question, denials: Denials): Condition[] {
  const byColumn = new Map<string, string[]>();
  const taken = new Set<string>();
  for (const [name, value] of rows) {
    const key = String(value).toLowerCase();
    const own = byColumn.get(String(name));
    // the same word in two columns is meant once: for the column named, else for the one that has it more often
    const meant = question.columns.some((column) => column.name === String(name));
    if (taken.has(key) && own === undefined && !meant) continue;
    taken.add(key);
    byColumn.set(String(name), [...(own ?? []), String(value)]);
  }
  const isDenied = (name: string, values: readonly string[]) =>
    // "did not embark at S" denies the value behind the column, too
    question.predicates.some(({ column, polarity }) => column === name && polarity === 'is not') ||
    values.some((value) => denials.denies(value));
  return [...byColumn].map(([name, values]) =>
    isDenied(name, values) ? isNoneOf(name, values, denials) : isOneOf(name, values, false),
  );
}

/** Rows with another value of the column than those. */
function isNoneOf(name: string, values: readonly string[], denials: Denials): Condition {
  for (const value of values) denials.denies(value);
  const { sql, words } = isOneOf(name, values, false);
  return {
    column: name,
    sql: sql.replace(') in (', ') not in ('),
    words: `${words.replace(' “', ' other than “')}`,
    isAsked: false,
  };
}

const isOneOf = (name: string, values: readonly string[], isAsked: boolean): Condition => ({
  column: name,
  sql: `cast(${quoted(name)} as varchar) in (${values.map((value) => quotedText(value)).join(', ')})`,
  words: `\`${name}\` ${values.map((value) => `“${value}”`).join(' or ')}`,
  isAsked,
  values: values.length,
});

/** The values of a column, two of them where it says yes or no. */
const twoValuesQuery = (name: string): string =>
  `select cast(${quoted(name)} as varchar) as value from dataset where ${quoted(name)} is not null group by 1 ` +
  'order by 1 limit 3';

/** What a column says of a row; null for one that says no yes or no. */
function conditionFor({ column, polarity }: Predicate, rows: readonly unknown[][]): Condition | null {
  if (polarity === 'missing')
    return { column, sql: `${quoted(column)} is null`, words: `no \`${column}\``, isAsked: true };
  if (polarity === 'there')
    return { column, sql: `${quoted(column)} is not null`, words: `a value of \`${column}\``, isAsked: true };
  const values = rows.map(([value]) => String(value));
  const yes = values.filter(
    (value) => YES.has(value.toLowerCase()) || value.toLowerCase() === column.toLowerCase(),
  );
  if (values.length !== 2 || yes.length !== 1) return null;
  const expected = polarity === 'is' ? yes : values.filter((value) => !yes.includes(value));
  return isOneOf(column, expected, true);
}

/** The rows of a query's result; null where there are none to be read. */
export function rowsOf(result: string | null | undefined): unknown[][] | null {
  try {
    const parsed = QUERIED.safeParse(JSON.parse(result ?? ''));
    return parsed.success ? parsed.data.rows : null;
  } catch {
    return null; // a result too long to be shown whole
  }
}
