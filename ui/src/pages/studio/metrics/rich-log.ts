/** Tables, images and confusion matrices that code has logged. */

import type { LogEvent } from '../../../lib/streams/log-event.ts';

export interface RichLog {
  key: string;
  kind: 'table' | 'image' | 'confusion_matrix';
  name: string;
  stage: string;
  path: string | null;
  table: { columns: string[]; rows: unknown[][]; total: number } | null;
  matrix: { labels: string[]; counts: number[][] } | null;
}

/** What a script logs with a table or a matrix: the SDK's, of which the event's schema asks nothing. */
interface RichBody {
  columns?: string[];
  rows?: unknown[][];
  total_rows?: number;
  labels?: string[];
  matrix?: number[][];
}

/** What a `rich_log` event tells; null for every other. */
export function takeRichLog(event: LogEvent): RichLog | null {
  if (event.type !== 'rich_log') return null;
  const { stage, run } = event;
  const { kind, name, path, data } = event.data;
  const body = (data ?? {}) as RichBody;
  const { columns, rows, labels, matrix } = body;
  return {
    key: JSON.stringify([stage, run, kind, name]),
    ...{ kind, name, stage: stage ?? '', path: path ?? null },
    table: columns && rows ? { columns, rows, total: body.total_rows ?? rows.length } : null,
    matrix: labels && matrix ? { labels, counts: matrix } : null,
  };
}

/** One of each name, the newest, in the order in which the names came. */
export function latestLogs(logs: readonly RichLog[]): RichLog[] {
  const found = new Map<string, RichLog>();
  for (const log of logs) found.set(log.key, log);
  return [...found.values()];
}
