/** The terms of a run's vocabulary, for names of codes, paths and choosing. */

import { type VocabularyTerm, vocabularies } from '../../lib/api/classification.ts';
import { TermTree } from '../../lib/classification/term-tree.ts';
import { Resource } from '../../lib/state/resource.svelte.ts';

const NO_TERMS = new TermTree([]);

export class RunTerms {
  readonly #found: Resource<{ tree: VocabularyTerm[] }>;
  readonly #tree = $derived.by(() => {
    const tree = this.#found.value?.tree;
    return tree ? new TermTree(tree) : NO_TERMS;
  });

  /** Made in a component's script. @param id null while it is not known */
  constructor(id: () => string | null) {
    this.#found = new Resource((signal) => {
      const known = id();
      return known === null ? null : vocabularies.get(known, { signal });
    });
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
