/**
 * What a run asks of the classifier: to read a vocabulary, to say what each source has to say of columns, and to
 * decide. Requests and answers are plain data, so that they can go to a thread and into rows; the same request has
 * the same answer.
 */

import type { EvaluationRecord } from '../../core/classification/evaluation.ts';
import type { ReviewDecision, VocabularyRecord } from '../../core/classification/records.ts';
import type { ClassificationSettings } from '../../core/classification/settings.ts';
import type {
  StoredEvidence,
  StoredLabel,
  StoredResult,
  StoredSource,
} from '../../core/classification/stored-columns.ts';
import type { ModelAnswer } from '../../core/ports/model.ts';
import type { Reference } from '../column.ts';
import type { Judgement } from '../evaluation/judgement.ts';
import type { ColumnAnswer } from '../model-labels/label-answer.ts';
import type { LabelCall, Writing } from '../model-labels/label-call.ts';
import type { LabelRequest } from '../model-labels/label-prompt.ts';
import type { Settled } from '../model-labels/settling.ts';
import type { VocabularyText } from '../ready-vocabularies.ts';
import type { GivenLabel } from '../trained/trained-answer.ts';

export interface TableToClassify {
  table: string;
  columns: {
    name: string;
    type: string;
    reservoir: readonly string[];
    /** What its source says that it refers to. */
    references?: Reference | undefined;
  }[];
}

/** A person's word for a column. */
export interface Reviewed {
  decision: ReviewDecision;
  /** What it is, by accept and correct; what it is not, by reject. */
  code: string | null;
  by: string;
}

export interface ColumnToDecide {
  evidence: StoredEvidence;
  llm: StoredLabel | null;
  /** Of the members that learn. */
  learned: readonly StoredSource[];
  reviewed: Reviewed | null;
}

/** A column about which a model is asked. */
export interface ColumnToAsk {
  /** Of the column in its run. */
  key: string;
  table: string;
  name: string;
  type: string;
  reservoir: readonly string[];
  siblings: readonly string[];
  /** Codes for which other evidence speaks; of one that is asked about for the first time none. */
  hints: readonly string[];
}

/** A column from which members learn, or about which they are asked. */
export interface ColumnToLearn {
  table: string;
  name: string;
  type: string;
  reservoir: readonly string[];
  label: GivenLabel | null;
}

export type { ColumnAnswer, GivenLabel, Judgement, LabelCall, Reference, VocabularyText };

export type VocabularyDescription = Pick<VocabularyRecord, 'form' | 'terms' | 'leaves' | 'findings'>;

export interface RunWork {
  /** @throws TemperaError INVALID_INPUT with the line that is wrong */
  describe(request: { vocabulary: VocabularyText }): Promise<VocabularyDescription>;
  /** By table, then by column. */
  evidence(request: { vocabulary: VocabularyText; tables: TableToClassify[] }): Promise<StoredEvidence[][]>;
  decide(request: {
    vocabulary: VocabularyText;
    settings: ClassificationSettings;
    columns: ColumnToDecide[];
  }): Promise<StoredResult[]>;
  /** Lines of the file from which members learn, one a column. */
  learningLines(request: { columns: ColumnToLearn[] }): Promise<string[]>;
  /**
   * What the members say of each column that they were asked about, in order.
   * @throws z.ZodError where it is no answer of theirs
   */
  learned(request: { vocabulary: VocabularyText; answer: unknown }): Promise<StoredSource[][]>;
  /** Of each column words of its name and its type as one text: equal ones are alike. */
  strata(request: { columns: { name: string; type: string }[] }): Promise<string[]>;
  labelCalls(request: {
    vocabulary: VocabularyText;
    columns: ColumnToAsk[];
    writing: Writing;
  }): Promise<LabelCall[]>;
  labelRequest(request: { vocabulary: VocabularyText; call: LabelCall }): Promise<LabelRequest>;
  settle(request: {
    vocabulary: VocabularyText;
    call: LabelCall;
    answer: Pick<ModelAnswer, 'content' | 'stopReason'>;
  }): Promise<Settled>;
  /** Of each column its answers to all writings as one label. */
  agreed(request: {
    vocabulary: VocabularyText;
    answers: (ColumnAnswer | null)[][];
    round: number;
  }): Promise<StoredLabel[]>;
  /** null where no column has a label. */
  evaluate(request: {
    vocabulary: VocabularyText;
    judgements: Judgement[];
  }): Promise<EvaluationRecord | null>;
}
