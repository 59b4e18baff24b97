/**
 * What the trained members add where headers are hidden, when people have reviewed some columns of the part: the others
 * are classified again with what the members learned from those. People take the columns from the review queue, or, so
 * that the others are not only the easy ones, at random.
 */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Classified, Classifier } from '../../classification/classifier.ts';
import { FUSION_DEFAULTS, fuse } from '../../classification/fusion.ts';
import {
  learningLine,
  TrainedAnswerSchema,
  trainedEvidence,
} from '../../classification/trained/trained-answer.ts';
import { type LabelledTable, withoutHeaders } from './tables.ts';

const MOST_REVIEWED = 100;

export interface LearnedFigures {
  reviewed: number;
  /** Columns that nobody reviewed. */
  others: number;
  /** Shares of these that are right. */
  before: number;
  after: number;
}

interface Hidden {
  key: string;
  label: string | null;
  result: Classified;
}

export async function learnedFigures(
  classifier: Classifier,
  tables: readonly LabelledTable[],
  python: string,
): Promise<Record<'queue' | 'random', LearnedFigures>> {
  const columns = tables.map(withoutHeaders).flatMap((table) => hiddenOf(classifier, table));
  const learn = (order: Hidden[]) => learnedFrom(classifier, order, python);
  return { queue: await learn(columns.toSorted(byQueue)), random: await learn(columns.toSorted(byDigest)) };
}

function hiddenOf(classifier: Classifier, { table, columns }: LabelledTable): Hidden[] {
  const results = classifier.classifyTable(columns.map(({ sample }) => sample));
  return columns.flatMap(({ label }, at): Hidden[] => {
    const result = results[at];
    return label === null || result === undefined
      ? []
      : [{ key: `${table}.${at}`, label: label.code, result }];
  });
}

/** As a person meets them: first what must be looked at, of that the least probable. */
const byQueue = ({ result: { decision: a } }: Hidden, { result: { decision: b } }: Hidden): number =>
  Number(b.needsReview) - Number(a.needsReview) || a.probability - b.probability;
const digest = ({ key }: Hidden): string => createHash('sha256').update(key).digest('hex');
const byDigest = (one: Hidden, other: Hidden): number => digest(one).localeCompare(digest(other));

async function learnedFrom(classifier: Classifier, order: Hidden[], python: string): Promise<LearnedFigures> {
  const count = Math.min(MOST_REVIEWED, Math.floor(order.length / 2));
  const [reviewed, others] = [order.slice(0, count), order.slice(count)];
  const lines = [
    ...others.map(({ result }) => learningLine(result.column, null)),
    ...reviewed.map(({ result, label: code }) =>
      learningLine(result.column, { code, by: 'person', confidence: 1 }),
    ),
  ];
  const answer = TrainedAnswerSchema.parse(JSON.parse(await answerOf(python, lines, others.length)));
  const learned = trainedEvidence(classifier.vocabulary, answer);
  const settings = { ...FUSION_DEFAULTS, pairs: classifier.pairs };
  const isRight = ({ label, result }: Hidden, at: number): boolean =>
    fuse([...result.evidence, ...(learned[at] ?? [])], settings).decision.predicted === label;
  return {
    ...{ reviewed: reviewed.length, others: others.length },
    before: others.filter(({ label, result }) => result.decision.predicted === label).length / others.length,
    after: others.filter(isRight).length / others.length,
  };
}

async function answerOf(python: string, lines: string[], count: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tempera-bench-classification-'));
  const file = join(folder, 'columns.jsonl');
  writeFileSync(file, lines.join('\n'));
  const words = [join('bench', 'classification', 'learn.py'), '--file', file, '--count', String(count)];
  const env = { ...process.env, PYTHONPATH: 'sandbox', OPENBLAS_NUM_THREADS: '1' };
  const { stdout } = await promisify(execFile)(python, words, { env, maxBuffer: 64 * 1024 * 1024 }).finally(
    () => rmSync(folder, { recursive: true, force: true }),
  );
  return stdout.trim().split('\n').at(-1) ?? '';
}
