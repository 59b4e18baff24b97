/** What is asked of the classifier beside runs, for pages and programs. Requests and answers are plain data. */

import type {
  Attachable,
  Attachment,
  ColumnReading,
  ExplainedColumn,
  VocabularyTerm,
} from '../../core/classification/answers.ts';
import type { UndecidedColumn } from '../../core/classification/review-queue.ts';
import type { ClassificationSettings } from '../../core/classification/settings.ts';
import type { ColumnSample } from '../column.ts';
import type { VocabularyText } from '../ready-vocabularies.ts';
import type { ColumnToDecide, VocabularyDescription } from '../runs/requests.ts';

/** Of each group the place of the column that stands for it, and of all in it, in the list that was sent. */
export interface GroupPlaces {
  first: number;
  columns: number[];
}

export interface Questions {
  /** @throws TemperaError INVALID_INPUT with the line that is wrong */
  describe(request: { vocabulary: VocabularyText }): Promise<VocabularyDescription>;
  terms(request: { vocabulary: VocabularyText }): Promise<VocabularyTerm[]>;
  attachments(request: { vocabulary: VocabularyText }): Promise<Attachment[]>;
  /** What a person may attach to a term. */
  attachables(request: Record<never, never>): Promise<Attachable[]>;
  /** @throws TemperaError INVALID_INPUT where no value says anything */
  explain(request: {
    vocabulary: VocabularyText;
    name: string;
    sample: ColumnSample;
  }): Promise<ExplainedColumn>;
  read(request: {
    vocabulary: VocabularyText;
    settings: ClassificationSettings;
    column: ColumnToDecide;
  }): Promise<ColumnReading>;
  /** What one decision would settle, the most first. */
  queue(request: { columns: UndecidedColumn[] }): Promise<GroupPlaces[]>;
}
