/** What is told of vocabularies, runs and columns beside their records: one shape for REST, CLI and classifier. */

import { z } from 'zod';
import { ClassifiedColumnSchema, ReviewSchema } from './records.ts';
import { CLASSIFICATION_STATES } from './states.ts';

const count = z.number().int();
const share = z.number();

export const ShownTermSchema = z.object({
  code: z.string(),
  label: z.string(),
  /** Labels from the top. */
  path: z.array(z.string()),
  sensitivity: z.string().nullable(),
});
export type ShownTerm = z.infer<typeof ShownTermSchema>;

export const ShownMassSchema = z.object({
  /** null: the whole frame. */
  codes: z.array(z.string()).nullable(),
  label: z.string(),
  mass: share,
});
export type ShownMass = z.infer<typeof ShownMassSchema>;

export const ShownSignalSchema = z.object({
  name: z.string(),
  title: z.string(),
  matched: count,
  of: count,
  counts_as: z.enum(['evidence', 'signal', 'nothing']),
  attached: z.array(z.object({ code: z.string(), reason: z.string() })),
});
export type ShownSignal = z.infer<typeof ShownSignalSchema>;

export const ShownSourceSchema = z.object({
  source: z.string(),
  masses: z.array(ShownMassSchema),
  reasons: z.array(z.string()),
});
export const ShownConflictSchema = z.object({
  between: z.tuple([z.string(), z.string()]),
  conflict: share,
});
export const ShownContentSchema = z.object({ name: z.string(), title: z.string(), values: count });

/** One column that was classified by itself. */
export const ExplanationSchema = z.object({
  column: z.object({
    name: z.string(),
    table: z.string().nullable(),
    type: z.string().nullable(),
    values: count,
    values_left_out: count,
  }),
  vocabulary: z.object({
    name: z.string(),
    form: z.string(),
    terms: count,
    leaves: count,
    findings: z.array(z.string()),
  }),
  /** null: too little is known to say one. */
  prediction: ShownTermSchema.nullable(),
  /** The deepest term that is believed enough. */
  cautious: ShownTermSchema.nullable(),
  belief: share,
  plausibility: share,
  gap: share,
  probability: share,
  needs_review: z.boolean(),
  review_reasons: z.array(z.string()),
  sources: z.array(ShownSourceSchema),
  fused: z.array(ShownMassSchema),
  patterns: z.array(ShownSignalSchema),
  value_lists: z.array(ShownSignalSchema),
  contains: z.array(ShownContentSchema),
  conflicts: z.array(ShownConflictSchema),
});
export type Explanation = z.infer<typeof ExplanationSchema>;

/** One node of a vocabulary's tree; nodes come with those above before those below. */
export const VocabularyTermSchema = ShownTermSchema.extend({
  parent_code: z.string().nullable(),
  /** 1: at the top. */
  depth: count,
  is_leaf: z.boolean(),
  /** Below it; 1 for a leaf. */
  leaves: count,
  abbreviations: z.array(z.string()),
  common_names: z.array(z.string()),
  description: z.string(),
});
export type VocabularyTerm = z.infer<typeof VocabularyTermSchema>;

/** A term that has a meaning, and what this brings it. */
export const AttachmentSchema = z.object({
  meaning: z.string(),
  code: z.string(),
  label: z.string(),
  /** What of the term says so. */
  reason: z.string(),
  /** Forms of values by which it is known; a weak one is a signal only. */
  patterns: z.array(z.object({ name: z.string(), title: z.string(), is_weak: z.boolean() })),
  /** Known values, where there is a list of them. */
  list: z.object({ values: count }).nullable(),
});
export type Attachment = z.infer<typeof AttachmentSchema>;

/** What can be attached to a term by a person. */
export const AttachableSchema = AttachmentSchema.pick({ meaning: true, patterns: true, list: true });
export type Attachable = z.infer<typeof AttachableSchema>;

/** A term with what one would bet on it. */
export const LikelyTermSchema = ShownTermSchema.extend({ probability: share });
export type LikelyTerm = z.infer<typeof LikelyTermSchema>;

export const ChangeSchema = z.object({
  /** The likeliest term that is not predicted. */
  second: LikelyTermSchema.nullable(),
  /** The fewest sources found without whose word something else, or nothing, would be predicted. */
  sources: z.array(z.string()),
  /** What would be predicted without their word; null: nothing. */
  instead: ShownTermSchema.nullable(),
  /** What would be predicted without each source that speaks. */
  without: z.array(
    z.object({ source: z.string(), prediction: ShownTermSchema.nullable(), probability: share }),
  ),
});
export type Change = z.infer<typeof ChangeSchema>;

/** What is read out of a column's evidence. */
export const ColumnReadingSchema = z.object({
  sources: z.array(ShownSourceSchema),
  fused: z.array(ShownMassSchema),
  /** Why a person should look at it. */
  reasons: z.array(z.string()),
  conflicts: z.array(ShownConflictSchema),
  /** Terms by what one would bet on each, the likeliest first. */
  likely: z.array(LikelyTermSchema),
  change: ChangeSchema,
});
export type ColumnReading = z.infer<typeof ColumnReadingSchema>;

/** One column that was classified by itself, with what else it may be and what would change it. */
export const ExplainedColumnSchema = ExplanationSchema.extend({
  likely: z.array(LikelyTermSchema),
  change: ChangeSchema,
});
export type ExplainedColumn = z.infer<typeof ExplainedColumnSchema>;

/** One column of a run with all that is known of it. */
export const ColumnDetailSchema = ColumnReadingSchema.extend({
  id: z.string(),
  column: ClassifiedColumnSchema,
  sample: z.object({
    total_count: count.nullable(),
    null_count: count.nullable(),
    distinct_count: count.nullable(),
    values: z.array(z.string()),
    /** The column of another table that its source says it refers to. */
    references: z.object({ table: z.string(), column: z.string() }).optional(),
    /** It is of its table's primary key. */
    is_key: z.boolean().optional(),
  }),
  signals: z.array(ShownSignalSchema.omit({ attached: true })),
  contains: z.array(ShownContentSchema),
  llm: z
    .object({
      code: z.string().nullable(),
      label: z.string().nullable(),
      confidence: share,
      reason: z.string(),
      alternatives: z.array(z.object({ code: z.string(), confidence: share })),
    })
    .nullable(),
  /** Every decision on it, undone ones too, newest first. */
  reviews: z.array(ReviewSchema),
});
export type ColumnDetail = z.infer<typeof ColumnDetailSchema>;

/** Columns that one decision may settle, by the one that stands for them. */
export const QueuedColumnSchema = z.object({
  id: z.string(),
  database: z.string(),
  table_name: z.string(),
  column_name: z.string(),
  predicted_code: z.string().nullable(),
  predicted_label: z.string().nullable(),
  belief: share,
  probability: share,
  /** Undecided columns like it, itself among them. */
  settles: count,
  /** Some of these columns, the least sure first. */
  similar: z.array(z.string()),
});
export type QueuedColumn = z.infer<typeof QueuedColumnSchema>;

/** How the last run of a source stands; before the first it is IDLE, without an id. */
export const RunStatusSchema = z.object({
  source_id: z.string(),
  run_id: z.string(),
  state: z.enum(CLASSIFICATION_STATES),
  started_at: z.string().nullable(),
  /** An object in JSON: `{}` before the first run. */
  progress_json: z.string(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type RunStatus = z.infer<typeof RunStatusSchema>;

/** Which term is found how often in a run. */
export const VocabularyStatsSchema = z.object({
  source_id: z.string(),
  /** The last run that has results; null: there is none. */
  run_id: z.string().nullable(),
  vocabulary: z.object({ id: z.string(), name: z.string() }),
  terms: count,
  leaves: count,
  leaves_found: count,
  /** Share of the leaves that a column has. */
  coverage: share,
  columns: count,
  /** Columns without an answer. */
  open: count,
  /** Nodes that a column has or one below it, in the tree's order. */
  found: z.array(
    z.object({
      code: z.string(),
      label: z.string(),
      depth: count,
      is_leaf: z.boolean(),
      columns: count,
      needs_review: count,
    }),
  ),
});
export type VocabularyStats = z.infer<typeof VocabularyStatsSchema>;

/** Points of a run's columns in the plane, one place in each list a column. */
export const RunMapSchema = z.object({
  /** Columns that the run has. */
  columns: count,
  /** One column of so many is shown; 1: all are. */
  every: count,
  id: z.array(z.string()),
  name: z.array(z.string()),
  x: z.array(z.number()),
  y: z.array(z.number()),
  probability: z.array(share),
  needs_review: z.array(z.boolean()),
  /** Place in `terms`; -1 where nothing is predicted. */
  term: z.array(count),
  terms: z.array(z.object({ code: z.string(), label: z.string() })),
});
export type RunMap = z.infer<typeof RunMapSchema>;

const COLUMN_ID = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/;

/** A column's id in its run. */
export const columnId = ({
  table_position,
  column_position,
}: {
  table_position: number;
  column_position: number;
}): string => `${table_position}.${column_position}`;

/** Where the column of an id stands; null for what is none. */
export function columnPlace(id: string): { table_position: number; column_position: number } | null {
  const [, table, column] = COLUMN_ID.exec(id) ?? [];
  if (table === undefined || column === undefined) return null;
  return { table_position: Number(table), column_position: Number(column) };
}
