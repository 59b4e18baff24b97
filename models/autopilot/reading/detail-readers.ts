/** Readers of one kind of detail each, over a clause with marks for its columns. */

import * as dateWords from '../vocabulary/dates.ts';
import * as vocabulary from '../vocabulary/details.ts';
import { anyOf, oneOf } from '../vocabulary/lines.ts';
import { NEGATIONS } from '../vocabulary/pronouns.ts';
import { EXCLUDING, KEEPING } from '../vocabulary/requests.ts';
import * as thresholdsWords from '../vocabulary/thresholds.ts';
import * as waysWords from '../vocabulary/ways.ts';
import type { Detail } from './detail.ts';
import type { FoundDetail, MarkedPart, ReadDetail } from './found-detail.ts';
import { SLOT } from './marked-clause.ts';
import { readMissing } from './missing-texts.ts';

const DENIAL = `\\b${oneOf([...NEGATIONS, 'not'])}\\b`;
const NUMBER = '-?(?:\\d+(?:[.,]\\d+)?|[.,]\\d+)';
const PERCENT = new RegExp(`^\\s*${oneOf(thresholdsWords.PERCENT)}`, 'i');
const THRESHOLD = anyOf(thresholdsWords.THRESHOLD, 'i');
const FLAGGING = anyOf(thresholdsWords.FLAGGING, 'i');
const OF_CHANCES = new RegExp(`${oneOf(thresholdsWords.OF_CHANCES)}`, 'i');
const WHEN_CHANCE = new RegExp(
  `\\b${oneOf(thresholdsWords.WHEN)} (?:${oneOf(thresholdsWords.WHOSE)} )?(?:${oneOf(thresholdsWords.OF_CHANCES)})`,
  'i',
);
const MORE_OR_LESS = anyOf(thresholdsWords.MORE_OR_LESS_FLAGS, 'i');
const DAY_FIRST = form(dateWords.DAY_FIRST);
const MONTH_FIRST = form(dateWords.MONTH_FIRST);
const EXAMPLE = new RegExp(
  `\\b(\\d{1,2})[./-](\\d{1,2})(?:[./-]\\d{2,4})?\\b.*\\bis (?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ` +
    `${oneOf(dateWords.MONTHS.map((line) => line.split(' ')[0] ?? ''))}\\b`,
  'i',
);
const DECIMAL = anyOf(vocabulary.DECIMAL, 'i');
const THOUSANDS = anyOf(vocabulary.THOUSANDS, 'i');
const MARK = /\b(?:comma|point|dot|period|mark|separator|decimals?)s?\b/i;
const WAYS = waysWords.WAYS.map((line) => line.split(': ') as [string, string]);
const WAY = anyOf(
  WAYS.map(([, words]) => words),
  'i',
);
const PREDICTS = anyOf(waysWords.FORETELLING, 'i');
const NO_LOGARITHM = new RegExp(`^[ -]+${oneOf(waysWords.NO_LOGARITHM)}\\b`, 'i');
const OTHER_WAY = new Map(waysWords.OTHER_WAY.map((line) => line.split(' ') as [string, string]));
const TEXTS = anyOf(waysWords.TEXT_COLUMNS, 'i');
const EDGES = vocabulary.EDGE_LINES.map((line) => line.split(': ') as [string, string]);
const EDGE = anyOf(
  EDGES.map(([, words]) => words),
  'gi',
);
const EXCLUDES = anyOf([...EXCLUDING, 'no'], 'i');
const KEEPS = anyOf([...KEEPING, ...vocabulary.ARE_ROWS], 'i');
const PROBLEMS = vocabulary.PROBLEMS.map((line) => line.split(': ') as [string, string]);
const PROBLEM = anyOf(
  PROBLEMS.map(([, words]) => words),
  'i',
);

/** Marks of a form may stand without a word's edge. */
function form(words: readonly string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${oneOf(words)}(?![\\p{L}\\p{N}])`, 'iu');
}

const at = (found: RegExpExecArray): readonly [number, number] => [
  found.index,
  found.index + found[0].length,
];

/** True where a denial stands among the few words before a place. */
const isDenied = (text: string, before: number): boolean =>
  new RegExp(`${DENIAL}(?:\\s+[\\p{L}\\p{N}_§]+){0,4}\\s*$`, 'iu').test(
    text.slice(0, before).split(/[,;]/).at(-1) ?? '',
  );

const numbersIn = (text: string): RegExpExecArray[] => [
  ...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${NUMBER}(?![\\p{L}\\p{N}])`, 'gu')),
];

function probabilityOf(text: string, number: RegExpExecArray): number {
  const value = Number(number[0].replace(',', '.'));
  const isShare = PERCENT.test(text.slice(number.index + number[0].length));
  return isShare ? Number((value / 100).toPrecision(12)) : value;
}

/** "Use a threshold of .3", "say yes from 30 % on", "flag more". */
function readThreshold({ text }: MarkedPart): FoundDetail | null {
  const head = THRESHOLD.exec(text);
  const flags = FLAGGING.exec(text);
  const chance = OF_CHANCES.exec(text);
  const isCalled = head !== null || (flags !== null && chance !== null);
  const asked = isCalled ? null : MORE_OR_LESS.exec(text);
  if (!isCalled) return asked === null ? null : { detail: null, open: 'threshold', parts: [at(asked)] };
  const numbers = numbersIn(text);
  const [number] = numbers;
  const whole: FoundDetail = { detail: null, open: 'threshold', parts: [[0, text.length]] };
  if (number === undefined) return head === null ? null : whole;
  if (numbers.length > 1 || isDenied(text, head?.index ?? number.index)) return whole;
  const value = probabilityOf(text, number);
  const isPossible = value > 0 && value < 1;
  const parts = [head, flags, WHEN_CHANCE.exec(text), chance, number].flatMap((each) =>
    each === null ? [] : [at(each)],
  );
  if (!isPossible) return { detail: null, open: 'threshold value', parts };
  return { detail: { about: 'threshold', columns: [], value }, parts };
}

/** "Dates are day first", "03/04 in moved_in is the 3rd of April". */
function readDateOrder({ text, columns }: MarkedPart): FoundDetail | null {
  const example = EXAMPLE.exec(text);
  if (example !== null) {
    const [first, second, day] = example.slice(1).map(Number);
    if (first === second || (day !== first && day !== second)) return null;
    return detail('date_order', columns, { value: day === first ? 'day' : 'month', found: [example] });
  }
  const [day, month] = [DAY_FIRST.exec(text), MONTH_FIRST.exec(text)];
  const found = [day, month].filter((each) => each !== null);
  if (found.length === 0) return null;
  const says = [
    ...(day === null ? [] : [isDenied(text, day.index) ? 'month' : 'day']),
    ...(month === null ? [] : [isDenied(text, month.index) ? 'day' : 'month']),
  ];
  const [value, other] = says;
  if (other !== undefined && other !== value)
    return { detail: null, open: 'date order', parts: found.map(at) };
  return detail('date_order', columns, { value: value ?? 'day', found });
}

/** "The comma in rent is the decimal mark", "it separates thousands". */
function readDecimal({ text, columns }: MarkedPart): FoundDetail | null {
  const [decimal, thousands] = [DECIMAL.exec(text), THOUSANDS.exec(text)];
  const found = thousands ?? decimal;
  if (found === null || !MARK.test(text) || (decimal !== null && thousands !== null)) return null;
  const says = thousands === null ? 'decimal' : 'thousands';
  const value = isDenied(text, found.index) ? (says === 'decimal' ? 'thousands' : 'decimal') : says;
  return detail('decimal', columns, { value, found: [found] });
}

/** "Take the logarithm of income", "one-hot encode city". */
function readFeatures({ text, columns }: MarkedPart): FoundDetail | null {
  const found = WAY.exec(text);
  if (found === null || columns.length === 0 || PREDICTS.test(text)) return null;
  // "use age and log of debt": what becomes of the first is not said
  const [before, after] = [text.slice(0, found.index), text.slice(found.index)];
  if (before.includes(SLOT) && after.includes(SLOT))
    return { detail: null, open: 'features', parts: [at(found)] };
  const way = WAYS.find(([, words]) => words === found[0].toLowerCase())?.[0] ?? '';
  if (way === 'log' && NO_LOGARITHM.test(text.slice(found.index + found[0].length))) return null;
  const value = isDenied(text, found.index) ? OTHER_WAY.get(way) : way;
  if (value === undefined) return { detail: null, open: 'features', parts: [at(found)] };
  return detail('features', columns, { value, found: [found] });
}

/** "Don't use text features". */
function readTexts({ text, columns }: MarkedPart): FoundDetail | null {
  const found = TEXTS.exec(text);
  if (found === null || columns.length > 0) return null;
  const excludes = EXCLUDES.exec(text);
  if (excludes === null) return null;
  return detail('texts', [], { value: 'out', found: [found, excludes] });
}

/** "The footnotes are rows", "leave out the total line". */
function readLines({ text, columns }: MarkedPart): FoundDetail | null {
  const found = [...text.matchAll(EDGE)];
  const keeps = KEEPS.exec(text);
  const excludes = EXCLUDES.exec(text);
  if (found.length === 0 || columns.length > 0 || (keeps === null && excludes === null)) return null;
  const names = found.map(([words]) => EDGES.find(([, each]) => each === words.toLowerCase())?.[0] ?? '');
  const denied = keeps !== null ? !isDenied(text, keeps.index) : isDenied(text, excludes?.index ?? 0);
  const parts = [...found, ...(keeps === null ? [] : [keeps]), ...(excludes === null ? [] : [excludes])].map(
    at,
  );
  return { detail: { about: 'lines', columns: [], value: [...new Set(names)], denied }, parts };
}

/** "It is a regression problem". */
function readProblem({ text, columns }: MarkedPart): FoundDetail | null {
  const found = PROBLEM.exec(text);
  if (found === null || columns.length > 0 || isDenied(text, found.index)) return null;
  const value = PROBLEMS.find(([, words]) => words === found[0].toLowerCase())?.[0] ?? '';
  return detail('problem', [], { value, found: [found] });
}

function detail(
  about: Detail['about'],
  columns: readonly string[],
  { value, found }: { value: string; found: readonly RegExpExecArray[] },
): FoundDetail {
  return { detail: { about, columns: [...new Set(columns)], value }, parts: found.map(at) };
}

export const DETAIL_READERS: readonly ReadDetail[] = [
  readThreshold,
  readMissing,
  readDateOrder,
  readDecimal,
  readFeatures,
  readTexts,
  readLines,
  readProblem,
];
