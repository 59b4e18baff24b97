/**
 * Gives a column one term of a vocabulary, with how sure it is and why.
 *
 * 1. A column's result depends on the column, the vocabulary and the settings alone; of its table only where it is
 *    given.
 * 2. Each source speaks by itself; none that has nothing to say changes anything.
 * 3. What occurs in a few values (`contains`) is told beside what the column is, and is no evidence of it.
 */

import type { AttachmentChange } from '../core/classification/records.ts';
import { combine } from '../core/evidence/combine.ts';
import { EMPTY, type Frame, type SetId } from '../core/evidence/frame.ts';
import {
  type ConfusablePairs,
  confusablePairs,
  isVacuous,
  type MassFunction,
  massFunction,
  massOfCodes,
} from '../core/evidence/mass.ts';
import { type BoundedColumn, boundedColumn, type ColumnSample } from './column.ts';
import {
  type ContextReader,
  contextEvidence,
  noContext,
  type Surroundings,
  supportOf,
} from './context/context-evidence.ts';
import { subjectsOf } from './context/subjects.ts';
import { type Evidence, isEvidence, massOfSignals, type Signal } from './evidence.ts';
import { FUSION_DEFAULTS, type Fused, fuse } from './fusion.ts';
import type { Knowledge } from './knowledge.ts';
import { type Attachment, attach, isPlain, withChanges } from './meanings/attachments.ts';
import { leavesOfType, typeEvidence } from './meanings/type-evidence.ts';
import { indexNames } from './names/name-index.ts';
import {
  type Asked,
  askedBy,
  matchName,
  NAME_DEFAULTS,
  type NameMatch,
  type NameReader,
} from './names/name-match.ts';
import { tokensOf } from './names/tokens.ts';
import { type Contained, containedIn, patternSignals } from './patterns/pattern-evidence.ts';
import type { Calibration } from './probability/calibration.ts';
import { allowedTerms } from './shapes/kind-shapes.ts';
import type { ShapeReader } from './shapes/shape.ts';
import { createShapeReader, shapeEvidence } from './shapes/shape-evidence.ts';
import {
  cosineEvidence,
  nearestText,
  type SimilarityReader,
  similarityReader,
} from './similarity/cosine-evidence.ts';
import type { MeantPhrase } from './similarity/term-texts.ts';
import { listSignals } from './values/value-evidence.ts';
import { labelOf, type Vocabulary } from './vocabulary/vocabulary.ts';

export interface Classified extends Fused {
  column: BoundedColumn;
  /** Places in it are those of `conflicts`. */
  evidence: readonly Evidence[];
  patterns: readonly Signal[];
  valueLists: readonly Signal[];
  contains: readonly Contained[];
}

export interface Classifier {
  vocabulary: Vocabulary;
  /** Terms by the meanings that they have. */
  attachments: ReadonlyMap<string, readonly Attachment[]>;
  /**
   * One column, of whose neighbours no more than names is known.
   *
   * @param learned what models and trained members say of it, in masses of the vocabulary's frame
   */
  classify(sample: ColumnSample, learned?: readonly Evidence[]): Classified;
  /**
   * All columns of one table, in their order: each as `classify` has it, and then with what the table says of those
   * that are open. Siblings that are not given are the table's other columns.
   */
  classifyTable(samples: readonly ColumnSample[]): Classified[];
  /** Terms that are taken for each other. */
  pairs: ConfusablePairs;
  /** How often a column is right by what its sources say. */
  calibration: Calibration;
}

/** @param changes what people have changed of what attaches to the vocabulary's terms */
export function createClassifier(
  knowledge: Knowledge,
  vocabulary: Vocabulary,
  changes: readonly AttachmentChange[] = [],
): Classifier {
  const { abbreviations, nameWords } = knowledge;
  const reader: NameReader = {
    index: indexNames(vocabulary),
    ...{ abbreviations, words: nameWords, settings: NAME_DEFAULTS },
    known: {
      ...{ whole: knowledge.wholeWords, parts: partsIn(knowledge, vocabulary) },
      short: new Set(abbreviations.keys()),
    },
  };
  const words = { names: reader, concepts: knowledge.concepts, units: knowledge.units };
  const plain = similarityReader(vocabulary, words);
  const found = attach(vocabulary, knowledge, (phrase) => nearestText(plain, phrase));
  const attachments = withChanges(found, vocabulary, changes);
  const similarity = similarityReader(vocabulary, words, meantPhrases(knowledge, attachments));
  const parts: Parts = {
    ...{ knowledge, vocabulary, attachments, reader },
    context: {
      ...{ vocabulary, names: reader, subjects: subjectsOf(vocabulary) },
      companions: companionsOf(knowledge, attachments),
    },
    similarity,
    shapes: createShapeReader(knowledge, reader, { vocabulary, attachments }),
    pairs: pairsOf(knowledge, vocabulary.frame, attachments),
    leavesByType: new Map(),
  };
  // readers hold sets for as long as the classifier lives
  vocabulary.frame.retain();
  return {
    ...{ vocabulary, attachments },
    classify: (sample, learned = []) => classify(parts, boundedColumn(sample), learned),
    classifyTable: (samples) => classifyTable(parts, samples),
    pairs: parts.pairs,
    calibration: knowledge.calibration,
  };
}

/** So many terms that mean a thing may be called as it is called elsewhere. */
const MOST_MEANT = 2;

function meantPhrases(
  { meanings }: Knowledge,
  attachments: ReadonlyMap<string, readonly Attachment[]>,
): MeantPhrase[] {
  const counts = new Map<string, number>();
  for (const phrase of Object.values(meanings).flat()) counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  // a price is money too: what two meanings are called says which of them neither
  const isOwn = (phrase: string): boolean => counts.get(phrase) === 1;
  return [...attachments].flatMap(([meaning, attached]) =>
    attached.length > MOST_MEANT
      ? []
      : attached
          .filter(isPlain)
          .flatMap(({ code }) => (meanings[meaning] ?? []).filter(isOwn).map((phrase) => ({ code, phrase }))),
  );
}

/** Words that a compound may be made of: those of the vocabulary and those that are known anyway. */
const partsIn = ({ concepts }: Knowledge, { terms }: Vocabulary): ReadonlySet<string> =>
  new Set([
    ...[...concepts.byWords.keys(), ...concepts.broader.keys()].flatMap((run) => run.split(' ')),
    ...[...terms.values()].flatMap(({ label, commonNames }) => [label, ...commonNames].flatMap(tokensOf)),
  ]);

interface Parts {
  knowledge: Knowledge;
  vocabulary: Vocabulary;
  attachments: ReadonlyMap<string, readonly Attachment[]>;
  reader: NameReader;
  context: ContextReader;
  similarity: SimilarityReader;
  shapes: ShapeReader;
  pairs: ConfusablePairs;
  /** Of each declared type that came, so that it is looked for once. */
  leavesByType: Map<string, number[]>;
}

/** Declared types beyond so many are looked for each time. */
const MOST_TYPES = 1_000;

function classify(parts: Parts, column: BoundedColumn, learned: readonly Evidence[]): Classified {
  const { knowledge, attachments, vocabulary } = parts;
  const { frame } = vocabulary;
  const patterns = patternSignals(knowledge.patterns, column.common, attachments);
  const valueLists = listSignals(knowledge, column.common, attachments);
  const name = nameEvidence(parts, column);
  const cosine = cosineEvidence(parts.similarity, column, {
    forms: [...patterns, ...valueLists],
    allowed: allowedTerms(parts.shapes, column.common),
  });
  const isCalled = !isVacuous(name.mass);
  const called = combine('dempster', [name.mass, cosine.mass]).mass;
  const named = strongestLeaf(called);
  const isNamed = isCalled || !isVacuous(cosine.mass);
  const evidence: Evidence[] = [
    ...[name, signalEvidence(vocabulary, 'pattern', patterns), cosine],
    signalEvidence(vocabulary, 'values', valueLists),
    shapeEvidence(parts.shapes, column, {
      ...{ patterns, lists: valueLists, isNamed, isCalled, named },
      called: [...called.split.leaves.keys()],
    }),
    typeEvidence(frame, column.type, typeLeaves(parts, column.type)),
    noContext(vocabulary),
    ...learned,
  ];
  const contains = containedIn(knowledge.patterns, column.values);
  return { ...{ column, patterns, valueLists, contains }, ...fused(parts, evidence) };
}

/** EMPTY where no leaf has anything. */
function strongestLeaf({ split: { leaves } }: MassFunction): SetId {
  let [best, most] = [EMPTY, 0];
  for (const [leaf, mass] of leaves) if (mass > most) [best, most] = [leaf, mass];
  return best;
}

/** What all sources say together. */
const fused = (
  { pairs, knowledge }: Parts,
  evidence: readonly Evidence[],
): Fused & Pick<Classified, 'evidence'> => ({
  ...fuse(evidence, { ...FUSION_DEFAULTS, pairs, calibration: knowledge.calibration }),
  evidence,
});

/** Of a wide table so many names tell whether all begin alike. */
const MOST_NAMES = 100;

function classifyTable(parts: Parts, samples: readonly ColumnSample[]): Classified[] {
  const names = samples.slice(0, MOST_NAMES).map(({ name }) => name);
  const alone = samples.map((sample, at) =>
    classify(parts, boundedColumn({ siblings: names.filter((_, other) => other !== at), ...sample }), []),
  );
  const support = supportOf(
    parts.context,
    alone.map(({ decision }) => decision),
    alone[0]?.column.table ?? '',
  );
  return alone.map((classified, at) => {
    const { column, decision: own, evidence } = classified;
    const name = evidence.find(({ source }) => source === 'name_match');
    const isNamed = name !== undefined && !isVacuous(name.mass);
    const partner = column.references?.partner ?? null;
    return inContext(parts, classified, {
      ...{ column, own, isNamed, support, before: alone[at - 1]?.decision ?? null },
      partner: () => (partner === null ? null : classify(parts, partner, []).decision),
    });
  });
}

function inContext(parts: Parts, alone: Classified, around: Surroundings): Classified {
  const found = contextEvidence(parts.context, around);
  if (isVacuous(found.mass)) return alone;
  const evidence = alone.evidence.map((each) => (each.source === 'context' ? found : each));
  return { ...alone, ...fused(parts, evidence) };
}

function typeLeaves({ leavesByType, vocabulary, knowledge }: Parts, type: string): number[] {
  const known = leavesByType.get(type);
  if (known !== undefined || type === '') return known ?? [];
  const leaves = leavesOfType(vocabulary, knowledge, type);
  if (leavesByType.size < MOST_TYPES) leavesByType.set(type, leaves);
  return leaves;
}

function nameEvidence(parts: Parts, { ownName: name, table }: BoundedColumn): Evidence {
  const { reader, vocabulary } = parts;
  const matches = matchName(reader, name, table);
  const asked = askedBy(reader, name);
  // what asks whether, or how many, is not the thing that it asks of, unless a term is called just so
  if (asked !== null && !matches.some(({ how }) => how === 'is')) return askingEvidence(parts, name, asked);
  const reasons = matches.map((match) => nameReason(vocabulary, name, match));
  return {
    source: 'name_match',
    mass: massFunction(
      vocabulary.frame,
      matches.map(({ entry, mass }) => [entry.set, mass]),
    ),
    reasons: reasons.length > 0 ? reasons : [`No term is called as the name ${JSON.stringify(name)} says.`],
  };
}

function askingEvidence({ vocabulary, attachments }: Parts, name: string, asked: Asked): Evidence {
  const { frame } = vocabulary;
  const terms = attachments.get(asked) ?? [];
  const shares = Object.fromEntries(terms.map(({ code }) => [code, NAME_DEFAULTS.alias / terms.length]));
  const what = { flag: 'asks for yes or no', count: 'counts', duration: 'is how long something takes' }[
    asked
  ];
  const labels = terms.map(({ code }) => labelOf(vocabulary, code)).join(', ');
  const reason = `The name ${JSON.stringify(name)} ${what}: ${labels || 'no term of the vocabulary means that'}.`;
  return { source: 'name_match', mass: massOfCodes(frame, shares), reasons: [reason] };
}

function nameReason(vocabulary: Vocabulary, name: string, { entry, how, reading }: NameMatch): string {
  const verb = { is: 'is', ends: 'ends with', holds: 'has all words of' }[how];
  const article = /^[aeiou]/.test(entry.kind) ? 'an' : 'a';
  const what =
    entry.kind === 'label' || entry.kind === 'code' ? `the ${entry.kind}` : `${article} ${entry.kind}`;
  const label = labelOf(vocabulary, entry.code);
  return `The name ${JSON.stringify(name)}, read as "${reading}", ${verb} "${entry.text}", ${what} of ${label}.`;
}

function signalEvidence(
  vocabulary: Vocabulary,
  source: 'pattern' | 'values',
  signals: readonly Signal[],
): Evidence {
  const reasons = signals.map((signal) => signalReason(vocabulary, source, signal));
  const nothing = source === 'pattern' ? 'No value has a known form.' : 'No value stands in a known list.';
  return {
    source,
    mass: massOfSignals(vocabulary.frame, signals),
    reasons: reasons.length > 0 ? reasons : [nothing],
  };
}

function signalReason(vocabulary: Vocabulary, source: 'pattern' | 'values', signal: Signal): string {
  const { title, matched, of, attached } = signal;
  const what = source === 'pattern' ? `have the form of: ${title}` : `stand in the list: ${title}`;
  const counted = `${matched} of ${of} distinct values ${what}`;
  const labels = attached.map(({ code }) => labelOf(vocabulary, code)).join(', ');
  if (isEvidence(signal)) return `${counted}; it speaks for ${labels}.`;
  if (!signal.fires) return `${counted}; too few to count.`;
  if (signal.isWeak) return `${counted}; a signal only, since much else looks so.`;
  return `${counted}; no term of the vocabulary means it.`;
}

/** Of each term that means the first of two the plainest that means the next. */
function companionsOf(
  { companions }: Knowledge,
  attachments: ReadonlyMap<string, readonly Attachment[]>,
): ReadonlyMap<string, string> {
  return new Map(
    companions.flatMap(([first, next]) => {
      const [other] = attachments.get(next) ?? [];
      return other === undefined
        ? []
        : (attachments.get(first) ?? []).map(({ code }): [string, string] => [code, other.code]);
    }),
  );
}

function pairsOf(
  { confusable }: Knowledge,
  frame: Frame,
  attachments: ReadonlyMap<string, readonly Attachment[]>,
): ConfusablePairs {
  const codes = (meaning: string): string[] => (attachments.get(meaning) ?? []).map(({ code }) => code);
  const pairs = confusable.flatMap(([one, other]) =>
    codes(one).flatMap((a) => codes(other).flatMap((b): [string, string][] => (a === b ? [] : [[a, b]]))),
  );
  return confusablePairs(frame, pairs);
}
