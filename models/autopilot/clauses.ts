/** Cuts what a person said into clauses and reads each by its words: what it asks for, or that it asks for nothing known. */

import { askPartOf, refusesToBeAsked } from './ask-words.ts';
import { columnAt, columnsBetween, listAfter, type Token, tokensOf } from './columns-named.ts';
import { findMetric, type NamedMetric } from './metrics-named.ts';

export interface Clause {
  text: string;
  /** A request to be asked before something is done; what it names is no order to do it. */
  ask: boolean;
  /** Wants to be asked no more. */
  askNothing: boolean;
  excluded: string[];
  /** Columns that are to stay in. */
  kept: string[];
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

const EXCLUDE_HEADS = phrases(
  'avoid|avoiding|exclude|excluding|drop|dropping|ignore|ignoring|remove|removing|omit|omitting|discard|discarding|disregard|disregarding|delete|deleting|skip|skipping|without|except|except for|apart from|get rid of|leave out|leaving out|leave aside|take out|throw out|throw away|filter out|stay away from|refrain from|do not use|dont use|do not include|dont include|do not consider|dont consider|do not take|dont take|not using|not use|not include|not including|never use|never include|never consider',
);
/** They leave out what stands between them and `out`. */
const AROUND = /^(leave|keep|take|throw|leaving|keeping)$/;
const KEEP_HEADS = phrases('keep|include|bring back|put back|restore|do use|do include|use again');
const ONLY_HEADS = phrases(
  'only use|use only|using only|only using|nothing but|use just|just use|use nothing but',
);
const ALL_BUT = phrases('except|except for|but|besides|apart from|other than');
const NEGATED = new Set(['not', 'never', 'dont', 'no', 'wont', 'cannot']);
const PARTICIPLE =
  /^(excluded|dropped|ignored|removed|avoided|omitted|discarded|disregarded|skipped|left|taken|kept|thrown)$/;
const STRONG_TARGET = /^(predict|predicts|predicting|prediction|target|forecast|forecasting)$/;
const WEAK_TARGET = /^(model|modelling|modeling|explain|estimate|classify|outcome|label)$/;
const TARGET_FILLERS = new Set([
  'the',
  'a',
  'an',
  'column',
  'variable',
  'of',
  'is',
  'should',
  'be',
  'will',
  'whether',
  'for',
  ':',
]);
const VERBS =
  "(?:leave|keep|take|throw|avoid|exclude|drop|ignore|remove|omit|discard|disregard|delete|skip|get rid|use|using|without|predict|forecast|judge|optimi[sz]e|choose|score|evaluate|measure|maximi[sz]e|minimi[sz]e|go on|go ahead|continue|proceed|carry on|include|do not|don['’]?t|never|make|train|fit|set|tune|try|write|split|treat|give|add|draw|plot|stop|tell|explain|model|target)";
const BOUNDARY = new RegExp(
  `(?:\\s*[,:–—]\\s*(?:(?:and|then|but|also|so)\\s+)*|\\s+(?:and|then|but)\\s+(?:(?:then|also)\\s+)*)(?=(?:please\\s+|also\\s+|then\\s+|just\\s+)*${VERBS}\\b)`,
  'iu',
);
const CONSENT =
  /^(?:(?:then|and|please|just|so|well|now)\s+)*(?:go on|go ahead|go for it|continue|proceed|carry on|ok|okay|yes|yep|yeah|sure|fine|agreed|alright|all right|good|great|perfect|looks good|sounds good|that is fine|thats fine|do it|do that|do so|of course|right|correct|approved?|thanks|thank you|please|hello|hi)(?:\s+(?:please|now|then|with (?:it|that|this)|as (?:you )?(?:proposed|planned)|thanks|thank you|very much|a lot|so far|all|everyone|autopilot|sounds good|looks good|go on|go ahead|do it|continue))*$/;

/** Every clause of what was said, in order; marks between sentences and clauses are left out. */
export function readClauses(said: string, columns: readonly string[]): Clause[] {
  return sentencesOf(said).flatMap((sentence) => readSentence(sentence, columns));
}

/** True when the clause was understood as something that is followed or refused by name. */
export function isUnderstood(clause: Clause): boolean {
  const { ask, askNothing, excluded, kept, only, target, metric, consent } = clause;
  const named = excluded.length + kept.length + only.length > 0;
  return ask || askNothing || named || target !== null || metric !== null || consent;
}

function sentencesOf(said: string): string[] {
  const pieces = said.split(/(?<=[.;!?])\s+|\n/).map((text) => text.trim());
  return pieces.filter((text) => /[\p{L}\p{N}]/u.test(text));
}

function readSentence(sentence: string, columns: readonly string[]): Clause[] {
  if (refusesToBeAsked(sentence)) return [{ ...NOTHING, text: sentence, askNothing: true }];
  const asking = askPartOf(sentence);
  if (asking === null) return readOrders(sentence, columns);
  const { before, after } = asking;
  const first = before === '' ? [] : readOrders(before, columns);
  const asked = (text: string): Clause => ({ ...NOTHING, text, ask: true });
  const rest = after === '' ? [] : readOrders(after, columns);
  // what leads to the request without a wish of its own ("For the metric, …") belongs to it
  if (!first.every(isUnderstood)) return [asked(sentence.slice(0, asking.end)), ...rest];
  return [...first, asked(asking.ask), ...rest];
}

/** The clauses of a sentence that asks for no question. */
function readOrders(text: string, columns: readonly string[]): Clause[] {
  const pieces: string[] = [];
  let rest = text;
  for (let from = 0; ; ) {
    const found = BOUNDARY.exec(rest.slice(from));
    if (found === null) break;
    const [start, end] = [from + found.index, from + found.index + found[0].length];
    if (start === 0 || isListed(rest.slice(end), columns)) {
      from = end;
      continue;
    }
    pieces.push(rest.slice(0, start));
    rest = rest.slice(end);
    from = 0;
  }
  return [...pieces, rest]
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece))
    .map((piece) => readClause(piece, columns));
}

/** True when a column is named like a verb and stands alone between marks: it is an item of a list. */
function isListed(rest: string, columns: readonly string[]): boolean {
  const item = rest.split(/[,.;]|\band\b/)[0] ?? '';
  const column = columnAt(tokensOf(item), 0, { columns, text: item });
  return column !== null && column.end === tokensOf(item).length;
}

function readClause(text: string, columns: readonly string[]): Clause {
  const clause: Clause = { ...NOTHING, text: text.trim(), metric: findMetric(text) };
  const tokens = tokensOf(text);
  readColumns(clause, tokens, { columns, text });
  readTarget(clause, tokens, { columns, text });
  const plain = tokens
    .map(({ word }) => word)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .join(' ');
  clause.consent = !isUnderstood(clause) && clause.unknownColumn === null && CONSENT.test(plain);
  return clause;
}

interface Named {
  columns: readonly string[];
  text: string;
}

/** Which columns are to go or to stay: after a verb, around "leave … out", or before "should be left out". */
function readColumns(clause: Clause, tokens: readonly Token[], named: Named): void {
  for (let place = 0; place < tokens.length; place += 1) {
    const only = phraseAt(tokens, place, ONLY_HEADS);
    const exclude = phraseAt(tokens, place, EXCLUDE_HEADS);
    const keep = phraseAt(tokens, place, KEEP_HEADS);
    const around = AROUND.test(tokens[place]?.word ?? '') ? outAfter(tokens, place) : null;
    if (only !== null) {
      clause.only = listAfter(tokens, only, named).names;
      return;
    }
    if (around !== null && exclude === null) {
      const negated = isNegated(tokens, place);
      const inside = listAfter(tokens.slice(0, around), place + 1, named);
      if (inside.ofRows) clause.ofRows = true;
      clause[negated ? 'kept' : 'excluded'] = inside.names;
      clause.unknownColumn =
        inside.unknown ?? (inside.names.length === 0 && !inside.ofRows ? clause.text : null);
      return;
    }
    if (exclude !== null) {
      readExclusion(clause, { tokens, place, after: exclude }, named);
      return;
    }
    if (keep !== null) {
      const but = tokens.findIndex((_token, at) => at >= keep && phraseAt(tokens, at, ALL_BUT) !== null);
      if (but >= 0 && /^(all|every|everything|each|any)$/.test(tokens[keep]?.word ?? '')) {
        readExclusion(clause, { tokens, place: but, after: phraseAt(tokens, but, ALL_BUT) ?? but }, named);
        return;
      }
      const { names } = listAfter(tokens, keep, named);
      if (names.length === 0) continue;
      if (isNegated(tokens, place)) clause.excluded = names;
      else clause.kept = names;
      return;
    }
    if (readPassive(clause, { tokens, place }, named)) return;
  }
}

function readExclusion(
  clause: Clause,
  at: { tokens: readonly Token[]; place: number; after: number },
  named: Named,
): void {
  const { tokens, place, after } = at;
  const first = tokens[after]?.word ?? '';
  const but = tokens.findIndex((_token, next) => next > after && phraseAt(tokens, next, ALL_BUT) !== null);
  if (/^(all|every|everything|any)$/.test(first) && but >= 0) {
    clause.only = listAfter(tokens, phraseAt(tokens, but, ALL_BUT) ?? but, named).names;
    return;
  }
  const list = listAfter(tokens, after, named);
  clause.ofRows = list.ofRows;
  clause.unknownColumn = list.unknown;
  if (isNegated(tokens, place)) clause.kept = list.names;
  else clause.excluded = list.names;
}

/** "… should be left out", "… must not be used", "with … excluded": the columns stand before it. */
function readPassive(
  clause: Clause,
  { tokens, place }: { tokens: readonly Token[]; place: number },
  named: Named,
): boolean {
  const word = tokens[place]?.word ?? '';
  const before = tokens[place - 1]?.word ?? '';
  const participle =
    PARTICIPLE.test(word) && (!/^(left|taken|kept|thrown)$/.test(word) || tokens[place + 1]?.word === 'out');
  const unused = /^(used|considered|included)$/.test(word);
  if (!participle && !unused) return false;
  if (/^(was|were|been|is|are|has|have|had)$/.test(before)) return false;
  const names = columnsBetween(tokens, { start: 0, end: place }, named);
  if (names.length === 0) return false;
  const negated = tokens.slice(0, place).some((token) => NEGATED.has(token.word));
  if (participle === negated) {
    clause.kept = names;
    return true;
  }
  if (unused && !negated) return false;
  clause.excluded = names;
  return true;
}

function readTarget(clause: Clause, tokens: readonly Token[], named: Named): void {
  if (clause.only.length > 0) return;
  const place = tokens.findIndex(({ word }) => STRONG_TARGET.test(word) || WEAK_TARGET.test(word));
  const strong = STRONG_TARGET.test(tokens[place]?.word ?? '');
  if (place < 0 || isNegated(tokens, place)) return;
  let from = place + 1;
  while (TARGET_FILLERS.has(tokens[from]?.word ?? '')) {
    if (columnAt(tokens, from, named) !== null) break;
    from += 1;
  }
  const end = strong ? tokens.length : from;
  const direct = columnAt(tokens, from, named);
  const after = direct === null ? columnsBetween(tokens, { start: from, end }, named) : [direct.name];
  const gone = [...clause.excluded, ...clause.kept];
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

/** The place of the "out" that belongs to a verb such as "leave", with what is left out in between. */
function outAfter(tokens: readonly Token[], place: number): number | null {
  const at = tokens.findIndex(({ word }, next) => next > place + 1 && /^(out|aside|away)$/.test(word));
  return at < 0 ? null : at;
}

/** The place after the longest of the phrases that begins at `place`; null when none does. */
function phraseAt(tokens: readonly Token[], place: number, heads: readonly string[][]): number | null {
  const found = heads.filter((head) => head.every((word, at) => tokens[place + at]?.word === word));
  const longest = Math.max(0, ...found.map((head) => head.length));
  return longest === 0 ? null : place + longest;
}

function phrases(text: string): string[][] {
  return text.split('|').map((phrase) => phrase.split(' '));
}

const NOTHING: Readonly<Clause> = {
  text: '',
  ask: false,
  askNothing: false,
  excluded: [],
  kept: [],
  only: [],
  unknownColumn: null,
  ofRows: false,
  target: null,
  unknownTarget: false,
  metric: null,
  consent: false,
};
