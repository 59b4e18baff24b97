/** A vocabulary's tree: names of codes, branches, and the search in it. */

import type { VocabularyTerm } from '../api/classification.ts';
import { matchScore } from '../shell/palette-actions.ts';

export interface Branch {
  code: string;
  label: string;
  /** Place among the branches, from 0. */
  place: number;
}

export class TermTree {
  /** Each behind its parent. */
  readonly terms: readonly VocabularyTerm[];
  readonly branches: readonly Branch[];
  readonly #byCode: ReadonlyMap<string, VocabularyTerm>;
  readonly #branchOf = new Map<string, Branch>();
  readonly #texts: ReadonlyMap<string, string>;

  constructor(terms: readonly VocabularyTerm[]) {
    this.terms = terms;
    this.#byCode = new Map(terms.map((term) => [term.code, term]));
    const tops = terms.filter(({ parent_code }) => parent_code === null);
    this.branches = tops.map(({ code, label }, place) => ({ code, label, place }));
    for (const branch of this.branches) this.#branchOf.set(branch.code, branch);
    for (const { code, parent_code } of terms) {
      const above = parent_code === null ? undefined : this.#branchOf.get(parent_code);
      if (above) this.#branchOf.set(code, above);
    }
    this.#texts = new Map(terms.map((term) => [term.code, textOf(term)]));
  }

  get(code: string): VocabularyTerm | undefined {
    return this.#byCode.get(code);
  }
  /** The code itself where it is none of the vocabulary's. */
  labelOf(code: string): string {
    return this.#byCode.get(code)?.label ?? code;
  }
  pathOf(code: string): string {
    return this.#byCode.get(code)?.path.join(' › ') ?? code;
  }
  branchOf(code: string): Branch | undefined {
    return this.#branchOf.get(code);
  }

  /** Terms that answer `query`, the best first; all in the tree's order where nothing is asked. */
  search(query: string, { leavesOnly = false, most = 200 } = {}): VocabularyTerm[] {
    const fitting = leavesOnly ? this.terms.filter(({ is_leaf }) => is_leaf) : this.terms;
    if (query.trim() === '') return fitting.slice(0, most);
    return fitting
      .map((term) => {
        const byLabel = matchScore(term.label, query);
        const text = byLabel > 0 ? 0 : matchScore(this.#texts.get(term.code) ?? '', query);
        return { term, score: byLabel > 0 ? byLabel + 10 : text };
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, most)
      .map(({ term }) => term);
  }
}

const textOf = ({ path, code, abbreviations, common_names: names }: VocabularyTerm): string =>
  [...path, code.replaceAll('_', ' '), ...abbreviations, ...names].join(' · ');
