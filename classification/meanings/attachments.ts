/**
 * Which terms mean what: patterns, value lists and pairs name a meaning ("an e-mail address"), and it is sought in what
 * a vocabulary says of its terms. So any vocabulary is served, and each attachment has its reason.
 *
 * A description counts by its head alone: "E-mail address of a person" is an e-mail address, "Whether the e-mail
 * address was verified" and "Domain of an e-mail address" are not.
 */

import type { AttachmentChange } from '../../core/classification/records.ts';
import { tokensOf, wordsKey } from '../names/tokens.ts';
import { type Concepts, conceptsOf, SHADOW } from '../similarity/concepts.ts';
import { labelParts } from '../vocabulary/label-parts.ts';
import type { Term, Vocabulary } from '../vocabulary/vocabulary.ts';

export interface Attachment {
  meaning: string;
  /** Code of a leaf. */
  code: string;
  /** What of the term says so, in words. */
  reason: string;
  /** Place of the phrase among those of the meaning: 0 is the plainest. */
  rank: number;
}

/** Phrases by meaning. */
export type Meanings = Readonly<Record<string, readonly string[]>>;

const ARTICLES = new Set(['a', 'an', 'the', 'any', 'one']);
/** What comes behind one of these only says more of what stands before. */
const HEAD_ENDS = new Set([
  ...[
    'of',
    'for',
    'that',
    'which',
    'to',
    'in',
    'at',
    'by',
    'from',
    'used',
    'under',
    'with',
    'as',
    'on',
    'where',
  ],
  ...['when', 'whose', 'such', 'who', 'given', 'is', 'are', 'was'],
]);
/** What begins so tells of a fact about a thing. */
const ASKING = new Set(['whether', 'if', 'how', 'when', 'why', 'where', 'who']);
const LONGEST_HEAD = 12;

export interface MeaningWords {
  meanings: Meanings;
  /** Words that say at the end of a label by themselves what a thing is. */
  heads: ReadonlySet<string>;
  concepts: Concepts;
}

/** What stands otherwise, and what only ends so, comes behind what is called just so. */
const OTHER_WORDS = 20;
const ENDS_SO = 40;
const NEAR = 60;

/** The text of a term that is nearest to a phrase; null where none is near. */
export type NearestText = (phrase: string) => { code: string; text: string } | null;
/** Of a meaning's phrases so many, the plainest, are sought by nearness. */
const PLAINEST_PHRASES = 3;

/** Of each meaning the leaves that have it, in the order of the vocabulary. */
export function attach(
  vocabulary: Vocabulary,
  { meanings, heads, concepts }: MeaningWords,
  nearest: NearestText,
): Map<string, Attachment[]> {
  const leaves = vocabulary.frame.leaves.flatMap((code) => vocabulary.terms.get(code) ?? []);
  const found = new Map(Object.keys(meanings).map((meaning): [string, Attachment[]] => [meaning, []]));
  const reading: Reading = {
    ...{ heads, concepts },
    byPhrase: meaningsByPhrase(meanings, wordsKey),
    byConcepts: meaningsByPhrase(meanings, (phrase) => conceptKey(concepts, phrase)),
  };
  for (const term of leaves)
    for (const [meaning, { reason, rank }] of meaningsOf(term, reading))
      found.get(meaning)?.push({ meaning, code: term.code, reason, rank });
  const plain = new Set(
    [...found.values()].flatMap((attached) => attached.filter(isPlain).map(({ code }) => code)),
  );
  return new Map(
    [...found].map(([meaning, attached]) => {
      // what is one thing plainly is not another because its label ends so: a civil status is no status
      const own = plainestWay(attached).filter(({ rank, code }) => rank < ENDS_SO || !plain.has(code));
      if (own.some(isPlain)) return [meaning, own];
      const near = nearTo(meaning, meanings[meaning] ?? [], nearest).filter(({ code }) => !plain.has(code));
      return [meaning, near.length > 0 ? near : own];
    }),
  );
}

/** The attachments as people want them; a change of a term that the vocabulary does not have is left aside. */
export function withChanges(
  found: ReadonlyMap<string, readonly Attachment[]>,
  { frame }: Vocabulary,
  changes: readonly AttachmentChange[],
): Map<string, readonly Attachment[]> {
  const changed = new Map(found);
  const leaves = new Set(frame.leaves);
  for (const { meaning, code, change } of changes) {
    const known = changed.get(meaning);
    if (known === undefined || !leaves.has(code)) continue;
    const others = known.filter((each) => each.code !== code);
    if (change === 'detach') changed.set(meaning, others);
    else if (others.length === known.length)
      changed.set(meaning, [...known, { meaning, code, reason: BY_A_PERSON, rank: 0 }]);
  }
  return changed;
}

const BY_A_PERSON = 'a person attached it';

function nearTo(meaning: string, phrases: readonly string[], nearest: NearestText): Attachment[] {
  for (const phrase of phrases.slice(0, PLAINEST_PHRASES)) {
    const found = nearest(phrase);
    if (found !== null)
      return [{ meaning, code: found.code, reason: `"${found.text}" is near to "${phrase}"`, rank: NEAR }];
  }
  return [];
}

/** Whether a term is called so, or by another word for it. */
export const isPlain = ({ rank }: Attachment): boolean => rank < ENDS_SO;

type RankedMeaning = Pick<Attachment, 'meaning' | 'rank'>;
type Found = Pick<Attachment, 'reason' | 'rank'>;

/** What is called just so before what is called otherwise, and that before what only ends so. */
function plainestWay(attached: readonly Attachment[]): Attachment[] {
  const bound = [OTHER_WORDS, ENDS_SO].find((each) => attached.some(({ rank }) => rank < each));
  return attached.filter(({ rank }) => bound === undefined || rank < bound);
}

interface Reading {
  byPhrase: ReadonlyMap<string, RankedMeaning[]>;
  byConcepts: ReadonlyMap<string, RankedMeaning[]>;
  heads: ReadonlySet<string>;
  concepts: Concepts;
}

const conceptKey = (concepts: Concepts, text: string): string =>
  conceptsOf(concepts, tokensOf(text))
    .filter((word) => !word.startsWith(SHADOW) && !HEAD_ENDS.has(word) && !ARTICLES.has(word))
    .sort()
    .join('');

function meaningsByPhrase(
  meanings: Meanings,
  keyOf: (phrase: string) => string,
): ReadonlyMap<string, RankedMeaning[]> {
  const found = new Map<string, RankedMeaning[]>();
  for (const [meaning, phrases] of Object.entries(meanings))
    for (const [rank, key] of [...new Set(phrases.map(keyOf))].entries())
      found.set(key, [...(found.get(key) ?? []), { meaning, rank }]);
  return found;
}

/** Each meaning of a term with the first reason that is found, the plainest first. */
function meaningsOf(term: Term, { byPhrase, byConcepts, heads, concepts }: Reading): Map<string, Found> {
  const found = new Map<string, Found>();
  const add = (meant: readonly RankedMeaning[], reason: string, behind = 0): void => {
    for (const { meaning, rank } of meant) {
      const known = found.get(meaning);
      const place = Math.min(known?.rank ?? rank + behind, rank + behind);
      found.set(meaning, { reason: known?.reason ?? reason, rank: place });
    }
  };
  const take = (phrases: readonly string[], reason: string): void =>
    add(
      phrases.flatMap((phrase) => byPhrase.get(phrase) ?? []),
      reason,
    );
  take([wordsKey(term.label)], `its label is "${term.label}"`);
  const parts = labelParts(term.label);
  for (const part of parts) take([wordsKey(part)], `its label says "${part}"`);
  for (const name of term.commonNames) take([wordsKey(name)], `it is also called "${name}"`);
  for (const name of term.abbreviations) take([wordsKey(name)], `its abbreviation is "${name}"`);
  take(endsOf(tokensOf(term.label)), `its label ends so: "${term.label}"`);
  take(endsOf(headOf(term.description)), `it is described as "${shortened(term.description)}"`);
  for (const name of [term.label, ...parts, ...term.commonNames]) {
    const meant = byConcepts.get(conceptKey(concepts, name)) ?? [];
    add(meant, `"${name}" is another word for it`, OTHER_WORDS);
  }
  for (const words of endsBefore(term.label)) {
    const last = words.at(-1) ?? '';
    const meant = [
      ...(byPhrase.get(words.join('')) ?? []),
      ...(heads.has(last) ? (byPhrase.get(last) ?? []) : []),
    ];
    add(meant, `its label ends so: "${term.label}"`, ENDS_SO);
  }
  return found;
}

/** They say nothing at the end of a label. */
const TAILS = new Set([
  'code',
  'value',
  'name',
  'reading',
  'number',
  'coordinate',
  'string',
  'text',
  'field',
  'measurement',
]);

/** A label's words, without what is in brackets, and without an end that says nothing; none of one with "of" in it. */
function endsBefore(label: string): (readonly string[])[] {
  const words = tokensOf(label.replace(/[([].*$/, ''));
  if (words.length === 0 || words.some((word) => HEAD_ENDS.has(word))) return [];
  const isTail = words.length > 1 && TAILS.has(words.at(-1) ?? '');
  return isTail ? [words, words.slice(0, -1)] : [words];
}

/**
 * The words of a description up to where it only says more; none where that leaves one: "Country that …" is no
 * country.
 */
function headOf(description: string): string[] {
  const [clause = ''] = description.split(/[.,;:(]/, 1);
  const words = tokensOf(clause);
  const first = words.findIndex((word) => !ARTICLES.has(word));
  const head = words.slice(Math.max(0, first));
  if (ASKING.has(head[0] ?? '')) return [];
  const end = head.findIndex((word) => HEAD_ENDS.has(word));
  if (end === -1) return head.slice(0, LONGEST_HEAD);
  return end === 1 ? [] : head.slice(0, Math.min(end, LONGEST_HEAD));
}

/** Every end of two words or more: one word at the end is too little to say what a thing is. */
const endsOf = (words: readonly string[]): string[] =>
  words.length === 1 ? [...words] : words.slice(0, -1).map((_, at) => words.slice(at).join(''));

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
