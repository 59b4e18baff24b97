/**
 * One column as it is classified. Its values are data of somebody else: made lawful and bounded here, once, and never
 * read as anything but text.
 */

import { tableWords } from '../core/classification/table-names.ts';
import { headOf, lawfulText } from '../core/lawful-text.ts';

export interface ColumnSample {
  name: string;
  /** Non-null values, as many as were sampled. */
  values: readonly string[];
  table?: string | undefined;
  /** As its source declares it. */
  type?: string | undefined;
  /** Names of the table's other columns. */
  siblings?: readonly string[] | undefined;
  /** What its source declares that its values refer to. */
  references?: Reference | undefined;
}

/** A column of another table. */
export interface Reference {
  table: string;
  column: string;
  /** Where it was sampled, too. */
  type?: string | undefined;
  values?: readonly string[] | undefined;
}

export interface BoundedReference {
  table: string;
  column: string;
  /** The column itself; null: no value of it is known. */
  partner: BoundedColumn | null;
}

/** What is looked at of a column. */
export interface BoundedColumn {
  name: string;
  /** What of the name is read: without a beginning that says nothing. */
  ownName: string;
  table: string;
  type: string;
  siblings: readonly string[];
  references: BoundedReference | null;
  /** Distinct, without blanks around them, none empty; sorted, so that their order in the sample is irrelevant. */
  values: readonly string[];
  /** Of these, those that count as what the column holds: without a few strays beside codes that come often. */
  common: readonly string[];
  /** How many distinct values were left out, being more than MOST_VALUES. */
  leftOut: number;
}

/** Distinct values that are looked at. */
export const MOST_VALUES = 50;
/** UTF-16 units of a value that are looked at. */
export const LONGEST_VALUE = 2_000;
const LONGEST_NAME = 200;
const MOST_SIBLINGS = 1_000;
const LEAST_SIBLINGS = 3;

const lawfulHead = (text: string, most: number): string => lawfulText(headOf(text, most)).trim();

export function boundedColumn({
  name,
  values,
  table,
  type,
  siblings,
  references,
}: ColumnSample): BoundedColumn {
  const lawful = asMeant(
    values.map((value) => lawfulHead(value, LONGEST_VALUE)).filter((value) => value !== ''),
  );
  const distinct = withoutMissing([...new Set(lawful)].sort());
  const looked = distinct.slice(0, MOST_VALUES);
  const names = (siblings ?? []).slice(0, MOST_SIBLINGS).map((each) => lawfulHead(each, LONGEST_NAME));
  const whole = lawfulHead(name, LONGEST_NAME);
  return {
    ...{ name: whole, ownName: withoutPrefix(whole, names) },
    // of a file's name all but folders and ending
    table: tableWords(lawfulHead(table ?? '', LONGEST_NAME)),
    type: lawfulHead(type ?? '', LONGEST_NAME),
    siblings: names,
    references: references ? boundedReference(references) : null,
    ...{ values: looked, common: withoutStray(looked, lawful) },
    leftOut: Math.max(0, distinct.length - MOST_VALUES),
  };
}

const QUOTED = /^(['"])(.*)\1$/s;
const WHOLE = /^-?\d{1,15}(?:\.0{1,6})?$/;

/** Without what a program put around all of them: quotes, and the zeros of whole numbers that it took for others. */
function asMeant(values: readonly string[]): readonly string[] {
  if (values.length === 0) return values;
  if (values.every((value) => QUOTED.test(value)))
    return values.map((value) => value.slice(1, -1).trim()).filter((value) => value !== '');
  const areWhole = values.every((value) => WHOLE.test(value) || MISSING.test(value));
  return areWhole ? values.map((value) => value.replace(/\.0+$/, '')) : values;
}

const boundedReference = ({ table, column, type, values }: Reference): BoundedReference => ({
  table: lawfulHead(table, LONGEST_NAME),
  column: lawfulHead(column, LONGEST_NAME),
  partner: values === undefined ? null : boundedColumn({ name: column, table, type, values }),
});

/** Texts that stand for no value, where others do. */
const MISSING = /^(?:n\/?a|n\.a\.|nan|nil|null|none|missing|unknown|undefined|#n\/a|-{1,3}|\?|\.)$/i;
/** Few values may be what they look like: a country, a gender. */
const LEAST_BESIDE = 2;

function withoutMissing(values: readonly string[]): string[] {
  const present = values.filter((value) => !MISSING.test(value));
  return present.length >= LEAST_BESIDE ? present : [...values];
}

/** Of all values: each code's, that of all codes together, and a stray's. */
const SHARE_OF_CODE = 0.1;
const SHARE_OF_CODES = 0.85;
const SHARE_OF_STRAY = 0.05;

/** Where few values make up nearly all of a column, what is there once or twice has strayed into it. */
function withoutStray(distinct: readonly string[], all: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of all) counts.set(value, (counts.get(value) ?? 0) + 1);
  const shareOf = (value: string): number => (counts.get(value) ?? 0) / all.length;
  const codes = distinct.map(shareOf).filter((share) => share >= SHARE_OF_CODE);
  const together = codes.reduce((sum, share) => sum + share, 0);
  return together < SHARE_OF_CODES
    ? [...distinct]
    : distinct.filter((value) => shareOf(value) >= SHARE_OF_STRAY);
}

/** A beginning up to `_` that all columns of a table share says nothing of one of them. */
function withoutPrefix(name: string, siblings: readonly string[]): string {
  const end = name.indexOf('_') + 1;
  const prefix = name.slice(0, end);
  const isShared = siblings.length >= LEAST_SIBLINGS && siblings.every((each) => each.startsWith(prefix));
  return end > 0 && end < name.length && isShared ? name.slice(end) : name;
}
