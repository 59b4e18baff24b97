/**
 * What each part of a sentence is: an order, a question, a supposition, or a statement. Only orders become wishes.
 *
 * 1. The longest opening that stands at the beginning of a part decides; a question mark decides where none does.
 * 2. A part ends where, behind a joining mark or word, another opening begins.
 * 3. Reading takes time in proportion to the words: what is said is untrusted.
 */

import * as courtesiesWords from '../vocabulary/courtesies.ts';
import { FORMS } from '../vocabulary/forms.ts';
import * as vocabulary from '../vocabulary/moods.ts';
import * as requests from '../vocabulary/requests.ts';
import * as statements from '../vocabulary/statements.ts';
import { SUPPOSING } from '../vocabulary/supposing.ts';
import { COURTEOUS } from '../vocabulary/tails.ts';
import * as verbsWords from '../vocabulary/verbs.ts';
import type { ColumnNames, Token } from './columns-named.ts';
import { negates, type Phrases, phraseAt, phrases } from './phrases.ts';

export type Mood = 'order' | 'question' | 'supposition' | 'statement';

export interface Part {
  text: string;
  mood: Mood;
  /** An order in other words, whose verb may stand in another form: "would you mind leaving out …". */
  polite: boolean;
  /** The text after its opening: what is supposed or politely ordered. */
  rest: string;
  /** An opening says so, not only a mark at the end or a word inside. */
  opened: boolean;
}

const FILLERS = phrases(courtesiesWords.FILLERS);
type Kind = Mood | 'polite' | 'permission';
const OPENINGS: readonly [Phrases, Kind][] = [
  [phrases(courtesiesWords.POLITE), 'polite'],
  [phrases(courtesiesWords.POLITE_WITH_PLEASE), 'permission'],
  [phrases(SUPPOSING), 'supposition'],
  [phrases(vocabulary.ASKING), 'question'],
];
const PLEASE = new Set(courtesiesWords.PLEASE);
const TELLING = phrases(vocabulary.TELLING);
const ONLY_ASKED = new Set(vocabulary.ONLY_ASKED);
const IFS = new Set(vocabulary.IFS);
const POSSIBLY = phrases(COURTEOUS);
/** Words of "didn't you". */
const LONGEST_TAG = 3;
const RELATIVE = new Set(vocabulary.RELATIVE);
const EMBEDDED = phrases(vocabulary.EMBEDDED);
const TAGS = phrases(vocabulary.TAGS);
const SUBJECTS = new Set(statements.SUBJECTS);
const WANTING = phrases(statements.WANTING);
const VERBS = new Set(verbsWords.VERBS);
const TELLS = new Set(requests.DONE);
const DOING = new Set(FORMS.flatMap((pair) => pair.match(/^\w+ing\b/) ?? []));
const JOINING = new Set([...verbsWords.JOINING, 'or', ',', ';', ':', '/']);
/** Words that only soften between "could you" and what is to be told. */
const MOST_BETWEEN = 2;

interface Opening {
  kind: Kind;
  words: string;
  end: number;
}

/** The parts of a sentence, in order; together they are the sentence without what joins them. */
export function partsOf(sentence: string, columns: ColumnNames): Part[] {
  const tokens = columns.tokens(sentence);
  const asked = /\?\W*$/.test(sentence);
  const starts = [0];
  // "if we left it out, would it …": one supposition
  const whole = asked && IFS.has(openingAt(tokens, afterFillers(tokens))?.words ?? '');
  for (let place = whole ? tokens.length : 1; place < tokens.length; place += 1) {
    if (!JOINING.has(tokens[place - 1]?.word ?? '') && !isAfterDash(sentence, tokens, place)) continue;
    const opening = openingAt(tokens, place);
    if (opening === null || opening.end >= tokens.length || isTag(tokens, place)) continue;
    if ((RELATIVE.has(opening.words) || ONLY_ASKED.has(opening.words)) && !asked) continue;
    starts.push(place);
  }
  const pleads = isPleading(tokens.slice(starts.at(-1)));
  return starts.flatMap((start, at) => {
    const next = starts[at + 1];
    const last = next === undefined ? tokens.length : withoutJoining(tokens, start, next);
    if (last <= start) return [];
    const from = at === 0 ? 0 : (tokens[start]?.from ?? 0);
    const to = next === undefined ? sentence.length : (tokens[last - 1]?.to ?? 0);
    const part = tokens.slice(start, last);
    const isLed = asked && next !== undefined && leadsTo(tokens, start, next);
    const mood = isLed ? opened('question') : moodOf(part, asked && next === undefined, pleads);
    const text = sentence.slice(from, to).trim();
    return [{ text, rest: restOf(part, { sentence, to }) ?? text, ...mood }];
  });
}

/** "Boosting or linear, which one is better?": what orders nothing and ends with a comma belongs to the question. */
function leadsTo(tokens: readonly Token[], start: number, next: number): boolean {
  const orders = tokens.slice(start, next).some(({ word }) => VERBS.has(word) || word === 'no');
  return tokens[next - 1]?.word === ',' && !orders;
}

/** What follows the opening of a part that supposes; null for any other. */
function restOf(tokens: readonly Token[], { sentence, to }: { sentence: string; to: number }): string | null {
  const opening = openingAt(tokens, afterFillers(tokens));
  const next = tokens[opening?.end ?? tokens.length];
  const supposes = opening?.kind === 'supposition' || opening?.kind === 'permission';
  return supposes && next !== undefined ? sentence.slice(next.from, to).trim() : null;
}

function isAfterDash(sentence: string, tokens: readonly Token[], place: number): boolean {
  return /\s[–—-]\s*$/.test(sentence.slice(tokens[place - 1]?.to, tokens[place]?.from));
}

/** "…, didn't you", "…, isn't it". */
function isTag(tokens: readonly Token[], place: number): boolean {
  return place >= tokens.length - LONGEST_TAG && SUBJECTS.has(tokens.at(-1)?.word ?? '');
}

function withoutJoining(tokens: readonly Token[], start: number, end: number): number {
  let last = end;
  while (last > start && JOINING.has(tokens[last - 1]?.word ?? '')) last -= 1;
  return last;
}

/** "Could we …, and would you … please": the word speaks for the whole sentence. */
function isPleading(tokens: readonly Token[]): boolean {
  const kind = openingAt(tokens, afterFillers(tokens))?.kind;
  return kind === 'permission' && PLEASE.has(tokens.findLast(({ word }) => /\w/.test(word))?.word ?? '');
}

type Reading = Omit<Part, 'text' | 'rest'>;

function moodOf(tokens: readonly Token[], asked: boolean, pleads: boolean): Reading {
  const start = afterFillers(tokens);
  const opening = openingAt(tokens, start);
  const please = tokens.some(({ word }) => PLEASE.has(word));
  if (opening?.kind === 'polite' || (opening?.kind === 'permission' && (please || pleads)))
    return isTelling(tokens, opening.end) ? opened('question') : { ...opened('order'), polite: true };
  if (opening?.kind === 'permission') return opened('supposition');
  if (opening !== null && (asked || !ONLY_ASKED.has(opening.words))) return opened(opening.kind as Mood);
  if (hasQuestionInside(tokens)) return { ...opened('question'), opened: false };
  const subject = SUBJECTS.has(tokens[start]?.word ?? '');
  const isStatement =
    (subject && phraseAt(tokens, start + 1, WANTING) === null) || isAboutDoing(tokens, start);
  if (asked && isStatement) return { ...opened('question'), opened: false };
  if (asked && !please && !isTagged(tokens)) return { ...opened('supposition'), opened: false };
  return { ...opened(isStatement ? 'statement' : 'order'), opened: false };
}

const opened = (mood: Mood): Reading => ({ mood, polite: false, opened: true });

/** "Leaving out age was a mistake" tells of it. */
function isAboutDoing(tokens: readonly Token[], start: number): boolean {
  return DOING.has(tokens[start]?.word ?? '') && tokens.some(({ word }) => TELLS.has(word));
}

/** "I do not see why …" asks; "predict whether …" orders. */
function hasQuestionInside(tokens: readonly Token[]): boolean {
  const inside = tokens.findIndex((_token, place) => phraseAt(tokens, place, EMBEDDED) !== null);
  return inside >= 0 && !tokens.slice(0, inside).some((token) => VERBS.has(token.word) && !negates(token));
}

function afterFillers(tokens: readonly Token[]): number {
  let place = 0;
  while (place < tokens.length) {
    const courtesy = phraseAt(tokens, place, POSSIBLY);
    if (courtesy === null && openingAt(tokens, place) !== null) break;
    const after = courtesy ?? phraseAt(tokens, place, FILLERS);
    if (after === null) break;
    place = after;
  }
  return place;
}

/** The longest opening at a place. "Do" and "have" before a verb or "not" begin an order: "do use it". */
function openingAt(tokens: readonly Token[], place: number): Opening | null {
  let found: Opening | null = null;
  for (const [heads, kind] of OPENINGS) {
    const end = phraseAt(tokens, place, heads);
    if (end === null || end <= (found?.end ?? 0)) continue;
    const words = tokens
      .slice(place, end)
      .map(({ word }) => word)
      .join(' ');
    found = { kind, words, end };
  }
  return found;
}

function isTelling(tokens: readonly Token[], place: number): boolean {
  for (let at = place; at <= place + MOST_BETWEEN; at += 1) {
    if (phraseAt(tokens, at, TELLING) !== null) return true;
    if (VERBS.has(tokens[at]?.word ?? '')) return false;
  }
  return false;
}

/** True where the last words before the question mark only soften: "drop age, ok?". */
function isTagged(tokens: readonly Token[]): boolean {
  return [1, 2, 3].some((size) => {
    const place = tokens.length - size;
    return place > 0 && phraseAt(tokens, place, TAGS) === tokens.length;
  });
}
