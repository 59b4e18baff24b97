/** What the pages of classification ask of the API; its records have the forms that core gives them. */

import type {
  Attachment,
  ColumnDetail,
  QueuedColumn,
  RunMap,
  VocabularyStats,
  VocabularyTerm,
} from '../../../../core/classification/answers.ts';
import type { EvaluationRecord } from '../../../../core/classification/evaluation.ts';
import type {
  ClassificationRun,
  ClassifiedColumn,
  ClassifiedDataset,
  ListedSource,
  Review,
  ReviewDecision,
  VocabularyRecord,
} from '../../../../core/classification/records.ts';
import type { ClassificationSettings } from '../../../../core/classification/settings.ts';
import { api } from './client.ts';
import type { Page } from './types.ts';

export type {
  Attachment,
  ClassificationRun,
  ClassificationSettings,
  ClassifiedDataset,
  ColumnDetail,
  EvaluationRecord,
  ListedSource,
  QueuedColumn,
  Review,
  ReviewDecision,
  RunMap,
  VocabularyRecord,
  VocabularyStats,
  VocabularyTerm,
};

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

export interface DataConnection {
  name: string;
  type: string;
  address: string;
  last_probe: (SourceProbe & { at: string }) | null;
}

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
  connections: (at: At = {}) => itemsOf<DataConnection>('/api/data-connections', {}, at),
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
    itemsOf<Attachment>(`/api/vocabularies/${path(id)}/attachments`, {}, at),
  stats: (source_id: string, at: At = {}) =>
    api.get<VocabularyStats>('/api/vocabulary/stats', { ...at, query: { source_id } }),
};
