/** "Treat -99 as missing in income", "zeros in income are no values", "-99 is a real value". */

import { anyOf, oneOf } from '../vocabulary/lines.ts';
import * as noValuesWords from '../vocabulary/no-values.ts';
import { NEGATIONS } from '../vocabulary/pronouns.ts';
import type { FoundDetail, ReadDetail } from './found-detail.ts';

const QUOTED = '["“”‘’\'`«]([^"“”‘’\'`«»]{1,200})["“”‘’\'`»]';
const NUMBER = '(?<![\\p{L}\\p{N}.])-?\\d+(?:[.,]\\d+)*(?![\\p{L}\\p{N}])';
const TEXT = new RegExp(`${QUOTED}|${NUMBER}|\\b${oneOf(noValuesWords.ZEROS)}\\b`, 'giu');
const ZERO = new RegExp(`^${oneOf(noValuesWords.ZEROS)}$`, 'i');
const NO_VALUE = anyOf(noValuesWords.NO_VALUE, 'gi');
const A_VALUE = anyOf(noValuesWords.A_VALUE, 'gi');
const STANDS = new RegExp(`(?:^|[\\s,:])${oneOf(noValuesWords.STANDING_FOR)}(?=[\\s,])`, 'gi');
/** A word that is to be read as no value: "treat none in city as missing". */
const WORD = new RegExp(
  `\\b${oneOf(noValuesWords.READING)}\\s+(?:the\\s+)?(?:text|word|value|code|label)?\\s*([\\p{L}\\p{N}./?#*-]{1,40})` +
    `(?:\\s+(?:in|of|for)\\s+(?:the\\s+)?(?:column\\s+)?§(?:\\s+column)?)?\\s+as\\s`,
  'iu',
);
const DENIES = anyOf([...NEGATIONS, 'not'], 'i');
/** Before them another clause ends: "not a number, it is missing". */
const ENDS = /[,;]|\bbut\b/gi;
/** They are no text of a cell. */
const NO_TEXTS = /^(?:it|this|that|these|those|them|all|any|missing|null|blanks?|gaps?|values?|§)$/i;

interface Span {
  from: number;
  to: number;
}

const spanOf = ({ index, 0: text }: RegExpExecArray | RegExpMatchArray): Span => ({
  from: index ?? 0,
  to: (index ?? 0) + text.length,
});

/** The texts of a clause with where they stand. */
function textsIn(text: string): { texts: string[]; spans: Span[] } {
  const found = [...text.matchAll(TEXT)];
  const spans = found.map(spanOf);
  const texts = found.map(([whole, quoted]) => quoted ?? (ZERO.test(whole) ? '0' : whole));
  if (texts.length > 0) return { texts, spans };
  const word = WORD.exec(text);
  if (word?.[1] === undefined || NO_TEXTS.test(word[1])) return { texts, spans };
  const from = word.index + word[0].indexOf(word[1]);
  return { texts: [word[1]], spans: [{ from, to: from + word[1].length }] };
}

const isIn = ({ from, to }: Span, spans: readonly Span[]): boolean =>
  spans.some((span) => span.from <= from && to <= span.to);

export const readMissing: ReadDetail = ({ text, columns }): FoundDetail | null => {
  const { texts, spans } = textsIn(text);
  const beside = (found: Iterable<RegExpMatchArray>): Span[] =>
    [...found].map(spanOf).filter((span) => !isIn(span, spans));
  const none = beside(text.matchAll(NO_VALUE)).at(-1);
  const some = beside(text.matchAll(A_VALUE)).at(-1);
  const stands = beside(text.matchAll(STANDS));
  const head = none ?? some;
  if (head === undefined || stands.length === 0) return null;
  const reads = anyOf(noValuesWords.READING, 'i').test(text) && / as /i.test(text);
  // "treat missing values as 0" orders something else
  if (reads && head.from < text.toLowerCase().lastIndexOf(' as ')) return null;
  const parts = [head, ...stands, ...spans, ...(none !== undefined && some !== undefined ? [some] : [])];
  const places = parts.map(({ from, to }) => [from, to] as const);
  if (texts.length === 0) return reads ? { detail: null, open: 'missing', parts: places } : null;
  if (columns.length === 0) return { detail: null, open: 'missing', parts: places };
  const isDenied = none === undefined || deniesOf(text, none, spans);
  return {
    detail: {
      about: 'missing',
      columns: [...new Set(columns)],
      value: [...new Set(texts)],
      denied: isDenied,
    },
    parts: places,
  };
};

/** "-99 is not missing", "don't treat -99 as missing"; "not a number, it is missing" denies something else. */
function deniesOf(text: string, { from }: Span, spans: readonly Span[]): boolean {
  const [first, last] = [spans[0]?.from ?? 0, spans.at(-1)?.to ?? 0];
  const ends = [...text.slice(0, from).matchAll(ENDS)].map(spanOf);
  const end = ends.findLast((each) => each.to <= first || each.from >= last)?.to ?? 0;
  return DENIES.test(text.slice(end, from));
}
