import type { ResultGroup, VocabularyTerm } from '../../lib/api/classification.ts';
import { TermTree } from '../../lib/classification/term-tree.ts';
import { coverageOf } from './term-coverage.ts';

const term = (code: string, parent_code: string | null, is_leaf: boolean): VocabularyTerm => ({
  ...{ code, label: code, path: [code], sensitivity: null, parent_code, depth: parent_code ? 2 : 1, is_leaf },
  ...{ leaves: 1, abbreviations: [], common_names: [], description: '' },
});
const group = (code: string | null, columns: number, needs_review = 0): ResultGroup => ({
  ...{ database: null, table_name: null, code, label: code, columns, needs_review, mean_probability: 0.5 },
});

test('a term counts what it and all below it have; what has no term is told apart', () => {
  const tree = new TermTree([
    term('P', null, false),
    term('A', 'P', true),
    term('B', 'P', true),
    term('C', 'P', true),
  ]);
  const { counts, leaves, leavesFound, open } = coverageOf(tree, [
    group('A', 5, 1),
    group('B', 2),
    group(null, 3, 3),
  ]);
  expect(counts.get('P')).toEqual({ columns: 7, needsReview: 1, leaves: 2 });
  expect([counts.get('A')?.columns, counts.has('C')]).toEqual([5, false]);
  expect([leaves, leavesFound, open]).toEqual([3, 2, 3]);
});
