/** What stops an order: a word that is not known, or a condition. A reason that follows it says nothing of it. */

import { POLITE } from '../vocabulary/courtesies.ts';
import { CONDITIONS, COURTEOUS, REASONS, TELLING } from '../vocabulary/tails.ts';
import { columnAt, type Named, type Token } from './columns-named.ts';
import { isKnownWord } from './known-words.ts';
import { phraseAt, phrases } from './phrases.ts';

const WHEN = phrases(CONDITIONS);
const POSSIBLY = phrases([...COURTEOUS, ...POLITE]);
const WHY = phrases(REASONS);
const TELLS = new Set(TELLING);

export interface Stop {
  unknown: string | null;
  condition: string | null;
}

/**
 * Why the order that the tokens are cannot be followed as it stands; both null when it can. A column that is named, and
 * of which nothing is ordered, stops it as a word does that is not known; `read` are the others.
 */
export function stopOf(tokens: readonly Token[], named: Named, read: ReadonlySet<string>): Stop {
  for (let place = 0; place < tokens.length; ) {
    const column = columnAt(tokens, place, named);
    if (column !== null && !read.has(column.name)) {
      const written = named.text.slice(tokens[place]?.from, tokens[column.end - 1]?.to);
      return { unknown: written, condition: null };
    }
    const next = skipped(tokens, place, named);
    if (next !== null) {
      place = next;
      continue;
    }
    if (place > 0 && (phraseAt(tokens, place, WHY) !== null || startsSentence(tokens, place, named)))
      return { unknown: joinedBehind(tokens, place, { named, read }), condition: null };
    const from = tokens[place]?.from ?? 0;
    if (phraseAt(tokens, place, WHEN) !== null)
      return { unknown: null, condition: named.text.slice(from).trim() };
    const end = endOfUnknown(tokens, place, named);
    if (end > place) return { unknown: named.text.slice(from, tokens[end - 1]?.to), condition: null };
    place += 1;
  }
  return { unknown: null, condition: null };
}

/** A column that goes on with a list behind its reason: "not age, as it is wrong, nor fare"; null when none does. */
function joinedBehind(
  tokens: readonly Token[],
  place: number,
  { named, read }: { named: Named; read: ReadonlySet<string> },
): string | null {
  for (let at = place + 1; at < tokens.length; at += 1) {
    const column = tokens[at - 1]?.word === 'nor' ? columnAt(tokens, at, named) : null;
    if (column !== null && !read.has(column.name)) return column.name;
  }
  return null;
}

/** "…, it leaks": another sentence begins. */
function startsSentence(tokens: readonly Token[], place: number, named: Named): boolean {
  if (!TELLS.has(tokens[place]?.word ?? '')) return false;
  return tokens[place - 1]?.word === ',' || columnAt(tokens, place - 1, named) !== null;
}

/** Past a column's name or a mere courtesy. */
function skipped(tokens: readonly Token[], place: number, named: Named): number | null {
  return columnAt(tokens, place, named)?.end ?? phraseAt(tokens, place, POSSIBLY);
}

function endOfUnknown(tokens: readonly Token[], place: number, named: Named): number {
  let end = place;
  while (end < tokens.length) {
    const word = tokens[end]?.word ?? '';
    if (!/[\p{L}\p{N}]/u.test(word) || isKnownWord(word)) break;
    if (columnAt(tokens, end, named) !== null) break;
    end += 1;
  }
  return end;
}
