/**
 * A question about the table's rows, read by its words: which columns it names, which comparisons, and what is
 * wanted of
 * them. Values of categories are not known here; the words that may be such values are given for a look-up.
 */

import { ColumnAliases } from '../reading/column-aliases.ts';
import { anyOf, oneOf } from '../vocabulary/lines.ts';
import * as vocabulary from '../vocabulary/questions.ts';
import { DRAWN_IN, ROW_NOUNS } from '../vocabulary/rows.ts';
import { type Predicate, predicatesIn } from './predicates.ts';
import { inTableWords, type TableColumn } from './table-words.ts';

export type { TableColumn } from './table-words.ts';

export interface Comparison {
  column: string;
  sign: '>' | '>=' | '<' | '<=' | '=';
  value: number;
}

/** What an aggregate is called in SQL and in the answer. */
export const AGGREGATES = {
  mean: 'avg',
  median: 'median',
  minimum: 'min',
  maximum: 'max',
  sum: 'sum',
  'standard deviation': 'stddev_samp',
} as const;
export type Aggregate = keyof typeof AGGREGATES;

export type Intent = 'count' | 'values' | 'distinct' | 'missing' | 'aggregate' | 'correlation';

export interface Question {
  intent: Intent;
  /** Columns named, in the order of the question; the group's column is not among them. */
  columns: TableColumn[];
  /** Of those the ones that are asked about; the others limit the rows. */
  subjects: TableColumn[];
  group: TableColumn | null;
  aggregates: Aggregate[];
  comparisons: Comparison[];
  /** Words and pairs of words that may be values of a category, in plain form. */
  phrases: string[];
  /** The text in plain words, a column's name as "|". */
  plain: string;
  /** A share is asked for: of the rows that come behind "of". */
  isShare: boolean;
  /** Every word that says something, in plain form: each is to be understood before there is an answer. */
  words: string[];
  /** Columns that are said of the rows to be counted: as they stand, denied, there or missing. */
  predicates: Predicate[];
}

const AGGREGATE_WORDS: [RegExp, Aggregate[]][] = [
  [anyOf(vocabulary.MEAN), ['mean']],
  [/\bmedian\b/, ['median']],
  [anyOf(vocabulary.LEAST), ['minimum']],
  [anyOf(vocabulary.MOST), ['maximum']],
  [/\brange\b/, ['minimum', 'maximum']],
  [anyOf(vocabulary.TOTAL), ['sum']],
  [anyOf(vocabulary.SPREAD), ['standard deviation']],
];
const COUNT = anyOf(vocabulary.COUNTING);
const VALUES = anyOf(vocabulary.OF_VALUES);
const MISSING = anyOf(vocabulary.MISSING);
const DISTINCT = anyOf(vocabulary.DISTINCT);
const GROUPED = new RegExp(`\\b${oneOf(vocabulary.GROUPING)}(?: of)?(?: the)? ⟦(\\d+)⟧`);
const WHICH = /\bwhich ⟦(\d+)⟧/;
const JOINED = /^\s*(?:,|and|or|&|,\s*and)?\s*(?:the )?$/;
const SHARE = anyOf(vocabulary.SHARES);
const SUPERLATIVE = anyOf(vocabulary.SUPERLATIVES);
const SIGNS: [readonly string[], Comparison['sign']][] = [
  [vocabulary.AT_LEAST, '>='],
  [vocabulary.AT_MOST, '<='],
  [vocabulary.ABOVE, '>'],
  [vocabulary.BELOW, '<'],
  [vocabulary.EQUAL, '='],
];
const NUMBER = '(-?\\d+(?:[.,]\\d+)*)';
const BETWEEN = new RegExp(`\\bbetween ${NUMBER} and ${NUMBER}`);
/** "class 3" */
const BARE = new RegExp(`^ ${NUMBER}(?![\\p{L}\\p{N}])`, 'u');
const COMPARING = SIGNS.map(
  ([called, sign]) => [new RegExp(`(?:^|[\\s(])${oneOf(called)} ?${NUMBER}`), sign] as const,
);
const COMPARED_BY = new RegExp(
  `${oneOf([...vocabulary.AT_LEAST, ...vocabulary.AT_MOST])}(?= ?${NUMBER})`,
  'g',
);
const STOP = new Set(vocabulary.STOP_WORDS);
const ROWS = new Set(ROW_NOUNS);
const DRAWN = new RegExp(`['’]${oneOf(DRAWN_IN)}\\b`, 'g');
const ASKED: ReadonlySet<string> = new Set(
  Object.values<readonly string[]>({ ...vocabulary }).flatMap((words) =>
    words.flatMap((phrase) => phrase.split(' ')),
  ),
);
const MOST_PHRASES = 60;

/** Reads `text`; null when it asks nothing of the rows. */
export function readQuestion(text: string, table: readonly TableColumn[]): Question | null {
  const marked = markColumns(inTableWords(spaced(text), table), table);
  const words = marked.text;
  // "at least 4000" compares, the least is a minimum
  const uncompared = words.replace(COMPARED_BY, ' ');
  const aggregates = AGGREGATE_WORDS.flatMap(([pattern, names]) => (pattern.test(uncompared) ? names : []));
  const grouped = GROUPED.exec(words) ?? (aggregates.length > 0 ? WHICH.exec(words) : null);
  const group = grouped === null ? null : (table[Number(grouped[1])] ?? null);
  const columns = marked.columns.filter((column) => column !== group);
  const comparisons = comparisonsIn(words, table);
  const intent = intentOf(words, { aggregates, columns, group, comparisons });
  if (intent === null) return null;
  const { subjects, rest } = roles(words, { intent, columns, group, table });
  const predicates = predicatesIn(words, { columns: rest, comparisons, table });
  const content = wordsIn(words, comparisons);
  return {
    intent,
    columns,
    subjects,
    group,
    aggregates,
    comparisons,
    phrases: phrasesOf(words),
    words: content,
    plain: plain(words.replace(/⟦\d+⟧/g, ' columnmark ')).replaceAll('columnmark', '|'),
    isShare: SHARE.test(words),
    predicates,
  };
}

function intentOf(
  words: string,
  {
    aggregates,
    columns,
    group,
    comparisons,
  }: Pick<Question, 'aggregates' | 'columns' | 'group' | 'comparisons'>,
): Intent | null {
  const numbers = columns.filter((column) => column.kind === 'number');
  if (MISSING.test(words)) return 'missing';
  if (/\bcorrelat\w*\b/.test(words) && numbers.length > 1) return 'correlation';
  if (aggregates.length > 0 && numbers.length > 0) return 'aggregate';
  if (DISTINCT.test(words) && columns.length > 0) return 'distinct';
  if (WHICH.test(words) && SUPERLATIVE.test(words)) return 'values';
  const counted = COUNT.test(words);
  if (counted && comparisons.length > 0) return 'count';
  if (columns.length + (group ? 1 : 0) > 0 && VALUES.test(words)) return 'values';
  return counted ? 'count' : null;
}

/** What is asked about: the columns of the first list. Of those behind it only some rows are asked about. */
function roles(
  words: string,
  {
    intent,
    columns,
    group,
    table,
  }: Pick<Question, 'intent' | 'columns' | 'group'> & { table: readonly TableColumn[] },
): { subjects: TableColumn[]; rest: TableColumn[] } {
  if (intent === 'count') return { subjects: [], rest: columns };
  const isSubject = (column: TableColumn) => intent !== 'aggregate' || column.kind === 'number';
  const apart = (subjects: TableColumn[]) => ({
    subjects,
    rest: columns.filter((column) => !subjects.includes(column)),
  });
  if (intent === 'correlation') return apart(columns.filter(({ kind }) => kind === 'number'));
  const subjects: TableColumn[] = [];
  let end = 0;
  for (const { 0: mark, 1: place, index } of words.matchAll(/⟦(\d+)⟧/g)) {
    const column = table[Number(place)];
    if (column === undefined || column === group) continue;
    const isJoined = subjects.length === 0 || JOINED.test(words.slice(end, index));
    if (!isJoined) break;
    if (isSubject(column)) subjects.push(column);
    else if (subjects.length > 0) break;
    end = index + mark.length;
  }
  return apart(subjects);
}

/** One space for many, so that no pattern looks over a run of them twice; marks of our own are none of the text's. */
const spaced = (text: string): string =>
  text
    .toLowerCase()
    .replace(DRAWN, '')
    .replace(/n['’]t\b/g, 'nt')
    .replace(/[\s⟦⟧]+/g, ' ');

/** `text` in plain words without the names of columns: what is left says what is asked. */
export function withoutColumns(text: string, table: readonly TableColumn[]): string {
  return plain(markColumns(spaced(text), table).text.replace(/⟦\d+⟧/g, ' '));
}

/** Words of a text that are no column's and ask for nothing, in plain form. */
export function otherWords(text: string, table: readonly TableColumn[]): string[] {
  return wordsIn(markColumns(inTableWords(spaced(text), table), table).text, []);
}

/** The columns that the text names, by their names. */
export function columnsIn(text: string, table: readonly TableColumn[]): string[] {
  return markColumns(inTableWords(spaced(text), table), table).columns.map(({ name }) => name);
}

/** The text with each column that it names as its number in brackets. */
function markColumns(text: string, table: readonly TableColumn[]): { text: string; columns: TableColumn[] } {
  const found = aliasesIn(table).find(text);
  let marked = '';
  let from = 0;
  for (const { place, start, end } of found) {
    marked += `${text.slice(from, start)}⟦${place}⟧`;
    from = end;
  }
  const columns = [...new Set(found.map(({ place }) => place))].flatMap((place) => table[place] ?? []);
  return { text: marked + text.slice(from), columns };
}

const made = new WeakMap<readonly TableColumn[], ColumnAliases>();

/** What people call the columns; made once for a table. */
function aliasesIn(table: readonly TableColumn[]): ColumnAliases {
  const aliases = made.get(table) ?? new ColumnAliases(table.map((column) => aliasesOf(column.name)));
  made.set(table, aliases);
  return aliases;
}

/** A name in plain words, also without a short unit at its end: people say "body mass" for body_mass_g. */
function aliasesOf(name: string): string[][] {
  const parts = plain(name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
    .split(' ')
    .filter((part) => part !== '');
  if (parts.length === 0) return [];
  const short = parts.slice(0, -1);
  // "passengers" are rows, not their `passenger_id`
  const isShort = parts.length > 1 && /^[a-z]{1,3}$/.test(parts.at(-1) ?? '') && !ROWS.has(short.join(' '));
  return isShort ? [parts, short] : [parts];
}

/** What is left of the text when columns, comparisons and what is asked are taken away. */
function wordsIn(words: string, comparisons: readonly Comparison[]): string[] {
  const numbers = new Set(comparisons.map(({ value }) => value));
  const left = plain(
    words.replace(/⟦\d+⟧/g, ' ').replace(NUMBERS, (text) => (numbers.has(numberOf(text)) ? ' ' : text)),
  );
  return left.split(' ').filter((word) => word !== '' && word !== '?' && !ASKED.has(word));
}

const NUMBERS = new RegExp(NUMBER, 'g');

function comparisonsIn(words: string, table: readonly TableColumn[]): Comparison[] {
  const found: Comparison[] = [];
  for (const [whole, place, rest = ''] of words.matchAll(/⟦(\d+)⟧([^⟦]*)/g)) {
    const column = table[Number(place)];
    if (column === undefined || whole === undefined) continue;
    const between = BETWEEN.exec(rest);
    if (between) {
      found.push({ column: column.name, sign: '>=', value: numberOf(between[1]) });
      found.push({ column: column.name, sign: '<=', value: numberOf(between[2]) });
      continue;
    }
    const compared = comparedIn(rest);
    if (compared !== null) found.push({ column: column.name, ...compared });
  }
  return found;
}

function comparedIn(rest: string): Omit<Comparison, 'column'> | null {
  for (const [pattern, sign] of COMPARING) {
    const compared = pattern.exec(rest);
    if (compared !== null) return { sign, value: numberOf(compared[1]) };
  }
  const bare = BARE.exec(rest);
  return bare === null ? null : { sign: '=', value: numberOf(bare[1]) };
}

/** 4,000 is four thousand and 4,5 four and a half. */
function numberOf(text = ''): number {
  const plainer = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)
    ? text.replaceAll(',', '')
    : text.replace(',', '.');
  return Number(plainer);
}

function phrasesOf(words: string): string[] {
  const list = plain(words.replace(/⟦\d+⟧/g, ' | '))
    .split(' ')
    .filter((word) => word !== '?');
  const phrases = new Set<string>();
  for (let size = 3; size >= 1; size -= 1) {
    for (let start = 0; start + size <= list.length; start += 1) {
      const part = list.slice(start, start + size);
      if (part.every((word) => STOP.has(word)) || STOP.has(part[0] ?? '') || STOP.has(part.at(-1) ?? ''))
        continue;
      phrases.add(part.join(' '));
      const last = part.at(-1) ?? '';
      if (last.length > 3 && last.endsWith('s'))
        phrases.add([...part.slice(0, -1), last.slice(0, -1)].join(' '));
    }
  }
  return [...phrases].slice(0, MOST_PHRASES);
}

/** Lower case, letters and digits only, one space between words; `?` stays as a word. */
export function plain(text: string): string {
  const words = text.toLowerCase().replace(/[^\p{L}\p{N}?]+/gu, ' ');
  return words.replaceAll('?', ' ?').replace(/\s+/g, ' ').trim();
}
