/** The terms of a run's vocabulary as the run has read it, for names of codes, paths and choosing. */

import { runs, type VocabularyTerm } from '../../lib/api/classification.ts';
import { TermTree } from '../../lib/classification/term-tree.ts';
import { Resource } from '../../lib/state/resource.svelte.ts';

const NO_TERMS = new TermTree([]);

export class RunTerms {
  readonly #found: Resource<{ tree: VocabularyTerm[] }>;
  readonly #tree = $derived.by(() => {
    const tree = this.#found.value?.tree;
    return tree ? new TermTree(tree) : NO_TERMS;
  });

  /** Made in a component's script. */
  constructor(run: () => string) {
    this.#found = new Resource((signal) => runs.vocabulary(run(), { signal }));
  }

  /** Empty until it is loaded. */
  get tree(): TermTree {
    return this.#tree;
  }
  get error(): Error | null {
    return this.#found.error;
  }
  get isThere(): boolean {
    return this.#found.value !== undefined;
  }
  reload(): void {
    this.#found.reload();
  }
}
