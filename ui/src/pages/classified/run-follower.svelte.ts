/**
 * A run while it goes on: its record is asked for again, seldomer while nothing changes. What it went through before is
 * read from its events once. The connection that tabs share carries sessions alone, and none is opened beside it.
 */

import { untrack } from 'svelte';
import { type ClassificationRun, runs } from '../../lib/api/classification.ts';
import { isUnderWay } from '../../lib/classification/state-words.ts';
import { abortable, Resource } from '../../lib/state/resource.svelte.ts';
import { historyOf, type RunHistory } from './run-history.ts';
import { type RunMoment, readPast } from './run-past.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
const GROWTH = 1.5;

export class RunFollower {
  readonly #found: Resource<ClassificationRun>;
  #past = $state.raw<readonly RunMoment[]>([]);
  #seen = $state.raw<readonly RunMoment[]>([]);
  readonly #history = $derived(historyOf([...this.#past, ...this.#seen]));
  #pause = FIRST_PAUSE_MS;
  #last = '';

  /** Made in a component's script. @param runId is read anew when it changes */
  constructor(runId: () => string) {
    this.#found = new Resource((signal) => runs.get(runId(), { signal }));
    abortable(async (signal) => {
      const url = runs.streamOf(runId());
      this.#past = [];
      this.#seen = [];
      // without it the charts begin now
      const past = await readPast(url, signal).catch(() => []);
      if (!signal.aborted) this.#past = past;
    });
    $effect(() => this.#follow());
  }

  get run(): ClassificationRun | undefined {
    return this.#found.value;
  }
  get error(): Error | null {
    return this.#found.error;
  }
  get history(): RunHistory {
    return this.#history;
  }

  reload(): void {
    this.#found.reload();
  }

  #follow(): (() => void) | undefined {
    const run = this.#found.value;
    void this.#found.loading;
    if (!run || this.#found.loading) return;
    this.#note(run);
    if (!isUnderWay(run.state)) return;
    const timer = setInterval(() => !document.hidden && this.#found.reload(), this.#pause);
    return () => clearInterval(timer);
  }

  #note({ state, progress }: ClassificationRun): void {
    const now = JSON.stringify([state, progress]);
    const isNew = now !== this.#last;
    this.#pause = isNew ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, this.#pause * GROWTH);
    this.#last = now;
    if (!isNew) return;
    const numbers = Object.entries(progress).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    );
    const moment = { state, progress: Object.fromEntries(numbers), at: '' };
    untrack(() => {
      this.#seen = [...this.#seen, moment];
    });
  }
}
