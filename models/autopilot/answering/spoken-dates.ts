/** "In 2022", "after March 2022": which rows a question is about by a column of dates, or of years. */

import { MONTHS } from '../vocabulary/dates.ts';
import { oneOf } from '../vocabulary/lines.ts';
import { AFTER, BEFORE, SINCE, WITHIN } from '../vocabulary/units.ts';
import { MARK } from './marked-text.ts';
import { type Condition, quoted } from './statement.ts';
import type { TableColumn } from './table-words.ts';

const MONTH_OF = new Map(MONTHS.map((line) => line.split(' ') as [string, string]));
const SPOKEN = new RegExp(
  `(?<![\\p{L}\\p{N}])(${oneOf([...WITHIN, ...AFTER, ...SINCE, ...BEFORE])}) (?:the year |the end of )?` +
    `(?:(${oneOf([...MONTH_OF.keys()])}),? )?((?:19|20)\\d{2})(?![\\p{L}\\p{N}.,-])`,
  'gu',
);
const PERIODS: readonly [ReadonlySet<string>, 'in' | 'after' | 'since' | 'before'][] = [
  [new Set(WITHIN), 'in'],
  [new Set(AFTER), 'after'],
  [new Set(SINCE), 'since'],
  [new Set(BEFORE), 'before'],
];
/** A column of years without a month. */
const YEARS = /^years?$/;

interface Period {
  how: 'in' | 'after' | 'since' | 'before';
  year: number;
  /** From 1 to 12; null for a whole year. */
  month: number | null;
  /** As it was said. */
  words: string;
}

/** What is said of dates, as conditions, and the text without it; nothing where no column can be meant. */
export function datesIn(text: string, table: readonly TableColumn[]): { text: string; dates: Condition[] } {
  const column = columnOf(text, table);
  const dates: Condition[] = [];
  if (column === null) return { text, dates };
  const rest = text.replace(SPOKEN, (whole, ...[before = '', month, year]: (string | undefined)[]) => {
    const how = PERIODS.find(([words]) => words.has(before))?.[1] ?? 'in';
    const number = month === undefined ? null : Number(MONTH_OF.get(month));
    if (column.kind === 'number' && number !== null) return whole;
    dates.push(conditionOf(column, { how, year: Number(year), month: number, words: whole }));
    return ' ';
  });
  return { text: rest, dates };
}

/** The one column of dates that is named, else that there is; a column of years where there is none. */
function columnOf(text: string, table: readonly TableColumn[]): TableColumn | null {
  const named = [...text.matchAll(MARK)].flatMap(({ 1: place }) => table[Number(place)] ?? []);
  const isDate = ({ kind }: TableColumn) => kind === 'date';
  const dates = named.some(isDate) ? named.filter(isDate) : table.filter(isDate);
  const years = table.filter(({ name, kind }) => kind === 'number' && YEARS.test(name.toLowerCase()));
  const [only, ...others] = new Set(dates.length > 0 ? dates : years);
  return only === undefined || others.length > 0 ? null : only;
}

function conditionOf(column: TableColumn, period: Period): Condition {
  const sql = column.kind === 'date' ? sqlOfDates(column.name, period) : sqlOfYears(column.name, period);
  return { column: column.name, sql, words: `\`${column.name}\` ${period.words.trim()}`, isAsked: false };
}

function sqlOfDates(name: string, { how, year, month }: Period): string {
  const first = day(year, month ?? 1);
  const next = month === null || month === 12 ? day(year + 1, 1) : day(year, month + 1);
  switch (how) {
    case 'in':
      return `(${quoted(name)} >= ${first} and ${quoted(name)} < ${next})`;
    case 'after':
      return `${quoted(name)} >= ${next}`;
    case 'since':
      return `${quoted(name)} >= ${first}`;
    case 'before':
      return `${quoted(name)} < ${first}`;
  }
}

const day = (year: number, month: number): string => `date '${year}-${String(month).padStart(2, '0')}-01'`;

const SIGNS = { in: '=', after: '>', since: '>=', before: '<' } as const;
const sqlOfYears = (name: string, { how, year }: Period): string => `${quoted(name)} ${SIGNS[how]} ${year}`;
