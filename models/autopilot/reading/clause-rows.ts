/** What a clause orders of rows and kinds: how rows are dealt, what becomes of repeats, as what a column is read. */

import * as corrections from '../vocabulary/corrections.ts';
import * as requests from '../vocabulary/requests.ts';
import type { Clause } from './clause.ts';
import { columnsBetween, type Named, type Token } from './columns-named.ts';
import { isNegated, phraseAt, phrases } from './phrases.ts';

const DEALS = phrases(corrections.DEALING);
const TIME = phrases(corrections.BY_TIME);
const RANDOM = phrases(corrections.AT_RANDOM);
const REPEATED = phrases(corrections.REPEATED);
const EXCLUDES = phrases([...requests.EXCLUDING, ...requests.AROUND]);
const KEEPS = phrases(requests.KEEPING);
const AS_KIND = new Set(corrections.OF_KIND);
const IS_KIND = new Set(corrections.KINDS);
const KIND_OF = new Map(corrections.KIND_WORDS.map((pair) => pair.split(' ') as [string, string]));
const SPLITS = /^(?:split|stratif|fold)/;

/** Reads them into the clause; what is ordered and not understood is `unfollowed`. */
export function readRows(clause: Clause, tokens: readonly Token[], named: Named): void {
  if (readKind(clause, tokens, named) || readRepeats(clause, tokens, named)) return;
  const at = tokens.findIndex((_token, place) => phraseAt(tokens, place, DEALS) !== null);
  const columns = columnsBetween(tokens, { start: 0, end: tokens.length }, named);
  if (at < 0 || (columns.length === 0 && !tokens.some(({ word }) => SPLITS.test(word)))) return;
  const [column = null, ...others] = columns;
  const says = (heads: ReturnType<typeof phrases>) =>
    tokens.some((_token, place) => phraseAt(tokens, place, heads) !== null);
  const isDenied = SPLITS.test(tokens[at]?.word ?? '') && isNegated(tokens, at);
  const strategy = says(TIME) ? 'time' : column === null && says(RANDOM) ? 'random' : 'group';
  if (isDenied || others.length > 0 || (strategy === 'group' && column === null)) clause.unfollowed = 'split';
  else clause.split = { strategy, by: column };
}

/** "Treat pclass as a category", "year is categorical, not a number". */
function readKind(clause: Clause, tokens: readonly Token[], named: Named): boolean {
  const places = tokens.flatMap(({ word }, place) =>
    IS_KIND.has(word) && AS_KIND.has(tokens[place - 1]?.word ?? '') ? [place] : [],
  );
  if (places.length === 0) return false;
  const columns = columnsBetween(tokens, { start: 0, end: tokens.length }, named);
  if (columns.length === 0) return false;
  const meant = places.find((place) => !isNegated(tokens, place));
  const kind = KIND_OF.get(tokens[meant ?? -1]?.word ?? '');
  if (kind === undefined) clause.unfollowed = 'column kind';
  else clause.kinds = columns.map((column) => ({ column, kind }));
  return true;
}

/** "Keep the repeats", "drop duplicate rows". */
function readRepeats(clause: Clause, tokens: readonly Token[], named: Named): boolean {
  if (!tokens.some((_token, place) => phraseAt(tokens, place, REPEATED) !== null)) return false;
  if (columnsBetween(tokens, { start: 0, end: tokens.length }, named).length > 0) return false;
  const keeps = tokens.findIndex((_token, place) => phraseAt(tokens, place, KEEPS) !== null);
  const drops = tokens.findIndex((_token, place) => phraseAt(tokens, place, EXCLUDES) !== null);
  const verb = keeps >= 0 ? keeps : drops;
  if (verb < 0) return false;
  clause.repeats = keeps >= 0 !== isNegated(tokens, verb) ? 'keep' : 'drop';
  return true;
}

/** True where the clause orders something of rows or kinds: what else it names belongs to that. */
export const isOfRows = ({ split, kinds, repeats }: Clause): boolean =>
  split !== null || kinds.length > 0 || repeats !== null;
