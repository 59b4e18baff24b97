/**
 * Cuts what a person said into clauses, says what each is, and reads the orders among them. A question and a
 * supposition ask for nothing, whatever they name; what is in another language is not read at all.
 */

import { AFTER_CONSENT, CONSENT, OPENINGS } from '../vocabulary/consent.ts';
import { oneOf } from '../vocabulary/lines.ts';
import { COMPARING, CORRECTING, RETRACTING } from '../vocabulary/statements.ts';
import { CONDITIONS, COURTEOUS } from '../vocabulary/tails.ts';
import { askPartOf, refusesToBeAsked } from './ask-words.ts';
import {
  asksSomething,
  type Clause,
  type ClauseKind,
  changesSomething,
  isStopped,
  isUnderstood,
  NOTHING,
} from './clause.ts';
import { boundariesOf } from './clause-boundaries.ts';
import {
  type ColumnNames,
  columnAt,
  columnNames,
  columnsBetween,
  type Named,
  type Token,
} from './columns-named.ts';
import { isEnglishWord, isKnownWord } from './known-words.ts';
import { languageOf } from './language.ts';
import { phraseAt, phrases } from './phrases.ts';
import { readOrder } from './read-order.ts';
import { asksForRanked, asksOfRows, beginsWithThreshold } from './row-questions.ts';
import { type Part, partsOf } from './sentence-moods.ts';

const CONSENTS = new RegExp(`^(?:${oneOf(OPENINGS)}\\s+)*${oneOf(CONSENT)}(?:\\s+${oneOf(AFTER_CONSENT)})*$`);
const CORRECTIONS = phrases(CORRECTING);
const COMPARISONS = phrases(COMPARING);
const RETRACTED = phrases(RETRACTING);
const WHEN = phrases(CONDITIONS);
const POSSIBLY = phrases(COURTEOUS);

/** "1. …" at the beginning of a line. */
const NUMBERED = /(^|\n) ?\d{1,2}[.)] /g;
/** How the answer to the question for the target begins. */
const CHOSEN = 'predict ';
/** Characters of words that only say to go on. */
const LONGEST_CONSENT = 200;
/** Characters of words that only lead to an order. */
const LONGEST_LEADING = 60;

/**
 * Every clause of what was said, in order; marks between sentences and clauses are left out. Reading takes time in
 * proportion to what was said, however many columns there are: what is said is untrusted.
 */
export function readClauses(message: string, columns: readonly string[] | ColumnNames): readonly Clause[] {
  const names = Array.isArray(columns) ? columnNames(columns) : (columns as ColumnNames);
  const known = read.get(names) ?? new Map<string, readonly Clause[]>();
  const clauses = known.get(message) ?? clausesOf(message, names);
  if (known.size >= MOST_MESSAGES) known.clear();
  read.set(names, known.set(message, clauses));
  return clauses;
}

/** No column is known: what can be read without. */
export const NO_COLUMNS: readonly string[] = [];

/** Messages that are remembered as read, for a table: a turn asks for each several times. */
const MOST_MESSAGES = 64;
const read = new WeakMap<ColumnNames, Map<string, readonly Clause[]>>();

function clausesOf(message: string, names: ColumnNames): readonly Clause[] {
  const target = targetNamed(message, names);
  if (target !== null) return [{ ...NOTHING, text: message, kind: 'order', target }];
  const sentences = sentencesOf(message).map((text) => ({ text, language: languageOf(text, names) }));
  const foreign = sentences.some(({ language }) => language === 'other');
  let former: Clause[] = [];
  return sentences.flatMap(({ text, language }) => {
    // beside another language words that are of none, such as a metric's name, belong to it
    const isForeign = foreign && language !== 'english';
    former = isForeign ? [{ ...NOTHING, text, kind: 'language' }] : readSentence(text, names, former);
    return former;
  });
}

/** A column that was chosen by its own name, whatever words and marks that is made of. */
function targetNamed(message: string, { names }: ColumnNames): string | null {
  if (!message.startsWith(CHOSEN)) return null;
  const name = message.slice(CHOSEN.length).trim();
  return names.includes(name) ? name : null;
}

/** True for words that only ask: they choose nothing, whatever they name. */
export function asksOnly(text: string): boolean {
  const clauses = readClauses(text, NO_COLUMNS);
  return clauses.some(asksSomething) && clauses.every((clause) => asksSomething(clause) || clause.consent);
}

function sentencesOf(message: string): string[] {
  // one space for many: nothing is read twice over a run of them
  const pieces = message
    .replace(/[^\S\n]+/g, ' ')
    .replace(NUMBERED, '$1')
    .split(/(?<=[.;!?])\s|\n/)
    .map((text) => text.trim());
  return pieces.filter((text) => /[\p{L}\p{N}]/u.test(text));
}

/** @param former the clauses of the sentence before: what they order "it" may mean where this one names no other */
function readSentence(sentence: string, columns: ColumnNames, former: readonly Clause[]): Clause[] {
  const before = columnsIn(sentence, columns).length > 0 ? [] : columnsOrdered(former);
  return partsOf(sentence, columns).flatMap((part) => {
    const clauses = readPart(part, { columns, before });
    before.push(...columnsIn(part.text, columns));
    return clauses;
  });
}

/** The columns of a sentence that orders something of some and says nothing else. */
function columnsOrdered(clauses: readonly Clause[]): string[] {
  const ordered = clauses.flatMap(({ excluded, included }) => [...excluded, ...included]);
  return clauses.every(({ kind }) => kind === 'order' || kind === 'correction') ? [...new Set(ordered)] : [];
}

function columnsIn(text: string, columns: ColumnNames): string[] {
  const tokens = columns.tokens(text);
  return columnsBetween(tokens, { start: 0, end: tokens.length }, { columns, text });
}

/** What words are read against: the columns, and those that the sentence has named so far. */
interface Context {
  columns: ColumnNames;
  before: readonly string[];
}

function readPart(part: Part, context: Context): Clause[] {
  if (part.opened && part.mood !== 'order') return [readAsked(part, context)];
  if (refusesToBeAsked(part.text)) return [{ ...NOTHING, text: part.text, kind: 'order', askNothing: true }];
  const asking = askPartOf(part.text);
  if (asking === null)
    return part.mood === 'order' ? readRequests(part, context) : [readAsked(part, context)];
  const { before, after } = asking;
  const read = (text: string) => (text === '' ? [] : readRequests({ ...part, text }, context));
  const first = read(before);
  const asked = (text: string): Clause => ({ ...NOTHING, text, kind: 'order', ask: true });
  const rest = read(after);
  // what leads to the request without a wish of its own ("For the metric, …") belongs to it
  if (!first.every(isUnderstood)) return [asked(part.text.slice(0, asking.end)), ...rest];
  return [...first, asked(asking.ask), ...rest];
}

/** A question, a supposition or a statement: whatever it names, nothing is ordered. */
function readAsked({ text, mood, rest }: Part, context: Context): Clause {
  if (mood === 'statement') return { ...NOTHING, text };
  const tokens = context.columns.tokens(text);
  const kind: ClauseKind = holds(tokens, COMPARISONS) ? 'comparison' : 'question';
  if (mood === 'question') return { ...NOTHING, text, kind };
  const supposed = supposedIn(rest, context);
  return { ...NOTHING, text, kind: supposed === null ? kind : 'hypothetical', supposed };
}

/** What would be ordered, in all its parts; null when nothing would. */
function supposedIn(text: string, context: Context): Clause | null {
  const read = requestsIn(text, context.columns).flatMap((piece) => {
    const forms = ['supposed', 'supposed of'] as const;
    return forms.map((form) => readOrder({ text: piece, form }, context)).find(changesSomething) ?? [];
  });
  return read.length === 0 ? null : read.reduce(joinedOrders);
}

/** Two orders as one: what the later one does not say stays. */
function joinedOrders(one: Clause, other: Clause): Clause {
  const both = (key: 'excluded' | 'included' | 'only' | 'withoutModels') => [...one[key], ...other[key]];
  return {
    ...other,
    text: `${one.text}, ${other.text}`,
    excluded: both('excluded'),
    included: both('included'),
    only: both('only'),
    withoutModels: both('withoutModels'),
    target: other.target ?? one.target,
    metric: other.metric ?? one.metric,
    model: other.model ?? one.model,
    effort: other.effort ?? one.effort,
    undo: one.undo || other.undo,
    revoked: other.revoked ?? one.revoked,
    split: other.split ?? one.split,
    kinds: [...one.kinds, ...other.kinds],
    repeats: other.repeats ?? one.repeats,
    details: [...one.details, ...other.details],
  };
}

const holds = (tokens: readonly Token[], heads: ReturnType<typeof phrases>): boolean =>
  tokens.some((_token, place) => phraseAt(tokens, place, heads) !== null);

/** The clauses of a part that asks for no question. */
function readRequests({ text, polite }: Part, { columns, before }: Context): Clause[] {
  const named = new Set(before);
  const clauses: Clause[] = [];
  for (const piece of requestsIn(text, columns)) {
    const former = clauses.at(-1);
    // "split by time, using year": the second part says how
    const isHow = /^using\b/i.test(piece) && (former?.split ?? former?.unfollowed ?? null) !== null;
    if (isHow) clauses.pop();
    const whole = isHow ? `${former?.text}, ${piece}` : piece;
    const clause = readRequest(whole, { polite, columns, before: [...named] });
    if (isHow) {
      clauses.push(clause);
      continue;
    }
    clauses.push(former !== undefined && isCondition(former, columns) ? conditional(clause, former) : clause);
    for (const name of columnsIn(piece, columns)) named.add(name);
  }
  return withoutLeading(clauses, columns);
}

/** "If it leaks" stands before what hangs on it. */
function isCondition({ kind, text }: Clause, columns: ColumnNames): boolean {
  const tokens = columns.tokens(text);
  return kind === 'unclear' && phraseAt(tokens, 0, POSSIBLY) === null && phraseAt(tokens, 0, WHEN) !== null;
}

function conditional(clause: Clause, { text }: Clause): Clause {
  if (!changesSomething(clause) && !isStopped(clause)) return clause;
  return { ...NOTHING, text: clause.text, kind: 'order', condition: text };
}

/** The clauses, of which none only leads to the next one: "no, use …", "for this run, leave out …". */
function withoutLeading(clauses: readonly Clause[], columns: ColumnNames): Clause[] {
  const whole: Clause[] = [];
  for (const clause of clauses) {
    const former = whole.at(-1);
    const leads = former !== undefined && onlyLeads(former, columns);
    if (leads) whole.pop();
    if (!leads) whole.push(clause);
    else
      whole.push({ ...clause, text: `${former.text}, ${clause.text}`, ...retracted(former, whole, columns) });
  }
  return whole;
}

/** "Drop sex, no wait, drop age": the former order is taken back. */
function retracted({ text }: Clause, before: readonly Clause[], columns: ColumnNames): Partial<Clause> {
  const tokens = columns.tokens(text);
  const takesBack = phraseAt(tokens, 0, RETRACTED) === tokens.length && before.some(changesSomething);
  return takesBack ? { undo: true, kind: 'correction' } : {};
}

function onlyLeads({ kind, text }: Clause, columns: ColumnNames): boolean {
  if (kind !== 'unclear' || text.length > LONGEST_LEADING || columnsIn(text, columns).length > 0)
    return false;
  return columns
    .tokens(text)
    .every(({ word }) => isKnownWord(word) || isEnglishWord(word) || !/\p{L}/u.test(word));
}

function requestsIn(text: string, columns: ColumnNames): string[] {
  const pieces: string[] = [];
  const tokens = columns.tokens(text);
  let from = 0;
  let place = 0;
  for (const { start, end } of boundariesOf(text)) {
    while ((tokens[place]?.from ?? text.length) < end) place += 1;
    if (start <= from || isListed(tokens, place, { columns, text })) continue;
    pieces.push(text.slice(from, start));
    from = end;
  }
  return [...pieces, text.slice(from)].filter((piece) => /[\p{L}\p{N}]/u.test(piece));
}

/** True when a column is named like a verb and stands alone between marks: it is an item of a list. */
function isListed(tokens: readonly Token[], place: number, named: Named): boolean {
  const column = columnAt(tokens, place, named);
  if (column === null) return false;
  const after = tokens[column.end];
  if (after === undefined || [',', ';', 'and'].includes(after.word)) return true;
  return named.text.slice(tokens[column.end - 1]?.to, after.from).includes('.');
}

function readRequest(piece: string, { polite, ...context }: Context & { polite: boolean }): Clause {
  const text = piece.trim();
  const clause = readOrder({ text, form: polite ? 'polite' : 'plain' }, context);
  const tokens = context.columns.tokens(text);
  clause.consent = !isUnderstood(clause) && clause.kind === 'unclear' && isConsent(tokens);
  if (clause.consent) clause.kind = 'courtesy';
  else if (!changesSomething(clause) && isOfRows(clause, text, context.columns))
    return { ...NOTHING, text, kind: 'question' };
  else if (clause.kind === 'order' && (clause.undo || clause.swap || holds(tokens, CORRECTIONS)))
    clause.kind = 'correction';
  return clause;
}

/** "Average fare by class" and "age over 60" ask, without a word that says so. */
function isOfRows({ kind }: Clause, text: string, columns: ColumnNames): boolean {
  if (kind !== 'unclear') return asksForRanked(text);
  if (asksOfRows(text)) return true;
  const tokens = columns.tokens(text);
  const column = columnAt(tokens, 0, { columns, text });
  return column !== null && beginsWithThreshold(text.slice(tokens[column.end - 1]?.to));
}

function isConsent(tokens: readonly Token[]): boolean {
  const plain = tokens
    .map(({ word }) => word)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .join(' ');
  return plain.length <= LONGEST_CONSENT && CONSENTS.test(plain);
}
