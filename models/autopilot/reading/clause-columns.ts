/** Which columns a clause wants to go or to stay. */

import * as requests from '../vocabulary/requests.ts';
import type { Clause } from './clause.ts';
import { columnAt, columnsBetween, listAfter, type Named, type Token } from './columns-named.ts';
import { isNegated, negates, phraseAt, phrases } from './phrases.ts';

const EXCLUDE_HEADS = phrases(requests.EXCLUDING);
const KEEP_HEADS = phrases(requests.KEEPING);
const ONLY_HEADS = phrases(requests.ONLY);
const SOMEONE_TO = phrases(requests.SOMEONE_TO);
const ALL_BUT = phrases(requests.ALL_BUT);
const AROUND = new Set(requests.AROUND);
const LEFT_OUT = new Set(requests.LEFT_OUT);
const WITH_OUT = new Set(requests.LEFT_WITH_OUT);
const AWAY = new Set(requests.AWAY);
const ALL = new Set(requests.ALL);
const USING = new Set(requests.USING);
const DONE = new Set(requests.DONE);
const ALONE = new Set(requests.ALONE);
const BUT_NOT = phrases(requests.BUT_NOT);
const IN_FIRST = ['included', 'excluded'] as const;
/** Words between a verb and its first column in which it may be denied. */
const MOST_BETWEEN = 6;

/** Where words stand that belong to a verb before them; found once for a clause, not once for each verb. */
class Marks {
  /** By place: where the next "out" is at or after it; null when there is none. */
  readonly #out: (number | null)[];
  /** By place: where the next "except" or its like begins at or after it. */
  readonly #but: (number | null)[];
  /** Where the first column ends that is named at all. */
  readonly firstColumn: number;
  readonly firstNegated: number;

  constructor(tokens: readonly Token[], named: Named) {
    this.#out = nextPlaces(tokens, ({ word }) => AWAY.has(word));
    this.#but = nextPlaces(tokens, (_token, at) => phraseAt(tokens, at, ALL_BUT) !== null);
    const first = tokens.findIndex((_token, at) => columnAt(tokens, at, named) !== null);
    this.firstColumn = first < 0 ? tokens.length + 1 : first;
    const negated = tokens.findIndex(negates);
    this.firstNegated = negated < 0 ? tokens.length : negated;
  }

  outAfter(place: number): number | null {
    return this.#out[place] ?? null;
  }

  butAfter(place: number): number | null {
    return this.#but[place] ?? null;
  }
}

function nextPlaces(
  tokens: readonly Token[],
  isOne: (token: Token, place: number) => boolean,
): (number | null)[] {
  const places: (number | null)[] = [];
  for (let place = tokens.length - 1, next: number | null = null; place >= 0; place -= 1) {
    if (isOne(tokens[place] as Token, place)) next = place;
    places[place] = next;
  }
  return places;
}

/** Which columns are to go or to stay: after a verb, around "leave … out", or before "should be left out". */
export function readColumns(clause: Clause, tokens: readonly Token[], named: Named): void {
  readVerbs(clause, tokens, named);
  readButNot(clause, tokens, named);
}

/** "Use fare but not age", "drop age, not fare": what is denied behind the list goes the other way. */
function readButNot(clause: Clause, tokens: readonly Token[], named: Named): void {
  const first = [...clause.excluded, ...clause.included][0];
  const place = tokens.findIndex((_token, at) => columnAt(tokens, at, named)?.name === first);
  for (let at = place + 1; first !== undefined && at < tokens.length; at += 1) {
    const after = phraseAt(tokens, at, BUT_NOT);
    const names = after === null ? [] : listAfter(tokens, after, named).names;
    if (names.length === 0) continue;
    const [one, other] = clause.excluded.length > 0 ? (['excluded', 'included'] as const) : IN_FIRST;
    clause[one] = clause[one].filter((name) => !names.includes(name));
    clause[other] = [...clause[other], ...names];
    return;
  }
}

function readVerbs(clause: Clause, tokens: readonly Token[], named: Named): void {
  const marks = new Marks(tokens, named);
  for (let place = 0; place < tokens.length; place += 1) {
    const allBut = ALL.has(tokens[place]?.word ?? '') ? phraseAt(tokens, place + 1, ALL_BUT) : null;
    if (allBut !== null && !isNegated(tokens, place)) {
      clause.excluded = listAfter(tokens, allBut, named).names;
      if (clause.excluded.length > 0) return;
    }
    const only = phraseAt(tokens, place, ONLY_HEADS);
    const exclude = excludesAt(tokens, place);
    const keep = phraseAt(tokens, place, KEEP_HEADS);
    const around = AROUND.has(tokens[place]?.word ?? '') ? marks.outAfter(place + 2) : null;
    if (only !== null) {
      clause.only = listAfter(tokens, only, named).names;
      return;
    }
    if (around !== null && exclude === null) {
      readAround(clause, { tokens, place, out: around }, named);
      return;
    }
    if (exclude !== null) {
      readExclusion(clause, { tokens, place, after: exclude, but: marks.butAfter(exclude + 1) }, named);
      return;
    }
    if (
      keep !== null &&
      readKeeping(clause, { tokens, place, after: keep, but: marks.butAfter(keep) }, named)
    )
      return;
    if (keep === null && readPassive(clause, { tokens, place, marks }, named)) return;
  }
}

/** The place after a verb that leaves out; "do not want you to use" only denies the verb behind it. */
function excludesAt(tokens: readonly Token[], place: number): number | null {
  const after = phraseAt(tokens, place, EXCLUDE_HEADS);
  return after !== null && phraseAt(tokens, after, SOMEONE_TO) !== null ? null : after;
}

/** "leave … out", with what is left out in between. */
function readAround(
  clause: Clause,
  { tokens, place, out }: { tokens: readonly Token[]; place: number; out: number },
  named: Named,
): void {
  const inside = listAfter(tokens.slice(0, out), place + 1, named);
  if (inside.ofRows) clause.ofRows = true;
  clause[isNegated(tokens, place) ? 'included' : 'excluded'] = inside.names;
  clause.unknownColumn = inside.unknown ?? (inside.names.length === 0 && !inside.ofRows ? clause.text : null);
}

interface Verb {
  tokens: readonly Token[];
  place: number;
  /** The place after the verb. */
  after: number;
  /** Where "except" or its like begins behind it; null when none does. */
  but: number | null;
}

function readKeeping(clause: Clause, { tokens, place, after, but }: Verb, named: Named): boolean {
  const first = tokens[after]?.word ?? '';
  if (but !== null && (ALL.has(first) || first === 'each')) {
    const rest = phraseAt(tokens, but, ALL_BUT) ?? but;
    readExclusion(clause, { tokens, place: but, after: rest, but: null }, named);
    return true;
  }
  const { names } = listAfter(tokens, after, named);
  if (names.length === 0) return false;
  if (isNegated(tokens, place) || isDeniedBefore(tokens, after, named)) clause.excluded = names;
  else if (ALONE.has(tokens.findLast(({ word }) => word !== 'please')?.word ?? '')) clause.only = names;
  else clause.included = names;
  return true;
}

/** True when something between the verb and the first column denies it: "use no age", "use all without age". */
function isDeniedBefore(tokens: readonly Token[], after: number, named: Named): boolean {
  for (let place = after; place < Math.min(tokens.length, after + MOST_BETWEEN); place += 1) {
    if (columnAt(tokens, place, named) !== null) return false;
    if (negates(tokens[place] as Token) || phraseAt(tokens, place, EXCLUDE_HEADS) !== null) return true;
  }
  return false;
}

function readExclusion(clause: Clause, { tokens, place, after, but }: Verb, named: Named): void {
  const first = tokens[after]?.word ?? '';
  if (ALL.has(first) && but !== null) {
    clause.only = listAfter(tokens, phraseAt(tokens, but, ALL_BUT) ?? but, named).names;
    return;
  }
  const list = listAfter(tokens, after, named);
  clause.ofRows = list.ofRows;
  clause.unknownColumn = isDeniedBefore(tokens, after, named) ? clause.text : list.unknown;
  if (isNegated(tokens, place)) clause.included = list.names;
  else clause.excluded = list.names;
}

/** "… should be left out", "… must not be used", "with … excluded": the columns stand before it. */
function readPassive(
  clause: Clause,
  { tokens, place, marks }: { tokens: readonly Token[]; place: number; marks: Marks },
  named: Named,
): boolean {
  if (marks.firstColumn >= place) return false;
  const word = tokens[place]?.word ?? '';
  const before = tokens[place - 1]?.word ?? '';
  const participle = LEFT_OUT.has(word) && (!WITH_OUT.has(word) || tokens[place + 1]?.word === 'out');
  const unused = USING.has(word);
  if (!participle && !unused) return false;
  if (DONE.has(before)) return false;
  const names = columnsBetween(tokens, { start: 0, end: place }, named);
  if (names.length === 0) return false;
  const negated = marks.firstNegated < place;
  if (participle === negated) {
    clause.included = names;
    return true;
  }
  if (unused && !negated) return false;
  clause.excluded = names;
  return true;
}
