/**
 * Cuts what a person said into clauses and reads each by its words: what it asks for, or that it asks for nothing
 * known.
 */

import { askPartOf, refusesToBeAsked } from './ask-words.ts';
import { type Clause, isUnderstood, NOTHING } from './clause.ts';
import { boundariesOf } from './clause-boundaries.ts';
import { readColumns } from './clause-columns.ts';
import { readTarget } from './clause-target.ts';
import {
  type ColumnNames,
  columnAt,
  columnNames,
  type Named,
  type Token,
  tokensOf,
} from './columns-named.ts';
import { findMetric } from './metrics-named.ts';
import { AFTER_CONSENT, CONSENT, OPENINGS } from './vocabulary/consent.ts';
import { oneOf } from './vocabulary/lines.ts';

const CONSENTS = new RegExp(`^(?:${oneOf(OPENINGS)}\\s+)*${oneOf(CONSENT)}(?:\\s+${oneOf(AFTER_CONSENT)})*$`);

/** Characters of words that only say to go on. */
const LONGEST_CONSENT = 200;

/**
 * Every clause of what was said, in order; marks between sentences and clauses are left out. Reading takes time in
 * proportion to what was said, however many columns there are: what is said is untrusted.
 */
export function readClauses(message: string, columns: readonly string[] | ColumnNames): Clause[] {
  const names = Array.isArray(columns) ? columnNames(columns) : (columns as ColumnNames);
  return sentencesOf(message).flatMap((sentence) => readSentence(sentence, names));
}

function sentencesOf(message: string): string[] {
  // one space for many: nothing is read twice over a run of them
  const pieces = message
    .replace(/[^\S\n]+/g, ' ')
    .split(/(?<=[.;!?])\s|\n/)
    .map((text) => text.trim());
  return pieces.filter((text) => /[\p{L}\p{N}]/u.test(text));
}

function readSentence(sentence: string, columns: ColumnNames): Clause[] {
  if (refusesToBeAsked(sentence)) return [{ ...NOTHING, text: sentence, askNothing: true }];
  const asking = askPartOf(sentence);
  if (asking === null) return readRequests(sentence, columns);
  const { before, after } = asking;
  const first = before === '' ? [] : readRequests(before, columns);
  const asked = (text: string): Clause => ({ ...NOTHING, text, ask: true });
  const rest = after === '' ? [] : readRequests(after, columns);
  // what leads to the request without a wish of its own ("For the metric, …") belongs to it
  if (!first.every(isUnderstood)) return [asked(sentence.slice(0, asking.end)), ...rest];
  return [...first, asked(asking.ask), ...rest];
}

/** The clauses of a sentence that asks for no question. */
function readRequests(text: string, columns: ColumnNames): Clause[] {
  const pieces: string[] = [];
  const tokens = tokensOf(text);
  let from = 0;
  let place = 0;
  for (const { start, end } of boundariesOf(text)) {
    while ((tokens[place]?.from ?? text.length) < end) place += 1;
    if (start <= from || isListed(tokens, place, { columns, text })) continue;
    pieces.push(text.slice(from, start));
    from = end;
  }
  return [...pieces, text.slice(from)]
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece))
    .map((piece) => readClause(piece, columns));
}

/** True when a column is named like a verb and stands alone between marks: it is an item of a list. */
function isListed(tokens: readonly Token[], place: number, named: Named): boolean {
  const column = columnAt(tokens, place, named);
  if (column === null) return false;
  const after = tokens[column.end];
  if (after === undefined || [',', ';', 'and'].includes(after.word)) return true;
  return named.text.slice(tokens[column.end - 1]?.to, after.from).includes('.');
}

function readClause(text: string, columns: ColumnNames): Clause {
  const clause: Clause = { ...NOTHING, text: text.trim(), metric: findMetric(text) };
  const tokens = tokensOf(text);
  readColumns(clause, tokens, { columns, text });
  readTarget(clause, tokens, { columns, text });
  const plain = tokens
    .map(({ word }) => word)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .join(' ');
  const mayConsent =
    plain.length <= LONGEST_CONSENT && !isUnderstood(clause) && clause.unknownColumn === null;
  clause.consent = mayConsent && CONSENTS.test(plain);
  return clause;
}
