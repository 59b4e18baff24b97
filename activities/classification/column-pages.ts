/** All columns of a run, page by page. */

import { nextWindow, type RunColumn, runColumns } from '../../db/index.ts';
import type { ClassificationPorts } from './ports.ts';

const ROWS_OF_A_PAGE = 1_000;

export async function* columnPages(
  { database }: ClassificationPorts,
  runId: string,
  signal: AbortSignal,
): AsyncIterable<readonly RunColumn[]> {
  for (let from = 0; ; ) {
    signal.throwIfAborted();
    const { to } = await nextWindow(database, runId, { from, columns: ROWS_OF_A_PAGE });
    if (to <= from) return;
    const rows = await runColumns(database, runId, { from, to });
    if (rows.length > 0) yield rows;
    from = to;
  }
}
