/** What the pages of classification ask of the API; its records have the forms that core gives them. */

import type {
  Attachable,
  Attachment,
  ColumnDetail,
  ExplainedColumn,
  QueuedColumn,
  RunMap,
  VocabularyStats,
  VocabularyTerm,
} from '../../../../core/classification/answers.ts';
import type { EvaluationRecord } from '../../../../core/classification/evaluation.ts';
import type {
  AttachmentChange,
  AttachmentChangeRecord,
  ClassificationRun,
  ClassifiedColumn,
  ClassifiedDataset,
  ListedSource,
  Review,
  ReviewDecision,
  VocabularyRecord,
} from '../../../../core/classification/records.ts';
import type { ClassificationSettings } from '../../../../core/classification/settings.ts';
import type { DataConnection, NewConnection } from '../../../../core/connections.ts';
import { api } from './client.ts';
import type { Page } from './types.ts';

export type {
  Attachable,
  Attachment,
  AttachmentChange,
  AttachmentChangeRecord,
  ClassificationRun,
  ClassificationSettings,
  ClassifiedDataset,
  ColumnDetail,
  EvaluationRecord,
  ExplainedColumn,
  ListedSource,
  QueuedColumn,
  Review,
  ReviewDecision,
  RunMap,
  VocabularyRecord,
  VocabularyStats,
  VocabularyTerm,
};

/** What a column's evidence says, whether it is of a run or was classified by itself. */
export interface ColumnWords
  extends Pick<
    ColumnDetail,
    | 'sample'
    | 'signals'
    | 'contains'
    | 'reasons'
    | 'sources'
    | 'fused'
    | 'llm'
    | 'conflicts'
    | 'likely'
    | 'change'
  > {
  column: Pick<
    ClassifiedColumn,
    | 'predicted_code'
    | 'predicted_label'
    | 'predicted_path'
    | 'cautious_code'
    | 'belief'
    | 'plausibility'
    | 'probability'
    | 'type'
  >;
}

export type ListedColumn = ClassifiedColumn & { id: string };
export type SourceType = ListedSource['source_type'];

export interface SourceProbe {
  ok: boolean;
  message: string;
  tables: number | null;
}

export interface SourceTable {
  database: string;
  table: string;
  columns: number | null;
  error: string | null;
}

export type { DataConnection, NewConnection };

/** Body of a new source. */
export interface NewSource {
  display_name: string;
  source_type: SourceType;
  source_uri?: string;
  upload_ids?: string[];
  connection?: string;
  vocabulary_id?: string;
  scope: 'private' | 'shared';
}

/** Which of a run's columns are shown. */
export interface ResultsFilter {
  q?: string | undefined;
  code?: string | undefined;
  database?: string | undefined;
  table?: string | undefined;
  needs_review?: boolean | undefined;
  reviewed?: boolean | undefined;
  sensitive?: boolean | undefined;
}

export interface ResultCounts {
  columns: number;
  needs_review: number;
  reviewed: number;
}

export interface ResultGroup {
  database: string | null;
  table_name: string | null;
  code: string | null;
  label: string | null;
  columns: number;
  needs_review: number;
  mean_probability: number | null;
}

export interface ReviewQueue {
  items: QueuedColumn[];
  undecided: number;
  grouped: number;
}

/** One column's decision, as it is sent. */
export interface ReviewItem {
  column: string;
  decision: ReviewDecision;
  code?: string;
}

/** One column that is classified by itself. */
export interface ExplainRequest {
  name: string;
  values: string[];
  table?: string;
  siblings?: string[];
  vocabulary_id: string;
}

interface Items<T> {
  items: T[];
}
interface At {
  signal?: AbortSignal | undefined;
}

const path = (...parts: string[]): string => parts.map(encodeURIComponent).join('/');
const itemsOf = async <T>(url: string, query: Record<string, string | undefined>, at: At): Promise<T[]> =>
  (await api.get<Items<T>>(url, { ...at, query })).items;

export const sources = {
  list: (at: At = {}) => itemsOf<ListedSource>('/api/data-sources', {}, at),
  get: (id: string, at: At = {}) => api.get<ListedSource>(`/api/data-sources/${path(id)}`, at),
  create: (body: NewSource, idempotencyKey: string) =>
    api.post<ListedSource>('/api/data-sources', body, { idempotencyKey }),
  remove: (id: string) => api.delete(`/api/data-sources/${path(id)}`),
  test: (id: string) =>
    api.post<SourceProbe>(`/api/data-sources/${path(id)}/test`, {}, { idempotencyKey: null }),
  tables: (id: string, cursor: string | null, at: At = {}) =>
    api.get<Page<SourceTable>>(`/api/data-sources/${path(id)}/tables`, {
      ...at,
      query: { cursor, limit: 200 },
    }),
  undo: (id: string, ids: readonly string[]) =>
    api.post<Items<Review>>(`/api/data-sources/${path(id)}/reviews/undo`, { ids }, { idempotencyKey: null }),
};

export const connections = {
  list: (at: At = {}) =>
    api.get<Items<DataConnection> & { problems: { name: string; message: string }[] }>(
      '/api/data-connections',
      at,
    ),
  create: (body: NewConnection, idempotencyKey: string) =>
    api.post<DataConnection>('/api/data-connections', body, { idempotencyKey }),
  remove: (name: string) => api.delete(`/api/data-connections/${path(name)}`),
  test: (name: string) =>
    api.post<NonNullable<DataConnection['last_probe']>>(
      `/api/data-connections/${path(name)}/test`,
      {},
      { idempotencyKey: null },
    ),
  tables: (name: string, cursor: string | null, at: At = {}) =>
    api.get<Page<Pick<SourceTable, 'database' | 'table'>>>(`/api/data-connections/${path(name)}/tables`, {
      ...at,
      query: { cursor, limit: 200 },
    }),
};

export const runs = {
  start: (source_id: string, settings: Partial<ClassificationSettings> | undefined, key: string) =>
    api.post<{ run_id: string }>('/api/fsm/start', { source_id, settings }, { idempotencyKey: key }),
  list: async (source_id: string, at: At = {}) =>
    (
      await api.get<Page<ClassificationRun>>('/api/fsm/runs', {
        ...at,
        query: { source_id, limit: 50 },
      })
    ).items,
  get: (id: string, at: At = {}) => api.get<ClassificationRun>(`/api/fsm/runs/${path(id)}`, at),
  vocabulary: (id: string, at: At = {}) =>
    api.get<{ tree: VocabularyTerm[] }>(`/api/fsm/runs/${path(id)}/vocabulary`, at),
  cancel: (id: string) => api.post<ClassificationRun>(`/api/fsm/runs/${path(id)}/cancel`),
  streamOf: (id: string) => `/api/fsm/runs/${path(id)}/stream`,
};

export const results = {
  page: (
    id: string,
    query: ResultsFilter & { limit: number; cursor?: string | null; offset?: number; order?: string },
    at: At = {},
  ) => api.get<Page<ListedColumn>>(`/api/fsm/runs/${path(id)}/results`, { ...at, query: { ...query } }),
  counts: (id: string, filter: ResultsFilter, at: At = {}) =>
    api.get<ResultCounts>(`/api/fsm/runs/${path(id)}/results/counts`, { ...at, query: { ...filter } }),
  groups: async (id: string, query: ResultsFilter & { by: 'table' | 'term' }, at: At = {}) =>
    (
      await api.get<Items<ResultGroup>>(`/api/fsm/runs/${path(id)}/results/groups`, {
        ...at,
        query: { ...query },
      })
    ).items,
  column: (id: string, column: string, at: At = {}) =>
    api.get<ColumnDetail>(`/api/fsm/runs/${path(id)}/columns/${path(column)}`, at),
  queue: (id: string, at: At = {}) =>
    api.get<ReviewQueue>(`/api/fsm/runs/${path(id)}/queue`, { ...at, query: { limit: 100 } }),
  review: async (id: string, items: readonly ReviewItem[]) =>
    (await api.post<Items<Review>>(`/api/fsm/runs/${path(id)}/reviews`, { items })).items,
  map: (id: string, at: At = {}) => api.get<RunMap>(`/api/fsm/runs/${path(id)}/map`, at),
  evaluation: async (id: string, at: At = {}) =>
    (await api.get<{ evaluation: EvaluationRecord | null }>(`/api/fsm/runs/${path(id)}/evaluation`, at))
      .evaluation,
};

export const datasets = {
  list: (source_id: string, at: At = {}) => itemsOf<ClassifiedDataset>('/api/datasets', { source_id }, at),
  activate: (id: string) =>
    api.post<ClassifiedDataset>(`/api/datasets/${path(id)}/activate`, {}, { idempotencyKey: null }),
  file: (id: string) => `/api/datasets/${path(id)}/data`,
};

export const vocabularies = {
  list: (at: At = {}) => itemsOf<VocabularyRecord>('/api/vocabularies', {}, at),
  get: (id: string, at: At = {}) =>
    api.get<VocabularyRecord & { tree: VocabularyTerm[] }>(`/api/vocabularies/${path(id)}`, at),
  put: (id: string, body: { name: string; text: string; scope: 'private' | 'shared' }) =>
    api.put<VocabularyRecord>(`/api/vocabularies/${path(id)}`, body),
  remove: (id: string) => api.delete(`/api/vocabularies/${path(id)}`),
  attachments: (id: string, at: At = {}) =>
    api.get<Items<Attachment> & { changes: AttachmentChangeRecord[]; attachable: Attachable[] }>(
      `/api/vocabularies/${path(id)}/attachments`,
      at,
    ),
  changeAttachment: (id: string, change: AttachmentChange) =>
    api.post<AttachmentChangeRecord>(`/api/vocabularies/${path(id)}/attachments`, change),
  undoAttachments: (id: string, ids: readonly string[]) =>
    api.post<Items<AttachmentChangeRecord>>(
      `/api/vocabularies/${path(id)}/attachments/undo`,
      { ids },
      { idempotencyKey: null },
    ),
  explain: (body: ExplainRequest, at: At = {}) =>
    api.post<ExplainedColumn>('/api/classify/explain', body, { ...at, idempotencyKey: null }),
  stats: (source_id: string, at: At = {}) =>
    api.get<VocabularyStats>('/api/vocabulary/stats', { ...at, query: { source_id } }),
};
