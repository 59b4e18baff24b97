/** Targets that agents chose. An experiment keeps what was asked for alone; the models tell what they predict. */

import { SvelteMap } from 'svelte/reactivity';
import { fetchModels } from '../models/model-requests.ts';

export class ChosenTargets {
  readonly #targets = new SvelteMap<string, string>();
  /** Asked for once each: a model is there as soon as its training is, and its target stays. */
  readonly #asked = new Set<string>();

  of(experiment: string): string | null {
    return this.#targets.get(experiment) ?? null;
  }

  /** Reads the targets of `experiments`, all in one request, when one of them is new. */
  async follow(experiments: readonly string[], signal: AbortSignal): Promise<void> {
    if (experiments.every((each) => this.#asked.has(each))) return;
    const models = await fetchModels(signal).catch(() => null);
    // without an answer the cards are still right, and the next news asks again
    if (signal.aborted || models === null) return;
    for (const experiment of experiments) this.#asked.add(experiment);
    // newest first: the last one that is set is the oldest
    for (const { experiment_id, target } of models.toReversed()) {
      if (target !== null) this.#targets.set(experiment_id, target);
    }
  }
}
