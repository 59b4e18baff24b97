/**
 * What a column's table says of it: what it refers to, and what the table is about.
 *
 * 1. Of the neighbours it counts what they are by themselves: nobody is decided by what it did to another.
 * 2. It speaks only where the column's own sources leave it open, so that nothing counts twice: not the table's name,
 *    which completes a column's name already, nor a name that says what is referred to.
 */

import { massFunction, massOfCodes, vacuous } from '../../core/evidence/mass.ts';
import type { BoundedColumn } from '../column.ts';
import type { Evidence } from '../evidence.ts';
import { matchName, type NameReader } from '../names/name-match.ts';
import { tokensOf } from '../names/tokens.ts';
import { labelOf, type Vocabulary } from '../vocabulary/vocabulary.ts';
import type { Subject, SubjectShares, Subjects } from './subjects.ts';

/** What a reference says is as sure as a name at an end of another one. */
const TRUST_IN_REFERENCE = 0.75;
const TRUST_IN_COMPANION = 0.6;
/** What a table is about is a hint and no more. */
const TRUST_IN_SUBJECT = 0.2;
/** Beliefs in neighbours, and words of the table's name, that must speak together. */
const LEAST_SUPPORT = 2;
const LEAST_SHARE = 0.5;

export interface ContextReader {
  /** Of a term the one that columns which look alike are when they stand behind it. */
  companions: ReadonlyMap<string, string>;
  vocabulary: Vocabulary;
  names: NameReader;
  subjects: Subjects;
}

/** What is known of a column's place when every column of the table was classified by itself. */
export interface Surroundings {
  column: BoundedColumn;
  /** Whether its name says anything. */
  isNamed: boolean;
  own: Decided;
  /** The column before it. */
  before: Decided | null;
  /** What it refers to is by itself; null: nothing is known of its values. */
  partner(): Decided | null;
  /** Of all columns of the table and of the words of its name. */
  support: SubjectShares;
}

/** What a column is by itself. */
export interface Decided {
  predicted: string | null;
  belief: number;
}

export const noContext = ({ frame }: Vocabulary): Evidence => ({
  source: 'context',
  mass: vacuous(frame),
  reasons: ['Nothing is known of its table that speaks of it.'],
});

/** Belief from which on a column's own sources have settled it. */
const SETTLED = 0.5;

export function contextEvidence(reader: ContextReader, around: Surroundings): Evidence {
  if (around.own.belief >= SETTLED) return noContext(reader.vocabulary);
  return (
    referenceEvidence(reader, around) ??
    companionEvidence(reader, around) ??
    subjectEvidence(reader, around) ??
    noContext(reader.vocabulary)
  );
}

function referenceEvidence(
  { vocabulary, names }: ContextReader,
  { column: { references }, isNamed, partner }: Surroundings,
): Evidence | null {
  if (references === null || isNamed) return null;
  const { column, table } = references;
  const itself = partner();
  if (itself !== null && itself.predicted !== null && itself.belief >= SETTLED)
    return {
      source: 'context',
      mass: massOfCodes(vocabulary.frame, { [itself.predicted]: itself.belief * TRUST_IN_REFERENCE }),
      reasons: [`It refers to ${column} of ${table}: ${labelOf(vocabulary, itself.predicted)}.`],
    };
  const matches = matchName(names, column, table);
  if (matches.length === 0) return null;
  const shares = matches.map(({ entry, mass }) => [entry.set, mass * TRUST_IN_REFERENCE] as const);
  const labels = matches.map(({ entry }) => labelOf(vocabulary, entry.code)).join(', ');
  return {
    source: 'context',
    mass: massFunction(vocabulary.frame, shares),
    reasons: [`It refers to ${column} of ${table}, which is called as: ${labels}.`],
  };
}

/** Two columns that look alike, as a latitude and a longitude do: the second is the other one. */
function companionEvidence(
  { vocabulary, companions }: ContextReader,
  { own, before, isNamed }: Surroundings,
): Evidence | null {
  const companion = companions.get(before?.predicted ?? '');
  const looksAlike = own.predicted === before?.predicted || own.predicted === companion;
  if (companion === undefined || isNamed || !looksAlike) return null;
  return {
    source: 'context',
    mass: massOfCodes(vocabulary.frame, { [companion]: TRUST_IN_COMPANION }),
    reasons: [`It stands behind ${labelOf(vocabulary, before?.predicted ?? '')} and looks like it.`],
  };
}

/** How much speaks for each subject: beliefs in the table's columns, and words of its name. */
export function supportOf(
  { subjects }: ContextReader,
  columns: readonly Decided[],
  table: string,
): SubjectShares {
  const support = new Map<Subject, number>();
  const add = (subject: Subject, share: number): void => {
    support.set(subject, (support.get(subject) ?? 0) + share);
  };
  for (const { predicted, belief } of columns) {
    const subject = subjects.ofLeaf.get(predicted ?? '');
    if (subject !== undefined) add(subject, belief);
  }
  for (const word of tokensOf(table))
    for (const [subject, share] of subjects.ofWord.get(word) ?? []) add(subject, share);
  return support;
}

function subjectEvidence(
  { vocabulary, subjects }: ContextReader,
  { own, support }: Surroundings,
): Evidence | null {
  const ownSubject = subjects.ofLeaf.get(own.predicted ?? '');
  const ofOthers = [...support].map(([subject, share]): [Subject, number] => [
    subject,
    share - (subject === ownSubject ? own.belief : 0),
  ]);
  const [found] = ofOthers.sort(([one, a], [other, b]) => b - a || one.set - other.set);
  if (found === undefined || found[1] < LEAST_SUPPORT) return null;
  const [subject, most] = found;
  const share = most / ofOthers.reduce((sum, [, each]) => sum + each, 0);
  if (share < LEAST_SHARE) return null;
  const label = labelOf(vocabulary, subject.code);
  return {
    source: 'context',
    mass: massFunction(vocabulary.frame, [[subject.set, share * TRUST_IN_SUBJECT]]),
    reasons: [`Of what else its table holds ${Math.round(share * 100)} % belongs to ${label}.`],
  };
}
