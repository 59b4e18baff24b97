/**
 * A question about the table's rows, read by its words: which columns it names, which comparisons, and what is asked of
 * them. Values of categories are not known here; the words that may be such values are given for a look-up.
 */

import { asksForRows, asksOfRows } from '../reading/row-questions.ts';
import * as comparisonsWords from '../vocabulary/comparisons.ts';
import * as conditionsWords from '../vocabulary/conditions.ts';
import { anyOf, oneOf } from '../vocabulary/lines.ts';
import * as measures from '../vocabulary/measures.ts';
import * as vocabulary from '../vocabulary/questions.ts';
import { type Compared, comparedIn, comparesSomething } from './compared-groups.ts';
import { MARK, markColumns, NUMBER, plain, spaced } from './marked-text.ts';
import { inMeasures, type Unplaced } from './measured-words.ts';
import { type Predicate, predicatesIn } from './predicates.ts';
import { phrasesOf, wordsIn } from './question-words.ts';
import { type Ranked, rankedIn } from './ranked-rows.ts';
import { asksForRepeats } from './repeated-rows.ts';
import { datesIn } from './spoken-dates.ts';
import type { Condition } from './statement.ts';
import { inTableWords, type TableColumn } from './table-words.ts';
import { type Comparison, comparisonsIn, withDigits } from './thresholds.ts';
import { inOwnUnits } from './units.ts';

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

export type Intent =
  | 'count'
  | 'values'
  | 'distinct'
  | 'missing'
  | 'aggregate'
  | 'correlation'
  | 'comparison'
  | 'ranked'
  | 'repeats';

export interface Question {
  intent: Intent;
  /** Columns named, in the order of the question; the group's column is not among them. */
  columns: TableColumn[];
  /** Of those the ones that are asked about; the others limit the rows. */
  subjects: TableColumn[];
  group: TableColumn | null;
  aggregates: Aggregate[];
  /** Groups stand by what is asked of them, the greatest or the least first; null: by their names. */
  order: 'desc' | 'asc' | null;
  comparisons: Comparison[];
  /** What is said of dates. */
  dates: Condition[];
  compared: Compared | null;
  ranked: Ranked | null;
  /** Words that measure, and thresholds, of which the column is not clear. */
  unplaced: Unplaced[];
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
  [/\bhow much (?:do|does|did)\b/, ['mean', 'median']],
  [anyOf(vocabulary.LEAST), ['minimum']],
  [anyOf(vocabulary.MOST), ['maximum']],
  [/\brange\b/, ['minimum', 'maximum']],
  [anyOf(vocabulary.TOTAL), ['sum']],
  [anyOf(vocabulary.SPREAD), ['standard deviation']],
];
const COUNT = anyOf(vocabulary.COUNTING);
const VALUES = anyOf(vocabulary.OF_VALUES);
const MISSING = anyOf(conditionsWords.MISSING);
const DISTINCT = anyOf(conditionsWords.DISTINCT);
const GROUPED = new RegExp(`\\b${oneOf(vocabulary.GROUPING)}(?: of)?(?: the)? ⟦(\\d+)⟧`);
const WHICH = /\bwhich ⟦(\d+)⟧/;
const JOINED = /^\s*(?:,|and|or|&|,\s*and)?\s*(?:the )?$/;
const SHARE = anyOf(vocabulary.SHARES);
const SUPERLATIVE = anyOf(vocabulary.SUPERLATIVES);
const REPEATS = anyOf(measures.REPEATED, 'g');
const OTHERS = anyOf(measures.THE_OTHERS, 'g');
/** "Which sex is older": groups are compared by what the comparative measures. */
const OF_GROUPS = /⟦\d+⟧ (?:more|less)\b(?! than)/;
const OFTEN_WORDS = anyOf(measures.OFTEN, 'g');
const OFTEN = new RegExp(`\\b(?:more|less) ${oneOf(measures.OFTEN)}\\b`, 'g');
/** "Do older passengers survive more often" */
const OFTEN_TRUE = new RegExp(`⟦\\d+⟧ (?:more|less) .*⟦(\\d+)⟧ (?:more|less) ${oneOf(measures.OFTEN)}\\b`);
const LESS = /⟦\d+⟧ less\b/;
const WHO = anyOf(measures.WHO, 'i');
const LEADING_MARK = /^\W*⟦\d+⟧(?: (?:is|are))? /;
const COMPARED_BY = new RegExp(
  `${oneOf([...comparisonsWords.AT_LEAST, ...comparisonsWords.AT_MOST])}(?= ?${NUMBER})`,
  'g',
);
/** Reads `text`; null when it asks nothing of the rows. */
export function readQuestion(text: string, table: readonly TableColumn[]): Question | null {
  const measured = inMeasures(withDigits(spaced(text)), table);
  const named = markColumns(inTableWords(measured.text, table), table);
  const { text: undated, dates } = datesIn(named.text, table);
  const marked = { ...named, text: inOwnUnits(undated, table) };
  const compared = comparedIn(marked.text, table);
  const { ranked, rest: counted } = rankedIn(marked.text, table);
  const words = compared === null ? counted : `${compared.left} ${compared.right}`;
  const { aggregates, group, order } = aggregatesIn(words, { ranked, table });
  const columns = marked.columns.filter((column) => column !== group);
  const { comparisons, unplaced } = comparisonsIn(words, table);
  const read = { aggregates, columns, group, order, comparisons, dated: dates.length > 0 };
  const open = [...measured.unplaced, ...unplaced];
  const intent =
    intentOf(words, { ...read, compared, ranked: group === null ? ranked : null }) ??
    (asksOfUnplaced(text, open) ? 'count' : null);
  if (intent === null) return null;
  const content = contentOf(words, intent);
  const { subjects, rest } = roles(words, { intent, columns, group, table });
  return {
    ...{ aggregates, columns, group, order, comparisons },
    intent,
    subjects: intent === 'ranked' && ranked !== null ? [ranked.column] : subjects,
    ...{ compared, ranked, dates, unplaced: open },
    phrases: phrasesOf(content),
    words: wordsIn(content, comparisons),
    plain: plain(words.replace(MARK, ' columnmark ')).replaceAll('columnmark', '|'),
    isShare: SHARE.test(words),
    predicates: predicatesIn(words, {
      columns: (intent === 'ranked' ? columns.filter((column) => column !== ranked?.column) : rest).filter(
        ({ name }) => !dates.some(({ column }) => column === name),
      ),
      comparisons,
      table,
    }),
  };
}

/** True where it asks for rows by a measure or a threshold whose column is not clear. */
const asksOfUnplaced = (text: string, open: readonly Unplaced[]): boolean =>
  open.length > 0 && (asksOfRows(text) || comparesSomething(spaced(text)) || WHO.test(text));

/** The text without what says no more than the kind of the question. */
function contentOf(words: string, intent: Intent): string {
  if (intent === 'repeats') return words.replace(REPEATS, ' ');
  if (intent === 'comparison') return words.replace(OTHERS, ' ').replace(OFTEN_WORDS, ' ');
  return intent === 'aggregate' ? words.replace(OFTEN, ' ') : words;
}

/** What is asked of the numbers, and of which groups: "which class is the dearest" compares their means. */
function aggregatesIn(
  words: string,
  { ranked, table }: { ranked: Ranked | null; table: readonly TableColumn[] },
): Pick<Question, 'aggregates' | 'group' | 'order'> {
  // "at least 4000" compares, the least is a minimum
  const uncompared = words.replace(COMPARED_BY, ' ');
  const named = AGGREGATE_WORDS.flatMap(([pattern, names]) => (pattern.test(uncompared) ? names : []));
  const which = table[Number(WHICH.exec(words)?.[1])];
  const ofGroups = which !== ranked?.column && (OF_GROUPS.test(words) || ranked !== null) ? which : undefined;
  const often = table[Number(OFTEN_TRUE.exec(words)?.[1])];
  const compared = ofGroups ?? often;
  const isLeast = ranked?.direction === 'lowest' || named.includes('minimum') || LESS.test(words);
  const order = isLeast ? 'asc' : 'desc';
  if (compared !== undefined) return { aggregates: ['mean', 'median'], group: compared, order };
  const plainly = named.filter((name) => name !== 'minimum' && name !== 'maximum');
  // "which day has the highest mean": the highest of the means
  if (which !== undefined && plainly.length > 0 && plainly.length < named.length)
    return { aggregates: plainly, group: which, order };
  const grouped = GROUPED.exec(words) ?? (named.length > 0 ? WHICH.exec(words) : null);
  const group = grouped === null ? null : (table[Number(grouped[1])] ?? null);
  return { aggregates: named, group: group === ranked?.column ? null : group, order: null };
}

function intentOf(
  words: string,
  {
    aggregates,
    columns,
    group,
    comparisons,
    compared,
    ranked,
    dated,
  }: Pick<Question, 'aggregates' | 'columns' | 'group' | 'comparisons' | 'compared' | 'ranked'> & {
    dated: boolean;
  },
): Intent | null {
  const numbers = columns.filter((column) => column.kind === 'number');
  const measured = columns.filter((column) => column.kind !== 'category');
  const counted = COUNT.test(words);
  if (MISSING.test(words)) return 'missing';
  if (asksForRepeats(words)) return 'repeats';
  if (/\bcorrelat\w*\b/.test(words) && numbers.length > 1) return 'correlation';
  if (compared !== null) return 'comparison';
  if (ranked !== null) return 'ranked';
  if (aggregates.length > 0 && measured.length > 0) return 'aggregate';
  if (DISTINCT.test(words) && columns.length > 0) return 'distinct';
  if (WHICH.test(words) && SUPERLATIVE.test(words)) return 'values';
  if (counted && (comparisons.length > 0 || dated)) return 'count';
  if (columns.length + (group ? 1 : 0) > 0 && VALUES.test(words)) return 'values';
  return counted || (comparisons.length > 0 && asksForRows(words.replace(LEADING_MARK, ''))) ? 'count' : null;
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
  const isSubject = (column: TableColumn) => intent !== 'aggregate' || column.kind !== 'category';
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
