/** Classifies labelled tables and judges the results beside the labels. */

import type { Classifier } from '../../classification/classifier.ts';
import {
  type EvaluatedTerms,
  type Evaluation,
  evaluate,
} from '../../classification/evaluation/evaluation.ts';
import type { Judgement } from '../../classification/evaluation/judgement.ts';
import { isSensitive, type Vocabulary } from '../../classification/vocabulary/vocabulary.ts';
import type { LabelledTable } from './tables.ts';

/** A judgement with where it is from, for the samples that are kept. */
export type JudgedColumn = Judgement & { table: string; column: string };

export interface Judged {
  evaluation: Evaluation;
  columns: JudgedColumn[];
}

/** @throws Error when none of the tables has a label */
export function judge(classifier: Classifier, tables: readonly LabelledTable[]): Judged {
  const columns = tables.flatMap((table) => judgedColumns(classifier, table));
  const evaluation = evaluate(columns, termsOf(classifier.vocabulary));
  if (evaluation === null) throw new Error('There is no labelled column.');
  return { evaluation, columns };
}

function judgedColumns(classifier: Classifier, { table, columns }: LabelledTable): JudgedColumn[] {
  const results = classifier.classifyTable(columns.map(({ sample }) => sample));
  return results.flatMap(({ column, decision }, at): JudgedColumn[] => {
    const label = columns[at]?.label ?? null;
    const { predicted, cautious, probability, needsReview } = decision;
    return label === null
      ? []
      : [{ table, column: column.name, label: label.code, predicted, cautious, probability, needsReview }];
  });
}

const termsOf = (vocabulary: Vocabulary): EvaluatedTerms => ({
  parents: new Map([...vocabulary.terms.values()].map(({ code, parent }) => [code, parent])),
  isSensitive: (code) => isSensitive(vocabulary, code),
});
