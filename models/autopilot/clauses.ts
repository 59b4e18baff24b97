/**
 * Cuts what a person said into clauses and reads each by its words: what it asks for, or that it asks for nothing
 * known.
 */

import { askPartOf, refusesToBeAsked } from './ask-words.ts';
import { boundariesOf } from './clause-boundaries.ts';
import {
  type ColumnNames,
  columnAt,
  columnNames,
  columnsBetween,
  listAfter,
  type Named,
  type Token,
  tokensOf,
} from './columns-named.ts';
import { findMetric, type NamedMetric } from './metrics-named.ts';
import { AFTER_CONSENT, CONSENT, OPENINGS } from './vocabulary/consent.ts';
import { oneOf } from './vocabulary/lines.ts';
import * as requests from './vocabulary/requests.ts';

export interface Clause {
  text: string;
  /** A request to be asked before something is done; what it names is not to be done. */
  ask: boolean;
  /** Wants to be asked no more. */
  askNothing: boolean;
  excluded: string[];
  /** Columns that are to stay in. */
  included: string[];
  /** Columns that alone are to be used. */
  only: string[];
  /** Words where a column should be named and none is known; null when there are none. */
  unknownColumn: string | null;
  /** Asks to do something to rows or values, which is not followed. */
  ofRows: boolean;
  target: string | null;
  /** A column is to be predicted, but none that is known is named. */
  unknownTarget: boolean;
  metric: NamedMetric | null;
  /** Says to go on, or is mere courtesy. */
  consent: boolean;
}

const EXCLUDE_HEADS = phrases(requests.EXCLUDING);
const KEEP_HEADS = phrases(requests.KEEPING);
const ONLY_HEADS = phrases(requests.ONLY);
const ALL_BUT = phrases(requests.ALL_BUT);
const AROUND = new Set(requests.AROUND);
const NEGATED = new Set(requests.NEGATIONS);
const LEFT_OUT = new Set(requests.LEFT_OUT);
const WITH_OUT = new Set(requests.LEFT_WITH_OUT);
const AWAY = new Set(requests.AWAY);
const ALL = new Set(requests.ALL);
const USING = new Set(requests.USING);
const DONE = new Set(requests.DONE);
const STRONG_TARGET = new Set(requests.PREDICTING);
const WEAK_TARGET = new Set(requests.MODELLING);
const TARGET_FILLERS = new Set(requests.BEFORE_A_TARGET);
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

/** True when the clause was understood as something that is followed or refused by name. */
export function isUnderstood(clause: Clause): boolean {
  const { ask, askNothing, excluded, included, only, target, metric, consent } = clause;
  const named = excluded.length + included.length + only.length > 0;
  return ask || askNothing || named || target !== null || metric !== null || consent;
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
    const negated = tokens.findIndex(({ word }) => NEGATED.has(word));
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
function readColumns(clause: Clause, tokens: readonly Token[], named: Named): void {
  const marks = new Marks(tokens, named);
  for (let place = 0; place < tokens.length; place += 1) {
    const only = phraseAt(tokens, place, ONLY_HEADS);
    const exclude = phraseAt(tokens, place, EXCLUDE_HEADS);
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
  if (isNegated(tokens, place)) clause.excluded = names;
  else clause.included = names;
  return true;
}

function readExclusion(clause: Clause, { tokens, place, after, but }: Verb, named: Named): void {
  const first = tokens[after]?.word ?? '';
  if (ALL.has(first) && but !== null) {
    clause.only = listAfter(tokens, phraseAt(tokens, but, ALL_BUT) ?? but, named).names;
    return;
  }
  const list = listAfter(tokens, after, named);
  clause.ofRows = list.ofRows;
  clause.unknownColumn = list.unknown;
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

function readTarget(clause: Clause, tokens: readonly Token[], named: Named): void {
  if (clause.only.length > 0) return;
  const place = tokens.findIndex(({ word }) => STRONG_TARGET.has(word) || WEAK_TARGET.has(word));
  const strong = STRONG_TARGET.has(tokens[place]?.word ?? '');
  if (place < 0 || isNegated(tokens, place)) return;
  let from = place + 1;
  while (TARGET_FILLERS.has(tokens[from]?.word ?? '')) {
    if (columnAt(tokens, from, named) !== null) break;
    from += 1;
  }
  const end = strong ? tokens.length : from;
  const direct = columnAt(tokens, from, named);
  const after = direct === null ? columnsBetween(tokens, { start: from, end }, named) : [direct.name];
  const gone = [...clause.excluded, ...clause.included];
  const before = strong ? columnsBetween(tokens, { start: 0, end: place }, named) : [];
  clause.target = [...after, ...before].find((name) => !gone.includes(name)) ?? null;
  clause.unknownTarget =
    strong &&
    clause.target === null &&
    clause.text.length > 0 &&
    /^predict|^forecast/.test(tokens[place]?.word ?? '');
}

function isNegated(tokens: readonly Token[], place: number): boolean {
  return tokens.slice(Math.max(0, place - 2), place).some(({ word }) => NEGATED.has(word));
}

type Phrases = ReadonlyMap<string, readonly string[][]>;

/** The place after the longest of the phrases that begins at `place`; null when none does. */
function phraseAt(tokens: readonly Token[], place: number, heads: Phrases): number | null {
  const found = heads
    .get(tokens[place]?.word ?? '')
    ?.filter((head) => head.every((word, at) => tokens[place + at]?.word === word));
  const longest = Math.max(0, ...(found ?? []).map((head) => head.length));
  return longest === 0 ? null : place + longest;
}

/** Phrases by their first word. */
function phrases(words: readonly string[]): Phrases {
  const list = words.map((phrase) => phrase.split(' '));
  const byFirst = new Map<string, string[][]>();
  for (const phrase of list) {
    const [first = ''] = phrase;
    byFirst.set(first, [...(byFirst.get(first) ?? []), phrase]);
  }
  return byFirst;
}

const NOTHING: Readonly<Clause> = {
  text: '',
  ask: false,
  askNothing: false,
  excluded: [],
  included: [],
  only: [],
  unknownColumn: null,
  ofRows: false,
  target: null,
  unknownTarget: false,
  metric: null,
  consent: false,
};
