import type { ResultsFilter } from '../../lib/api/classification.ts';
import { saveText } from '../../lib/state/save-text.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';
import { resultsCsv } from './results-csv.ts';

/** A file of results that is being fetched; it can be given up. */
export class CsvExport {
  #rows = $state<number | null>(null);
  #stop = new AbortController();

  /** Rows that are there; null while none is asked for. */
  get rows(): number | null {
    return this.#rows;
  }

  async start(run: string, filter: ResultsFilter): Promise<void> {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#rows = 0;
    try {
      const onprogress = (rows: number): void => {
        if (!signal.aborted) this.#rows = rows;
      };
      saveText(
        `classified-${run.slice(-6)}.csv`,
        await resultsCsv({ run, filter, signal, onprogress }),
        'text/csv',
      );
    } catch (error) {
      if (!signal.aborted) toasts.fail(error);
    } finally {
      this.#rows = null;
    }
  }

  stop(): void {
    this.#stop.abort();
    this.#rows = null;
  }
}
