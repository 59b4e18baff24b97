/** What the pages about data, metrics and models ask of the API. */

import type { Row } from '../grid/row-pages.ts';
import type { ColumnSummary, Comparison, StoredMetrics, TreeEntry } from './answers.ts';
import { api } from './client.ts';

export interface TableInfo {
  name: string;
  file: string;
  rows: number | null;
  /** SQL's type, and what reports call it where a plan knows the column. */
  columns: { name: string; type: string; kind_words?: string }[];
  error?: string;
}

export interface SqlAnswer {
  columns: { name: string; type: string }[];
  rows: Row[];
  truncated: boolean;
  /** Cells of which something was left out. */
  cut_cells: { row: number; column: number }[];
}

const session = (id: string): string => `/api/sessions/${encodeURIComponent(id)}`;

/** At most `points` of each series; between two steps where a window is given. */
export function fetchMetrics(
  id: string,
  query: { name?: string; from?: number; to?: number; points: number },
  signal?: AbortSignal,
): Promise<StoredMetrics> {
  const words = new URLSearchParams({ max_points: String(query.points), form: 'columns' });
  if (query.name !== undefined) words.set('name', query.name);
  if (query.from !== undefined) words.set('from_step', String(Math.floor(query.from)));
  if (query.to !== undefined) words.set('to_step', String(Math.ceil(query.to)));
  return api.get(`${session(id)}/metrics?${words}`, { signal });
}

export async function fetchTables(id: string, signal?: AbortSignal): Promise<TableInfo[]> {
  return (await api.get<{ items: TableInfo[] }>(`${session(id)}/tables`, { signal })).items;
}

export async function fetchColumns(
  id: string,
  table: string,
  signal?: AbortSignal,
): Promise<ColumnSummary[]> {
  const path = `${session(id)}/columns/${encodeURIComponent(table)}`;
  return (await api.get<{ items: ColumnSummary[] }>(path, { signal })).items;
}

/** One read-only statement over the session's tables. */
export function runSql(
  id: string,
  query: { sql: string; limit: number },
  signal?: AbortSignal,
): Promise<SqlAnswer> {
  return api.post(`${session(id)}/sql`, query, { signal, idempotencyKey: null });
}

/** @param checkpoint of a kept workspace; the last one's without it */
export async function fetchFiles(
  id: string,
  signal?: AbortSignal,
  checkpoint?: string | null,
): Promise<TreeEntry[]> {
  const found: TreeEntry[] = [];
  for (let after: string | undefined; ; after = found.at(-1)?.path) {
    const url = `${session(id)}/files`;
    const { entries, truncated } = await api.get<{ entries: TreeEntry[]; truncated: boolean }>(url, {
      signal,
      query: { checkpoint, after },
    });
    found.push(...entries);
    if (!truncated || entries.length === 0) return found;
  }
}

/** The first bytes of a file. */
export async function readStart(url: string, bytes: number): Promise<Uint8Array> {
  const answer = await api.open(url, { headers: { range: `bytes=0-${bytes - 1}` } });
  return new Uint8Array(await answer.arrayBuffer());
}

/** @param reference the session that the others are compared with fold by fold; null: the oldest */
export function fetchComparison(
  ids: readonly string[],
  reference: string | null,
  signal?: AbortSignal,
): Promise<Comparison> {
  const against = reference === null ? '' : `&reference=${encodeURIComponent(reference)}`;
  return api.get(`/api/compare?sessions=${ids.map(encodeURIComponent).join(',')}${against}`, { signal });
}

/** All sessions of an experiment. */
export function fetchExperimentComparison(experiment: string, signal?: AbortSignal): Promise<Comparison> {
  return api.get('/api/compare', { signal, query: { experiment_id: experiment } });
}
