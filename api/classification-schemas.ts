/** What requests of classification may carry. */

import { z } from 'zod';
import { ATTACHMENT_CHANGES, REVIEW_DECISIONS, SCOPES } from '../core/classification/records.ts';
import { ClassificationSettingsSchema } from '../core/classification/settings.ts';
import { SOURCE_TYPES } from '../core/ports/column-sources.ts';
import { GROUPINGS } from '../db/index.ts';

const name = z.string().trim().min(1).max(200);
const id = z.string().min(1).max(100);
const cursor = z.string().max(500).optional();
const limit = (most: number, usual: number) => z.coerce.number().int().min(1).max(most).default(usual);
const yesOrNo = z
  .enum(['true', 'false'])
  .transform((word) => word === 'true')
  .optional();

/** Files of one source. */
const MOST_FILES = 1_000;
/** Reviews of one request. */
const MOST_REVIEWS = 1_000;
/** Rows of a page of results. */
export const MOST_RESULTS = 1_000;
/** Columns of a run, as its settings bound them. */
const MOST_COLUMNS = 1_000_000;
/** UTF-16 units of a vocabulary that is sent. */
export const LARGEST_VOCABULARY = 8 * 1024 * 1024;
/** Bytes of the request that brings one: JSON writes a character in up to six. */
export const VOCABULARY_BYTES = 2 * LARGEST_VOCABULARY;

export const SourceBodySchema = z.strictObject({
  display_name: name,
  source_type: z.enum(SOURCE_TYPES),
  /** A folder, a prefix, the address of a database without credentials. */
  source_uri: z.string().trim().min(1).max(2_000).optional(),
  /** Files that were uploaded. */
  upload_ids: z.array(z.string().max(100)).min(1).max(MOST_FILES).optional(),
  /** The data connection whose credentials open it. */
  connection: name.optional(),
  vocabulary_id: id.optional(),
  scope: z.enum(SCOPES).default('private'),
});
export type SourceBody = z.infer<typeof SourceBodySchema>;

export const VocabularyIdParams = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'give lower-case letters, digits, dots, - and _'),
});
export const VocabularyBodySchema = z.strictObject({
  name,
  /** CSV or JSON. */
  text: z.string().min(1).max(LARGEST_VOCABULARY),
  scope: z.enum(SCOPES).default('private'),
});
export type VocabularyBody = z.infer<typeof VocabularyBodySchema>;

export const StartBodySchema = z.strictObject({
  source_id: id.optional(),
  settings: ClassificationSettingsSchema.optional(),
});
export type StartBody = z.infer<typeof StartBodySchema>;

export const SourceQuery = z.strictObject({ source_id: id.optional() });
export const RunsQuery = z.strictObject({ source_id: id.optional(), cursor, limit: limit(200, 50) });
export const TablesQuery = z.strictObject({ cursor, limit: limit(200, 100) });
export const ReviewsQuery = z.strictObject({ cursor, limit: limit(200, 50) });
export const QueueQuery = z.strictObject({ limit: limit(500, 50) });

const filters = {
  /** Within the name of the column or its table. */
  q: z.string().max(200).optional(),
  /** A term with all below it. */
  code: z.string().max(500).optional(),
  database: z.string().max(500).optional(),
  table: z.string().max(500).optional(),
  needs_review: yesOrNo,
  reviewed: yesOrNo,
  sensitive: yesOrNo,
};
export const FilterQuery = z.strictObject(filters);
export type FilterQuery = z.output<typeof FilterQuery>;
export const ResultsQuery = z.strictObject({
  ...filters,
  order: z.enum(['position', 'doubt']).optional(),
  cursor,
  /** Rows to leave out: for who jumps in a long list; those who walk take the cursor. */
  offset: z.coerce.number().int().min(0).max(MOST_COLUMNS).default(0),
  limit: limit(MOST_RESULTS, 100),
});
export const GroupsQuery = z.strictObject({ ...filters, by: z.enum(GROUPINGS).default('table') });

export const ColumnParams = z.strictObject({ id: z.string(), column: z.string().max(40) });

export const ReviewsBodySchema = z.strictObject({
  items: z
    .array(
      z.strictObject({
        column: z.string().max(40),
        decision: z.enum(REVIEW_DECISIONS),
        code: z.string().min(1).max(500).optional(),
        note: z.string().max(2_000).default(''),
      }),
    )
    .min(1)
    .max(MOST_REVIEWS),
});
export type ReviewItem = z.output<typeof ReviewsBodySchema>['items'][number];
export const UndoBodySchema = z.strictObject({ ids: z.array(z.guid()).min(1).max(MOST_REVIEWS) });

export const AttachmentBodySchema = z.strictObject({
  /** Of a form or a list of known values, as the attachments name it. */
  meaning: z.string().min(1).max(100),
  code: z.string().min(1).max(500),
  change: z.enum(ATTACHMENT_CHANGES),
});

/** Values of one pasted column, and what one may hold. */
const MOST_VALUES = 1_000;
const LONGEST_VALUE = 2_000;
export const ExplainBodySchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  values: z.array(z.string().max(LONGEST_VALUE)).min(1).max(MOST_VALUES),
  table: z.string().max(200).optional(),
  type: z.string().max(200).optional(),
  siblings: z.array(z.string().max(200)).max(MOST_VALUES).optional(),
  vocabulary_id: id.optional(),
});
export type ExplainBody = z.output<typeof ExplainBodySchema>;
