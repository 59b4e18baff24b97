/** What the sandbox's tool `label_columns` is asked, line by line, and what it answered, as evidence of each column. */

import { z } from 'zod';
import type { BoundedColumn } from '../column.ts';
import type { Evidence } from '../evidence.ts';
import { labelOf, type Vocabulary } from '../vocabulary/vocabulary.ts';
import { catboostMass, type Probabilities, svmMass } from './trained-masses.ts';

/** What is known of a column before: a person's decision, or else what a model said. */
export interface GivenLabel {
  /** null: no term fits. */
  code: string | null;
  /** A person's decision outweighs a model's word, which counts as much as the model is sure. */
  by: 'person' | 'model';
  /** 0 to 1. */
  confidence: number;
}

/** What the members learn of columns that no term fits, so that they leave others like them open. */
const NO_TERM = '(no term)';
const LEAST_WEIGHT = 0.01;
/** A model's surest label counts half of a person's. */
const MODEL_WEIGHT = 0.5;

/** One line of the tool's file. */
export function learningLine({ name, table, type, values }: BoundedColumn, label: GivenLabel | null): string {
  const column = { name, table, type, values };
  if (label === null) return JSON.stringify(column);
  const sure = label.by === 'person' ? 1 : MODEL_WEIGHT * label.confidence;
  return JSON.stringify({
    ...column,
    label: label.code ?? NO_TERM,
    weight: Math.min(1, Math.max(LEAST_WEIGHT, sure)),
  });
}

const Shares = z.array(z.array(z.tuple([z.int().min(0), z.number().min(0).max(1)])));

export const TrainedAnswerSchema = z.object({
  codes: z.array(z.string()),
  labelled: z.int().min(0),
  learned: z.int().min(0),
  members: z.object({
    svm: z.object({ columns: Shares }).optional(),
    catboost: z.object({ columns: Shares, variance: z.array(z.number().min(0)) }).optional(),
  }),
  left_out: z.array(z.string()),
});

export type TrainedAnswer = z.infer<typeof TrainedAnswerSchema>;

/** Of each column that was asked about, in order, what the members say of it; of one that was not, nothing. */
export function trainedEvidence(
  vocabulary: Vocabulary,
  { codes, learned, members: { svm, catboost } }: TrainedAnswer,
): Evidence[][] {
  const { frame } = vocabulary;
  const count = svm?.columns.length ?? catboost?.columns.length ?? 0;
  return Array.from({ length: count }, (_, at) => {
    const found: Evidence[] = [];
    if (svm) {
      const shares = byCode(codes, svm.columns[at]);
      found.push({
        source: 'svm',
        mass: svmMass(frame, shares),
        reasons: [reason(vocabulary, shares, learned)],
      });
    }
    if (catboost) {
      const probabilities = byCode(codes, catboost.columns[at]);
      const mass = catboostMass(frame, { probabilities, variance: catboost.variance[at] ?? null });
      found.push({ source: 'catboost', mass, reasons: [reason(vocabulary, probabilities, learned)] });
    }
    return found;
  });
}

const byCode = (codes: readonly string[], shares: z.infer<typeof Shares>[number] = []): Probabilities =>
  Object.fromEntries(
    shares.flatMap(([number, share]) => (codes[number] === undefined ? [] : [[codes[number], share]])),
  );

function reason(vocabulary: Vocabulary, shares: Probabilities, learned: number): string {
  const from = `It learned from ${learned} labelled columns`;
  const [code, share] = Object.entries(shares)[0] ?? [];
  if (code === NO_TERM) return `${from}; by these no term fits it.`;
  if (code === undefined || share === undefined || !vocabulary.terms.has(code))
    return `${from} and knows none like this.`;
  return `${from}; by these it is ${labelOf(vocabulary, code)} with a probability of ${share.toFixed(2)}.`;
}
