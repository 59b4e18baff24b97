/** How often each term of a vocabulary is found in a run, with all below it. */

import type { ResultGroup } from '../../lib/api/classification.ts';
import type { TermTree } from '../../lib/classification/term-tree.ts';

export interface TermCount {
  columns: number;
  needsReview: number;
  /** Leaves below that some column has; of a leaf 1 or 0. */
  leaves: number;
}

export interface Coverage {
  counts: ReadonlyMap<string, TermCount>;
  leaves: number;
  leavesFound: number;
  /** Columns without an answer. */
  open: number;
}

export function coverageOf(tree: TermTree, groups: readonly ResultGroup[]): Coverage {
  const counts = new Map<string, TermCount>();
  let open = 0;
  for (const { code, columns, needs_review: needsReview } of groups) {
    if (code === null) open += columns;
    const isLeaf = code !== null && (tree.get(code)?.is_leaf ?? false);
    for (let at: string | null = code; at !== null; at = tree.get(at)?.parent_code ?? null) {
      const known = counts.get(at) ?? { columns: 0, needsReview: 0, leaves: 0 };
      counts.set(at, {
        columns: known.columns + columns,
        needsReview: known.needsReview + needsReview,
        leaves: known.leaves + (isLeaf ? 1 : 0),
      });
    }
  }
  const leaves = tree.terms.filter(({ is_leaf }) => is_leaf);
  return {
    counts,
    leaves: leaves.length,
    leavesFound: leaves.filter(({ code }) => counts.has(code)).length,
    open,
  };
}
