/**
 * Answers a question about the rows by SQL over the upload: first the words that may be values are looked up in the
 * categories, then the rows are counted. A query that was run is found again by its own text.
 */

import { z } from 'zod';
import type { NextAction } from './next-action.ts';
import { counted, listed, number } from './prose.ts';
import { AGGREGATES, type Question, readQuestion, type TableColumn } from './question.ts';

/** Columns that are searched for a value, or counted for gaps. */
const MOST_COLUMNS = 60;
const QUERIED = z.looseObject({ rows: z.array(z.array(z.unknown())) });

export interface Asked {
  text: string;
  table: readonly TableColumn[];
  /** Results by statement; null where it failed. */
  found: ReadonlyMap<string, string | null>;
}

interface Condition {
  sql: string;
  words: string;
}

/** The next step towards the answer; null when the question is not one about rows, or names nothing that is there. */
export function decideTableAnswer({ text, table, found }: Asked): NextAction | null {
  const question = readQuestion(text, table);
  if (question === null || table.length === 0) return null;
  const conditions: Condition[] = question.comparisons.map(({ column, sign, value }) => ({
    sql: `${quoted(column)} ${sign} ${value}`,
    words: `\`${column}\` ${sign} ${number(value)}`,
  }));
  const categories = table.filter((column) => column.kind === 'category').slice(0, MOST_COLUMNS);
  if (question.phrases.length > 0 && categories.length > 0) {
    const sql = valuesQuery(question.phrases, categories);
    if (!found.has(sql))
      return { do: 'query', say: 'I look for the words of the question in the table.', sql };
    const values = valuesOf(rowsOf(found.get(sql)), question);
    conditions.push(...values);
    const named = question.columns.length > 0 || question.group !== null || question.comparisons.length > 0;
    if (values.length === 0 && !named && question.intent === 'count')
      return { do: 'answer', say: nothingFound(question.phrases, categories) };
  }
  const isNamed = question.columns.length > 0 || question.group !== null;
  if (question.intent === 'count' && conditions.length === 0 && !isNamed) return null;
  const asked = statementOf(question, conditions, table);
  if (asked === null) return null;
  if (!found.has(asked.sql)) return { do: 'query', say: 'I count it in the upload.', sql: asked.sql };
  const rows = rowsOf(found.get(asked.sql));
  return {
    do: 'answer',
    say: rows === null ? 'The table cannot be queried for that now.' : asked.tell(rows),
  };
}

function nothingFound(phrases: readonly string[], searched: readonly TableColumn[]): string {
  const words = phrases.filter((phrase) => !phrase.includes(' ')).map((phrase) => `“${phrase}”`);
  return `I find none of ${words.slice(0, 8).join(', ')} among the values of ${listed(
    searched.map(({ name }) => name),
    8,
  )}, so I cannot count that. Of the rows I can tell ${examplesFor(searched)}.`;
}

interface Statement {
  sql: string;
  tell: (rows: unknown[][]) => string;
}

function statementOf(
  question: Question,
  conditions: Condition[],
  table: readonly TableColumn[],
): Statement | null {
  const where = conditions.length > 0 ? ` where ${conditions.map(({ sql }) => sql).join(' and ')}` : '';
  const among =
    conditions.length > 0 ? ` among rows with ${conditions.map(({ words }) => words).join(' and ')}` : '';
  const [column] = question.columns;
  switch (question.intent) {
    case 'missing':
      return missingIn(column === undefined ? table : question.columns, { where, among });
    case 'aggregate':
      return aggregatesOf(question, { where, among });
    case 'correlation':
      return correlationOf(question, { where, among });
    case 'distinct':
      return column === undefined ? null : distinctOf(column, { where, among });
    case 'values':
      return valuesCounted(question.group ?? column ?? null, { where, among });
    case 'count':
      if (question.group !== null || (conditions.length === 0 && column !== undefined))
        return valuesCounted(question.group ?? column ?? null, { where, among });
      return countWhere(conditions);
  }
}

interface Limits {
  where: string;
  among: string;
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

function aggregatesOf(question: Question, { where, among }: Limits): Statement {
  const numbers = question.columns.filter((column) => column.kind === 'number').slice(0, 5);
  const selected = numbers.flatMap(({ name }) =>
    question.aggregates.map((aggregate) => ({ name, aggregate })),
  );
  const cells = selected.map(({ name, aggregate }) => `${AGGREGATES[aggregate]}(${quoted(name)})`).join(', ');
  const group = question.group === null ? null : quoted(question.group.name);
  const tellRow = (values: unknown[]) =>
    selected
      .map(({ name, aggregate }, at) => `the ${aggregate} of \`${name}\` is ${number(values[at])}`)
      .join(', ');
  if (group === null)
    return {
      sql: `select ${cells}, count(*) from dataset${where}`,
      tell: ([row = []]) => `In the upload${among} ${tellRow(row)} (${counted(Number(row.at(-1)), 'row')}).`,
    };
  return {
    sql: `select ${group} as value, ${cells}, count(*) from dataset${where} group by 1 order by 1 limit 20`,
    tell: (rows) => {
      const groups = rows.map(
        ([value, ...rest]) =>
          `${cellWords(value)}: ${tellRow(rest)} (${counted(Number(rest.at(-1)), 'row')})`,
      );
      return `By \`${question.group?.name}\` in the upload${among}: ${groups.join('; ')}.`;
    },
  };
}

function correlationOf(question: Question, { where, among }: Limits): Statement | null {
  const [left, right] = question.columns.filter((column) => column.kind === 'number');
  if (!left || !right) return null;
  return {
    sql: `select corr(${quoted(left.name)}, ${quoted(right.name)}) as r from dataset${where}`,
    tell: ([[r] = [] as unknown[]]) =>
      `The correlation (Pearson’s r) of \`${left.name}\` and \`${right.name}\` in the upload${among} is ${number(r)}.`,
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

/** The values of categories that the phrases are, written as the table writes them. */
function valuesQuery(phrases: readonly string[], columns: readonly TableColumn[]): string {
  const list = phrases.map((phrase) => text(phrase)).join(', ');
  const searched = columns.map(
    ({ name }) =>
      `select ${text(name)} as name, cast(${quoted(name)} as varchar) as value from dataset ` +
      `where trim(regexp_replace(lower(cast(${quoted(name)} as varchar)), '[^\\p{L}\\p{N}]+', ` +
      `' ', 'g')) in (${list})`,
  );
  return (
    `select name, value, count(*) as n from (${searched.join(' union all ')}) group by all ` +
    'order by n desc, name, value limit 20'
  );
}

/** One condition for each column: any of its values that were named. */
function valuesOf(rows: unknown[][] | null, question: Question): Condition[] {
  const byColumn = new Map<string, string[]>();
  const taken = new Set<string>();
  for (const [name, value] of rows ?? []) {
    const key = String(value).toLowerCase();
    const own = byColumn.get(String(name));
    // the same word in two columns is meant once: for the column named, else for the one that has it more often
    const meant = question.columns.some((column) => column.name === String(name));
    if (taken.has(key) && own === undefined && !meant) continue;
    taken.add(key);
    byColumn.set(String(name), [...(own ?? []), String(value)]);
  }
  return [...byColumn].map(([name, values]) => ({
    sql: `cast(${quoted(name)} as varchar) in (${values.map((value) => text(value)).join(', ')})`,
    words: `\`${name}\` ${values.map((value) => `“${value}”`).join(' or ')}`,
  }));
}

function rowsOf(result: string | null | undefined): unknown[][] | null {
  try {
    const parsed = QUERIED.safeParse(JSON.parse(result ?? ''));
    return parsed.success ? parsed.data.rows : null;
  } catch {
    return null; // a result too long to be shown whole
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const share = (part: unknown, whole: unknown): string =>
  `${((100 * Number(part)) / Math.max(1, Number(whole))).toFixed(1)} %`;

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

const cellWords = (value: unknown): string => (value === null ? 'missing' : String(value));
