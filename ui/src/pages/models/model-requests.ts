/** The registry of models and their predictions. */

import { api } from '../../lib/api/client.ts';
import { sixDigits } from '../../lib/format/numbers.ts';

export interface ModelRecord {
  id: string;
  session_id: string;
  experiment_id: string;
  name: string;
  target: string | null;
  problem_type: string | null;
  title: string | null;
  metric: string | null;
  score: number | null;
  low: number | null;
  high: number | null;
  metrics: Record<string, number>;
  run: number;
  stale: boolean;
  size: number;
  created_at: string;
}

export interface ModelFeature {
  name: string;
  type: string;
  min?: number | string | null;
  max?: number | string | null;
  categories?: string[];
  example?: number | string | boolean | null;
}

export interface DescribedModel extends ModelRecord {
  description: { features: ModelFeature[]; classes?: unknown[] | null };
}

export interface Prediction {
  prediction: string | number | boolean | null;
  probabilities?: Record<string, number>;
  /** Held the truth for the share `level` of the test rows. */
  interval?: { low: number; high: number; level: number };
  warnings: string[];
}

const model = (id: string): string => `/api/models/${encodeURIComponent(id)}`;

export async function fetchModels(signal?: AbortSignal): Promise<ModelRecord[]> {
  return (await api.get<{ items: ModelRecord[] }>('/api/models', { signal, query: { limit: 200 } })).items;
}

export const describeModel = (id: string, signal?: AbortSignal): Promise<DescribedModel> =>
  api.get(`${model(id)}/description`, { signal });

export async function predictRow(
  id: string,
  row: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<Prediction | null> {
  const { predictions } = await api.post<{ predictions: Prediction[] }>(
    `${model(id)}/predict`,
    { rows: [row] },
    { signal },
  );
  return predictions[0] ?? null;
}

/** The file with its predictions as CSV, and what the platform says of it. */
export async function predictFile(
  id: string,
  file: File,
  signal?: AbortSignal,
): Promise<{ content: Blob; remarks: string[] }> {
  const headers = { 'content-type': 'application/octet-stream', 'idempotency-key': crypto.randomUUID() };
  const options = { headers, signal, query: { name: file.name } };
  const answer = await api.open(`${model(id)}/predict-file`, options, { method: 'POST', body: file });
  return { content: await answer.blob(), remarks: remarksOf(answer.headers.get('tempera-notes')) };
}

/** The sentences of the header that an answer's notes come in. */
export function remarksOf(header: string | null): string[] {
  if (!header) return [];
  const { remarks }: { remarks?: unknown } = JSON.parse(decodeURIComponent(header));
  return Array.isArray(remarks) ? remarks.map(String) : [];
}

/** What a form holds as a row: numbers as numbers, also with a decimal comma; an empty field as missing. */
export function rowOf(
  features: readonly ModelFeature[],
  values: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return Object.fromEntries(
    features.map(({ name, type }) => {
      const text = (values[name] ?? '').trim();
      if (text === '') return [name, null];
      const number = Number(/^[+-]?\d+,\d+$/.test(text) ? text.replace(',', '.') : text);
      return [name, type === 'number' && Number.isFinite(number) ? number : text];
    }),
  );
}

/** What the form shows at first: a usual row. */
export const startValues = (features: readonly ModelFeature[]): Record<string, string> =>
  Object.fromEntries(
    features.map(({ name, example }) => [
      name,
      typeof example === 'number' ? sixDigits(example) : String(example ?? ''),
    ]),
  );
