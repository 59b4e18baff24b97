/**
 * Gives a column one term of a vocabulary, with how sure it is and why.
 *
 * 1. A column's result depends on the column, the vocabulary and the settings alone; of its table only where it is
 *    given.
 * 2. Each source speaks by itself; none that has nothing to say changes anything.
 * 3. What occurs in a few values (`contains`) is told beside what the column is, and is no evidence of it.
 */

import { type Decision, decide } from '../core/evidence/belief.ts';
import { combine, conflicts } from '../core/evidence/combine.ts';
import type { Frame } from '../core/evidence/frame.ts';
import {
  type ConfusablePairs,
  confusablePairs,
  type MassFunction,
  massFunction,
  massOfCodes,
  withConfusion,
} from '../core/evidence/mass.ts';
import { type BoundedColumn, boundedColumn, type ColumnSample } from './column.ts';
import { type Evidence, isEvidence, massOfSignals, type Signal } from './evidence.ts';
import type { Knowledge } from './knowledge.ts';
import { type Attachment, attach } from './meanings/attachments.ts';
import { leavesOfType, typeEvidence } from './meanings/type-evidence.ts';
import { indexNames } from './names/name-index.ts';
import { askedBy, matchName, NAME_DEFAULTS, type NameMatch, type NameReader } from './names/name-match.ts';
import { type Contained, containedIn, patternSignals } from './patterns/pattern-evidence.ts';
import { listSignals } from './values/value-evidence.ts';
import { labelOf, type Vocabulary } from './vocabulary/vocabulary.ts';

export interface Classified {
  column: BoundedColumn;
  decision: Decision;
  /** Of all sources together. */
  mass: MassFunction;
  evidence: readonly Evidence[];
  patterns: readonly Signal[];
  valueLists: readonly Signal[];
  contains: readonly Contained[];
  /** Of each two sources, by their places in `evidence`. */
  conflicts: readonly (readonly number[])[];
}

export interface Classifier {
  vocabulary: Vocabulary;
  /** Terms by the meanings that they have. */
  attachments: ReadonlyMap<string, readonly Attachment[]>;
  classify(sample: ColumnSample): Classified;
  /** Where the two strongest terms are known to be taken for each other, part of the weaker one's mass says so. */
  withConfusion(mass: MassFunction): MassFunction;
}

export function createClassifier(knowledge: Knowledge, vocabulary: Vocabulary): Classifier {
  const attachments = attach(vocabulary, knowledge.meanings);
  const { abbreviations, nameWords: words } = knowledge;
  const parts: Parts = {
    ...{ knowledge, vocabulary, attachments },
    reader: { index: indexNames(vocabulary), abbreviations, words, settings: NAME_DEFAULTS },
    pairs: pairsOf(knowledge, vocabulary.frame, attachments),
    leavesByType: new Map(),
  };
  return {
    ...{ vocabulary, attachments },
    classify: (sample) => classify(parts, boundedColumn(sample)),
    withConfusion: (mass) => withConfusion(mass, parts.pairs),
  };
}

interface Parts {
  knowledge: Knowledge;
  vocabulary: Vocabulary;
  attachments: ReadonlyMap<string, readonly Attachment[]>;
  reader: NameReader;
  pairs: ConfusablePairs;
  /** Of each declared type that came, so that it is looked for once. */
  leavesByType: Map<string, number[]>;
}

/** Declared types beyond so many are looked for each time. */
const MOST_TYPES = 1_000;

function classify(parts: Parts, column: BoundedColumn): Classified {
  const { knowledge, attachments, vocabulary } = parts;
  const { frame } = vocabulary;
  const patterns = patternSignals(knowledge.patterns, column.values, attachments);
  const valueLists = listSignals(knowledge.valueLists, column.values, attachments);
  const evidence: Evidence[] = [
    nameEvidence(parts, column),
    signalEvidence(vocabulary, 'pattern', patterns),
    signalEvidence(vocabulary, 'values', valueLists),
    typeEvidence(frame, column.type, typeLeaves(parts, column.type)),
  ];
  const masses = evidence.map(({ mass }) => mass);
  const mass = withConfusion(combine('dempster', masses).mass, parts.pairs);
  return {
    ...{ column, mass, evidence, patterns, valueLists },
    decision: decide(mass),
    contains: containedIn(knowledge.patterns, column.values),
    conflicts: conflicts(masses),
  };
}

function typeLeaves({ leavesByType, vocabulary, knowledge }: Parts, type: string): number[] {
  const known = leavesByType.get(type);
  if (known !== undefined || type === '') return known ?? [];
  const leaves = leavesOfType(vocabulary, knowledge.typeWords, type);
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

function askingEvidence({ vocabulary, attachments }: Parts, name: string, asked: 'flag' | 'count'): Evidence {
  const { frame } = vocabulary;
  const terms = attachments.get(asked) ?? [];
  const shares = Object.fromEntries(terms.map(({ code }) => [code, NAME_DEFAULTS.alias / terms.length]));
  const what = asked === 'flag' ? 'asks for yes or no' : 'counts';
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
