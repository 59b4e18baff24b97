/**
 * Values of decisions about how a table is read and becomes features, and of the threshold: what is possible. Pure.
 */

import { columnKeys } from './column-keys.ts';
import { DATE_ORDERS, LINES, MARKS, MEANINGS, waysOf } from './decision-values.ts';
import type { Decision } from './decisions.ts';
import { columnNames } from './given-decisions.ts';
import type { Experiment } from './records.ts';

/** What is known where a value is judged. */
export interface JudgedTable {
  experiment: Pick<Experiment, 'dataset'>;
  ledger: readonly Decision[];
  /** What would be in force, by key. */
  resulting: ReadonlyMap<string, unknown>;
}

/** What a key may be. */
export interface Possible {
  /** Those that can be listed: a refusal names them. */
  values: readonly unknown[];
  /** What values look like, where they cannot all be listed. */
  form?: { words: string; allows: (value: unknown) => boolean };
}

const COLUMN = /^column\.([^.]+)\.(missing|features|decimal|date_order|currencies)$/u;
/** Texts that may stand for no value in one column, and characters of each. */
const MOST_TEXTS = 50;
const LONGEST_TEXT = 200;
const SETS = /^(rows\.left_out|column\.[^.]+\.missing)$/u;

/** The key of the column that a decision is about; undefined where it is about none of these. */
export const judgedColumn = (key: string): string | undefined => COLUMN.exec(key)?.[1];

/** A value as it stands in the ledger: what is a set is sorted, and a text alone stands for the list of it. */
export function normalized(key: string, value: unknown): unknown {
  if (!SETS.test(key)) return value;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!Array.isArray(value) && typeof value !== 'string' && typeof value !== 'number') return value;
  return [...new Set(list.map((each) => (typeof each === 'number' ? String(each) : each)))].toSorted();
}

/** What a key may be; undefined for one that is judged elsewhere. */
export function possibleOfTable(key: string, known: JudgedTable): Possible | undefined {
  const about = COLUMN.exec(key)?.[2];
  if (about !== undefined) return possibleOfColumn(key, about, known);
  if (key.startsWith('file.join.')) return { values: ['leave_out'] };
  if (key === 'target.meaning') return { values: MEANINGS };
  if (key === 'rows.left_out') return lines(known);
  return key === 'threshold' ? threshold(known) : undefined;
}

function possibleOfColumn(key: string, about: string, known: JudgedTable): Possible {
  switch (about) {
    case 'decimal':
      return { values: MARKS };
    case 'date_order':
      return { values: DATE_ORDERS };
    case 'currencies':
      return { values: ['as_they_stand'] };
    case 'features':
      return { values: waysOf(kindOf(key, known)) };
  }
  const words = `a list of at most ${MOST_TEXTS} texts that stand for no value, such as ["-999"]; [] for none`;
  return { values: weighed(key, known), form: { words, allows: isTexts } };
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length <= MOST_TEXTS &&
  value.every((each) => typeof each === 'string' && each.trim() !== '' && each.length <= LONGEST_TEXT);

/** Lines of these reasons stay out, and all others that were found are rows. */
function lines(known: JudgedTable): Possible {
  const found = new Set<unknown>(weighed('rows.left_out', known).flat());
  const some = found.size === 0 ? LINES : LINES.filter((each) => found.has(each));
  const allows = (value: unknown): boolean =>
    Array.isArray(value) && value.every((each) => some.some((one) => one === each));
  return { values: [some, []], form: { words: `a list of some of ${JSON.stringify(some)}`, allows } };
}

/** Of two classes only. */
function threshold(known: JudgedTable): Possible {
  const problem = known.resulting.get('problem') ?? 'binary';
  if (problem !== 'binary') return { values: [0.5] };
  const allows = (value: unknown): boolean => typeof value === 'number' && value > 0 && value < 1;
  const words = 'a probability between 0 and 1, from which on the rarer class is named';
  return { values: weighed('threshold', known), form: { words, allows } };
}

/** What scripts of this session chose and weighed. */
function weighed(key: string, { ledger }: JudgedTable): unknown[] {
  const made = ledger.filter((decision) => decision.key === key && decision.by !== 'person');
  const values = made.flatMap(({ value, alternatives }) => [value, ...alternatives.map((one) => one.value)]);
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** Of the column: as it was decided, else as the upload found it; undefined where that is not known. */
function kindOf(key: string, { experiment, resulting }: JudgedTable): string | undefined {
  const column = judgedColumn(key);
  const decided = resulting.get(`column.${column}.kind`);
  if (typeof decided === 'string') return decided;
  const { profile } = experiment.dataset;
  const keys = columnKeys([...new Set(columnNames(profile))]);
  const columns: unknown[] = Array.isArray(profile?.columns) ? profile.columns : [];
  const found = columns.map((each): { name?: string; kind?: unknown } => Object(each));
  const kind = found.find(({ name }) => name !== undefined && keys.get(name) === column)?.kind;
  return typeof kind === 'string' ? kind : undefined;
}
