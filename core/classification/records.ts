/** Records of classification: one shape for rows, REST and events. Names are the tables' column names. */

import { z } from 'zod';
import { SOURCE_TYPES } from '../ports/column-sources.ts';
import { DatasetFileSchema } from '../records.ts';
import { EvaluationSchema } from './evaluation.ts';
import { ClassificationSettingsSchema } from './settings.ts';
import { CLASSIFICATION_STATES } from './states.ts';

const id = z.string();
const time = z.string();
const count = z.number().int();

/** private: its owner's and admins'; shared: everybody may see it. */
export const SCOPES = ['private', 'shared'] as const;

export const VOCABULARY_MODES = ['tree', 'flat'] as const;

/** Whose id is the source of the bundled tables, and the vocabulary of the platform. */
export const SAMPLE_SOURCE = 'sample';
export const BUNDLED_VOCABULARY = 'tempera';

export const DataSourceSchema = z.object({
  id,
  owner: z.string(),
  scope: z.enum(SCOPES),
  source_type: z.enum(SOURCE_TYPES),
  /** Never with a credential. */
  source_uri: z.string(),
  display_name: z.string(),
  vocabulary_mode: z.enum(VOCABULARY_MODES),
  vocabulary_id: id,
  connection: z.string().nullable(),
  files: z.array(DatasetFileSchema),
  created_at: time,
});
export type DataSource = z.infer<typeof DataSourceSchema>;

/** A source with its last run, as lists show it. */
export const ListedSourceSchema = DataSourceSchema.extend({
  last_run: z
    .object({ id, state: z.enum(CLASSIFICATION_STATES), started_at: time, columns: count.nullable() })
    .nullable(),
  active_dataset: id.nullable(),
});
export type ListedSource = z.infer<typeof ListedSourceSchema>;

export const VocabularySchema = z.object({
  id,
  owner: z.string(),
  scope: z.enum(SCOPES),
  name: z.string(),
  form: z.enum(VOCABULARY_MODES),
  sha256: z.string(),
  terms: count,
  leaves: count,
  /** What is amiss in it, for people. */
  findings: z.array(z.string()),
  created_at: time,
});
export type VocabularyRecord = z.infer<typeof VocabularySchema>;

/** How far a run is; what a state has no word for is left out. */
export const ProgressSchema = z.object({
  step: z.enum(CLASSIFICATION_STATES),
  phase: z.string().optional(),
  categories_loaded: count.optional(),
  tables_discovered: count.optional(),
  tables_sampled: count.optional(),
  tables_failed: count.optional(),
  columns_total: count.optional(),
  /** Columns from whose labels members learn, and how many terms they have. */
  labels: count.optional(),
  labelled_terms: count.optional(),
  llm_labeled: count.optional(),
  llm_calls: count.optional(),
  llm_cost: z.number().optional(),
  coverage: z.number().optional(),
  iteration: count.optional(),
  disagreements: count.optional(),
  columns_classified: count.optional(),
  columns_fused: count.optional(),
  mean_bel: z.number().optional(),
  mean_gap: z.number().optional(),
  mean_conflict: z.number().optional(),
  frac_unclear: z.number().optional(),
});
export type Progress = z.infer<typeof ProgressSchema>;

export const ATTACHMENT_CHANGES = ['attach', 'detach'] as const;

/** What a person has changed of what patterns and lists of known values attach to. */
export const AttachmentChangeSchema = z.object({
  /** What patterns and lists name, and terms are found to have. */
  meaning: z.string(),
  code: z.string(),
  change: z.enum(ATTACHMENT_CHANGES),
});
export type AttachmentChange = z.infer<typeof AttachmentChangeSchema>;

export const AttachmentChangeRecordSchema = AttachmentChangeSchema.extend({
  id,
  vocabulary_id: id,
  by: z.string(),
  created_at: time,
  undone_at: time.nullable(),
  undone_by: z.string().nullable(),
});
export type AttachmentChangeRecord = z.infer<typeof AttachmentChangeRecordSchema>;

export const ClassificationRunSchema = z.object({
  id,
  owner: z.string(),
  scope: z.enum(SCOPES),
  source_id: id,
  state: z.enum(CLASSIFICATION_STATES),
  settings: ClassificationSettingsSchema,
  /** The vocabulary as it was. */
  vocabulary: z.object({
    ...{ id, name: z.string(), sha256: z.string() },
    /** What people had changed of its attachments; of older runs it is not known. */
    attachments: z.array(AttachmentChangeSchema).optional(),
  }),
  progress: ProgressSchema,
  /** What was not read, not asked or not done, and why; for people. */
  notes: z.array(z.string()),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** null until it was evaluated, and where its source has no labels. */
  evaluation: EvaluationSchema.nullable(),
  started_at: time,
  ended_at: time.nullable(),
});
export type ClassificationRun = z.infer<typeof ClassificationRunSchema>;

export const REVIEW_DECISIONS = ['accept', 'correct', 'reject', 'none'] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

/** A column of a source, across its runs. */
export const ColumnKeySchema = z.object({
  database: z.string(),
  table_name: z.string(),
  column_name: z.string(),
});
export type ColumnKey = z.infer<typeof ColumnKeySchema>;

/** Masses by the code of a node, or of several with | between; * is the whole frame. */
export const MassesSchema = z.record(z.string(), z.number());
export type Masses = z.infer<typeof MassesSchema>;

/** One row of a run's results. */
export const ClassifiedColumnSchema = ColumnKeySchema.extend({
  /** Of its table in the run, and of the column in its table; together the column's id is `table.column`. */
  table_position: count,
  column_position: count,
  type: z.string(),
  predicted_code: z.string().nullable(),
  predicted_label: z.string().nullable(),
  /** Labels from the top, with › between. */
  predicted_path: z.string().nullable(),
  cautious_code: z.string().nullable(),
  belief: z.number(),
  plausibility: z.number(),
  gap: z.number(),
  probability: z.number(),
  /** Largest between two of its sources. */
  conflict: z.number(),
  needs_review: z.boolean(),
  sensitivity: z.string().nullable(),
  contains: z.array(z.string()),
  /** What people have decided of it; null: nobody has. */
  reviewed: z.enum(REVIEW_DECISIONS).nullable(),
  reviewed_code: z.string().nullable(),
  /** The source's own label. */
  reference_code: z.string().nullable(),
  llm_code: z.string().nullable(),
  llm_confidence: z.number().nullable(),
  x: z.number(),
  y: z.number(),
});
export type ClassifiedColumn = z.infer<typeof ClassifiedColumnSchema>;

export const ReviewSchema = ColumnKeySchema.extend({
  id,
  source_id: id,
  /** In which it was decided. */
  run_id: id,
  decision: z.enum(REVIEW_DECISIONS),
  /** The term that it is, by accept or correct; what is rejected, by reject. */
  code: z.string().nullable(),
  /** What was suggested then. */
  suggested_code: z.string().nullable(),
  note: z.string(),
  by: z.string(),
  created_at: time,
  undone_at: time.nullable(),
  undone_by: z.string().nullable(),
});
export type Review = z.infer<typeof ReviewSchema>;

/** A run's results as a file, one version of its source's. Its id is the run's. */
export const ClassifiedDatasetSchema = z.object({
  id,
  owner: z.string(),
  scope: z.enum(SCOPES),
  name: z.string(),
  source_id: id,
  version_number: count,
  is_active: z.boolean(),
  /** Key in the object store. */
  parquet_path: z.string(),
  size: count,
  sha256: z.string(),
  summary: z.record(z.string(), z.unknown()),
  created_at: time,
});
export type ClassifiedDataset = z.infer<typeof ClassifiedDatasetSchema>;
