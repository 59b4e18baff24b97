/**
 * What all values of a column together look like where no strong form has settled it: forms that are weak in one value
 * and telling in every one, kinds of names by their words, ranges of numbers, prefixes of identifiers, dates.
 *
 * 1. Each says how much it may give at most; what speaks at once shares it.
 * 2. A shape that no term of the vocabulary means keeps its share, which is then not known.
 */

import { combine } from '../../core/evidence/combine.ts';
import { EMPTY, type Frame, type SetId } from '../../core/evidence/frame.ts';
import { type MassFunction, massFunction, vacuous } from '../../core/evidence/mass.ts';
import type { BoundedColumn } from '../column.ts';
import { type Evidence, isEvidence, type Signal } from '../evidence.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Attachment } from '../meanings/attachments.ts';
import { leavesOfType } from '../meanings/type-evidence.ts';
import type { NameReader } from '../names/name-match.ts';
import { tokensOf } from '../names/tokens.ts';
import { labelOf, type Vocabulary } from '../vocabulary/vocabulary.ts';
import { dateShapes } from './date-shapes.ts';
import { againstNames } from './expected-forms.ts';
import { fitShapes } from './fit-shapes.ts';
import { identifierShapes } from './identifier-shapes.ts';
import { areFlags, kindShapes } from './kind-shapes.ts';
import { likelyNumbers } from './numbers.ts';
import { personShapes } from './person-shapes.ts';
import type { FoundShape, ShapeReader, TermKind } from './shape.ts';
import { shareFrom } from './share.ts';
import { TEXT_FORMS } from './text-forms.ts';
import { isOfKind, rememberedWords } from './word-kinds.ts';

/** Of the values so many must have a form that is weak in one. */
const NEARLY_ALL = 0.75;
const LEAST_VALUES = 2;
const TRUST_IN_CLEAR = 0.45;
const TRUST_IN_NUMBERS = 0.45;
/** Where a column is called something, that says better which number it is. */
const TRUST_IN_NAMED_NUMBERS = 0.2;
const MOST = 0.85;
const MOST_REASONS = 4;
/** Labels of identifiers have one of these. */
const IDENTIFYING = new Set(['identifier', 'id', 'number', 'code', 'key']);
/** Of these such that have digits. */
const NUMBERED = new Set(['identifier', 'id', 'number']);

export interface KnownOfValues {
  patterns: readonly Signal[];
  lists: readonly Signal[];
  /** Whether the column is called something that is known. */
  isNamed: boolean;
  /** Whether a term is called just so. */
  isCalled: boolean;
  /** The leaf that names speak for most; EMPTY for none. */
  named: SetId;
  /** All leaves that names speak for, by number. */
  called: readonly number[];
}

export function shapeEvidence(reader: ShapeReader, column: BoundedColumn, known: KnownOfValues): Evidence {
  const clear = areFlags(column.common) ? [] : clearSignals(reader, known);
  const found = [
    ...(clear.length > 0 || column.common.length < LEAST_VALUES ? clear : shapesOf(reader, column, known)),
    ...againstNames(reader, column, known.called),
  ];
  const { frame } = reader.vocabulary;
  if (!found.some(({ sets }) => sets.length > 0))
    return {
      source: 'shape',
      mass: vacuous(frame),
      reasons: ['Its values together look like nothing that is known.'],
    };
  const kinds = found.filter(({ isKind }) => isKind).map((kind) => massOf(frame, [kind], 1));
  const guessed = massOf(
    frame,
    found.filter(({ isKind }) => !isKind),
  );
  return {
    source: 'shape',
    mass: combine('dempster', [guessed, ...kinds]).mass,
    reasons: found
      .sort((a, b) => b.strength - a.strength)
      .slice(0, MOST_REASONS)
      .map((each) => reasonOf(reader.vocabulary, each)),
  };
}

/** Together they give what each would add to the others; each has its part of it, and its sets share that. */
function massOf(frame: Frame, shapes: readonly FoundShape[], bound = MOST): MassFunction {
  const total = shapes.reduce((sum, { strength }) => sum + strength, 0);
  const none = shapes.reduce((product, { strength }) => product * (1 - strength), 1);
  const most = Math.min(bound, 1 - none);
  return massFunction(
    frame,
    shapes.flatMap(({ sets, strength }) =>
      sets.map((set): [SetId, number] => [set, (most * strength) / total / sets.length]),
    ),
  );
}

function reasonOf(vocabulary: Vocabulary, { title, sets }: FoundShape): string {
  const { frame } = vocabulary;
  const labels = sets
    .slice(0, 3)
    .map((set) =>
      frame.isLeaf(set) ? labelOf(vocabulary, frame.leaves[set] ?? '') : `${frame.sizeOf(set)} terms`,
    );
  return `Its values look like ${title}: ${labels.join(', ') || 'no term of the vocabulary means that'}.`;
}

/** A strong form, or a list, that nearly all values have and that is one term's: nothing is left to be guessed. */
function clearSignals({ vocabulary }: ShapeReader, { patterns, lists }: KnownOfValues): FoundShape[] {
  const [best] = [...patterns, ...lists]
    .filter((each) => isEvidence(each) && each.attached.length === 1 && each.matched >= NEARLY_ALL * each.of)
    .sort((a, b) => b.matched / b.of - a.matched / a.of);
  if (best === undefined) return [];
  const sets = best.attached.map(({ code }) => vocabulary.frame.setOfCode(code));
  return [{ title: `one thing, nearly all of them: ${best.title}`, strength: TRUST_IN_CLEAR, sets }];
}

function shapesOf(
  reader: ShapeReader,
  { common: values, ownName }: BoundedColumn,
  { patterns, lists, isNamed, isCalled, named }: KnownOfValues,
): FoundShape[] {
  const isCoded = areFlags(values) && isCodedTerm(reader, named);
  const trust = isNamed ? TRUST_IN_NAMED_NUMBERS : TRUST_IN_NUMBERS;
  return [
    ...(isCoded ? [] : weakForms(reader, patterns)),
    ...textForms(reader, values),
    ...kindsOfNames(reader, values),
    ...kindShapes(reader, values, {
      ...{ isNamed, isCalled, isPlural: isPlural(ownName), isCoded },
    }),
    ...fitShapes(reader, values, named),
    ...dateShapes(reader, values, isNamed),
    ...personShapes(reader, values, lists),
    ...identifierShapes(reader, values),
    ...likelyNumbers(reader.knowledge.numberRanges, values).map(({ meaning, share }) =>
      reader.meant(meaning, { title: 'such numbers', strength: trust * share }),
    ),
  ];
}

/** What is no more than a state may be yes or no; what people are told apart by is told by codes. */
const isCodedTerm = ({ knowledge, meaningsOf, vocabulary: { frame } }: ShapeReader, named: SetId): boolean =>
  named !== EMPTY &&
  knowledge.valueKinds.namedCodes.some((meaning) => meaningsOf.get(frame.leaves[named] ?? '')?.has(meaning));

/** Forms and words were given what one value of them says; many that agree say more. */
const sure = (strength: number): number => 1 - (1 - strength) ** 1.5;

const isPlural = (name: string): boolean => /[a-z]{2}[^su]s$/i.test(name.trim());

function weakForms({ knowledge, meant }: ShapeReader, patterns: readonly Signal[]): FoundShape[] {
  return patterns.flatMap(({ name, title, matched, of }) => {
    const strength = knowledge.weakForms.get(name) ?? 0;
    const pattern = knowledge.patterns.find((each) => each.name === name);
    if (strength === 0 || pattern === undefined || matched < NEARLY_ALL * of) return [];
    return [meant(pattern.meaning, { title: `a ${title} each`, strength: sure((strength * matched) / of) })];
  });
}

const textForms = ({ meant }: ShapeReader, values: readonly string[]): FoundShape[] =>
  TEXT_FORMS.flatMap(({ meaning, title, strength, matches }) => {
    const share = shareFrom(values, NEARLY_ALL, matches);
    return share === 0 ? [] : [meant(meaning, { title, strength: sure(strength * share) })];
  });

function kindsOfNames({ knowledge, meant }: ShapeReader, values: readonly string[]): FoundShape[] {
  const wordsOf = rememberedWords();
  return knowledge.wordKinds.flatMap((kind) => {
    const { meaning, title, strength, least } = kind;
    const share = shareFrom(values, least, (value) => isOfKind(kind, value, wordsOf(value)));
    return share === 0 ? [] : [meant(meaning, { title, strength: sure(strength * Math.sqrt(share)) })];
  });
}

interface OfVocabulary {
  vocabulary: Vocabulary;
  attachments: ReadonlyMap<string, readonly Attachment[]>;
}

function meaningsByLeaf(
  attachments: ReadonlyMap<string, readonly Attachment[]>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { code, meaning } of [...attachments.values()].flat())
    found.set(code, (found.get(code) ?? new Set()).add(meaning));
  return found;
}

/** Of several terms those that are called so most plainly: a phone number before a fax number. */
function plainest(attached: readonly Attachment[]): Attachment[] {
  const first = Math.min(...attached.map(({ rank }) => rank));
  return attached.filter(({ rank }) => rank === first);
}

export function createShapeReader(
  knowledge: Knowledge,
  names: NameReader,
  { vocabulary, attachments }: OfVocabulary,
): ShapeReader {
  const { frame, terms } = vocabulary;
  const places = new Map(frame.leaves.map((code, leaf) => [code, leaf]));
  const leavesThatMean = (meanings: readonly string[]): number[] =>
    meanings.flatMap((meaning) =>
      (attachments.get(meaning) ?? []).flatMap(({ code }) => places.get(code) ?? []),
    );
  // without an excluded leaf nothing is excluded, and nothing is told
  const allBut = (leaves: readonly number[]): number[] =>
    leaves.length === 0 ? [] : [...places.values()].filter((leaf) => !leaves.includes(leaf));
  const labelled = (words: ReadonlySet<string>): number[] =>
    frame.leaves.flatMap((code, leaf) =>
      tokensOf(terms.get(code)?.label ?? '').some((word) => words.has(word)) ? [leaf] : [],
    );
  const { text, codable, number, coded } = knowledge.valueKinds;
  const sets: Readonly<Record<TermKind, SetId>> = {
    dates: frame.setOf(leavesOfType(vocabulary, knowledge, 'date')),
    identifiers: frame.setOf(labelled(IDENTIFYING)),
    numbered: frame.setOf(labelled(NUMBERED)),
    coded: frame.setOf(leavesThatMean(coded)),
    noTexts: frame.setOf(allBut(leavesThatMean(text))),
    noPlainTexts: frame.setOf(allBut(leavesThatMean(text.filter((meaning) => !codable.includes(meaning))))),
    noNumbers: frame.setOf(allBut(leavesThatMean(number))),
  };
  return {
    ...{ knowledge, vocabulary, names },
    termsOf: (kind) => sets[kind],
    meaningsOf: meaningsByLeaf(attachments),
    meant: (meaning, { title, strength }) => ({
      ...{ title, strength },
      sets: plainest(attachments.get(meaning) ?? []).map(({ code }) => frame.setOfCode(code)),
    }),
  };
}
