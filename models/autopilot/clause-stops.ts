/** What stops an order: a word that is not known, or a condition. A reason that follows it says nothing of it. */

import { columnAt, type Named, type Token } from './columns-named.ts';
import { isKnownWord } from './known-words.ts';
import { phraseAt, phrases } from './phrases.ts';
import { POLITE } from './vocabulary/moods.ts';
import { CONDITIONS, COURTEOUS, REASONS } from './vocabulary/tails.ts';

const WHEN = phrases(CONDITIONS);
const POSSIBLY = phrases([...COURTEOUS, ...POLITE]);
const WHY = phrases(REASONS);

export interface Stop {
  unknown: string | null;
  condition: string | null;
}

/** Why the order that the tokens are cannot be followed as it stands; both null when it can. */
export function stopOf(tokens: readonly Token[], named: Named): Stop {
  for (let place = 0; place < tokens.length; ) {
    const next = skipped(tokens, place, named);
    if (next !== null) {
      place = next;
      continue;
    }
    if (place > 0 && phraseAt(tokens, place, WHY) !== null) break;
    const from = tokens[place]?.from ?? 0;
    if (phraseAt(tokens, place, WHEN) !== null)
      return { unknown: null, condition: named.text.slice(from).trim() };
    const end = endOfUnknown(tokens, place, named);
    if (end > place) return { unknown: named.text.slice(from, tokens[end - 1]?.to), condition: null };
    place += 1;
  }
  return { unknown: null, condition: null };
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
