/**
 * Orders of how cells are read ("treat -99 as missing in income"), of features and of the threshold.
 *
 * 1. Each is found by words that name it; words that are not known beside them stop it, as they stop any order.
 * 2. What it leaves open (which column, which number) is asked back and never guessed.
 */

import * as vocabulary from '../vocabulary/details.ts';
import * as noValuesWords from '../vocabulary/no-values.ts';
import { NEGATIONS } from '../vocabulary/pronouns.ts';
import { type Clause, NOTHING, type Unfollowed } from './clause.ts';
import { stopOf } from './clause-stops.ts';
import type { Named, Token } from './columns-named.ts';
import type { Detail } from './detail.ts';
import { DETAIL_READERS } from './detail-readers.ts';
import type { ReadDetail } from './found-detail.ts';
import { type MarkedClause, markedClause, SLOT, tokensBeside } from './marked-clause.ts';

const AROUND = new Set([...vocabulary.AROUND_DETAILS, ...noValuesWords.READING]);
const DENIES = new Set(NEGATIONS);
/** Two orders in one clause are joined by these. */
const JOINT = /\s*(?:,|;|\band\b)\s*/g;
/** Orders in one clause that are read apart. */
const MOST_PARTS = 8;

/** The clause, where it orders something of these or leaves it open; null where it names none of them. */
export function readDetails(
  tokens: readonly Token[],
  named: Named,
  { supposed }: { supposed: boolean },
): Clause | null {
  const marked = markedClause(tokens, named);
  const whole = readWith(marked);
  if (whole.length === 0) return null;
  const { text } = named;
  const parts = settledFirst(apart(marked) ?? whole);
  const details = parts.flatMap(({ detail }) => detail ?? []);
  const open = parts.find(({ open: each }) => each !== null)?.open ?? null;
  if (open !== null) return { ...NOTHING, text, kind: 'order', unfollowed: open };
  const stop = supposed ? null : stopIn(marked, named, parts);
  if (stop !== null) return { ...NOTHING, text, kind: 'order', ...stop };
  return { ...NOTHING, text, kind: 'order', details };
}

/** What one part leaves open another one may say: "a threshold of 0.3, I'd rather have false alarms". */
function settledFirst(parts: readonly Read[]): readonly Read[] {
  const isAnswered = ({ detail, open }: Read): boolean =>
    detail === null && parts.some((other) => other.detail !== null && other.detail.about === open);
  return parts.map((part) => (isAnswered(part) ? { ...part, open: null } : part));
}

/** What of the clause was read, where, and what it leaves open. */
interface Read {
  detail: Detail | null;
  open: Unfollowed | null;
  parts: readonly { from: number; to: number }[];
}

function readWith(marked: MarkedClause, within = { from: 0, to: marked.text.length }): Read[] {
  const text = marked.text.slice(within.from, within.to);
  const columns = columnsWithin(marked, within);
  return DETAIL_READERS.flatMap((read: ReadDetail) => {
    const found = read({ text, columns });
    if (found === null) return [];
    const parts = found.parts.map(([from, to]) => ({ from: from + within.from, to: to + within.from }));
    return [{ detail: found.detail, open: found.open ?? null, parts }];
  });
}

function columnsWithin(
  { text, columns }: MarkedClause,
  { from, to }: { from: number; to: number },
): string[] {
  const before = text.slice(0, from).split(SLOT).length - 1;
  const count = text.slice(from, to).split(SLOT).length - 1;
  return columns.slice(before, before + count);
}

/** Several orders of one clause, each read in its own part; null where the parts do not hold one each. */
function apart(marked: MarkedClause): Read[] | null {
  const cuts = [...marked.text.matchAll(JOINT)].slice(0, MOST_PARTS);
  const bounds = [0, ...cuts.flatMap(({ index, 0: mark }) => [index, index + mark.length])];
  const pieces = bounds.flatMap((from, at) =>
    at % 2 === 0 ? [{ from, to: bounds[at + 1] ?? marked.text.length }] : [],
  );
  if (pieces.length === 1) return null;
  const read = pieces.map((piece) => readWith(marked, piece));
  return read.every((found) => found.length === 1) ? read.flat() : null;
}

function stopIn(
  marked: MarkedClause,
  named: Named,
  read: readonly Read[],
): Pick<Clause, 'unknown' | 'condition'> | null {
  const rest = tokensBeside(
    marked,
    read.flatMap(({ parts }) => parts),
  );
  const others = rest.filter(({ word }) => !AROUND.has(word) && !DENIES.has(word) && !/^\d+$/.test(word));
  const stop = stopOf(others, named, new Set(named.columns.names));
  return stop.unknown === null && stop.condition === null ? null : stop;
}
