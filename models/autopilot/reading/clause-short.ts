/** Short orders and corrections: "no age", "age out", "bring age back", "not age, I meant fare", "undo that". */

import * as corrections from '../vocabulary/corrections.ts';
import { FILLERS } from '../vocabulary/courtesies.ts';
import { UNDOING } from '../vocabulary/statements.ts';
import type { Clause } from './clause.ts';
import { columnAt, columnsBetween, listAfter, type Named, type Token } from './columns-named.ts';
import { negates, phraseAt, phrases } from './phrases.ts';

const GONE = phrases(corrections.GONE);
const ALLOWED = phrases(corrections.ALLOWED);
const MEANING = phrases(corrections.MEANING);
const BRINGING = new Set(corrections.BRINGING);
const BACK = new Set(corrections.BACK);
const UNDO = phrases(UNDOING);
const OPENING = phrases(FILLERS);

/** Reads them into the clause; true when one was there. "Undo" lets the rest be read. */
export function readShort(clause: Clause, tokens: readonly Token[], named: Named): boolean {
  clause.undo = isUndo(tokens);
  return (
    readSwap(clause, tokens, named) ||
    readNone(clause, tokens, named) ||
    readWith(clause, tokens, named) ||
    readTail(clause, tokens, named) ||
    readBringing(clause, tokens, named)
  );
}

/** True where the last change is to be taken back. */
export function isUndo(tokens: readonly Token[]): boolean {
  let place = 0;
  while (phraseAt(tokens, place, UNDO) === null) {
    const after = phraseAt(tokens, place, OPENING);
    if (after === null) return false;
    place = after;
  }
  const next = tokens[phraseAt(tokens, place, UNDO) ?? 0];
  return next === undefined || /^[,:;]$|^please$/.test(next.word);
}

function readSwap(clause: Clause, tokens: readonly Token[], named: Named): boolean {
  const not = tokens.findIndex(({ word }) => word === 'not');
  const from = not < 0 ? null : columnAt(tokens, not + 1, named);
  if (from === null) return false;
  let place = from.end;
  while (tokens[place]?.word === ',') place += 1;
  const meant = phraseAt(tokens, place, MEANING);
  const to = meant === null ? null : columnAt(tokens, meant, named);
  if (to === null || to.end < tokens.length) return false;
  clause.swap = { from: from.name, to: to.name };
  return true;
}

/** "No age", and "-age" as people write it. */
function readNone(clause: Clause, tokens: readonly Token[], named: Named): boolean {
  const dashed = /^\s*[-–−](?=[\p{L}\d])/u.test(named.text);
  const no = tokens.findIndex(({ word }, place) => word === 'no' && columnAt(tokens, place + 1, named));
  if (!dashed && no < 0) return false;
  const { names, unknown } = listAfter(tokens, dashed ? 0 : no + 1, named);
  clause.excluded = names;
  clause.unknownColumn = unknown;
  return names.length > 0;
}

/** "With age". */
function readWith(clause: Clause, tokens: readonly Token[], named: Named): boolean {
  if (tokens[0]?.word !== 'with') return false;
  clause.included = listAfter(tokens, 1, named).names;
  return clause.included.length > 0;
}

/** What is said behind the columns, up to the end. */
function readTail(clause: Clause, tokens: readonly Token[], named: Named): boolean {
  const end = tokens.length;
  for (let place = Math.max(1, end - 6); place < end; place += 1) {
    const gone = phraseAt(tokens, place, GONE) === end;
    if (!gone && phraseAt(tokens, place, ALLOWED) !== end) continue;
    const names = columnsBetween(tokens, { start: 0, end: place }, named);
    const list = listAfter(tokens, 0, named);
    if (names.length === 0 || list.names.length < names.length) continue;
    if (tokens.slice(0, place).some(negates)) continue;
    if (gone) clause.excluded = names;
    else clause.included = names;
    clause.unknownColumn = list.unknown;
    return true;
  }
  return false;
}

function readBringing(clause: Clause, tokens: readonly Token[], named: Named): boolean {
  const head = tokens.findIndex(({ word }) => BRINGING.has(word));
  const back = tokens.findIndex(({ word }, place) => place > head + 1 && BACK.has(word));
  if (head < 0 || back < 0 || tokens.slice(0, head).some(negates)) return false;
  if (tokens[back]?.word === 'in' && back < tokens.length - 1) return false;
  const list = listAfter(tokens.slice(0, back), head + 1, named);
  clause.included = list.names;
  clause.unknownColumn = list.unknown;
  return list.names.length > 0 || list.unknown !== null;
}
