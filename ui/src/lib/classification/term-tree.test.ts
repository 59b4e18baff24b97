import type { VocabularyTerm } from '../api/classification.ts';
import { TermTree } from './term-tree.ts';

const term = (code: string, path: string[], fields: Partial<VocabularyTerm> = {}): VocabularyTerm => ({
  ...{ code, label: path.at(-1) ?? code, path, sensitivity: null, parent_code: null, depth: path.length },
  ...{ is_leaf: true, leaves: 1, abbreviations: [], common_names: [], description: '', ...fields },
});
const TREE = new TermTree([
  term('PERSON', ['Person'], { is_leaf: false }),
  term('LAST_NAME', ['Person', 'Last name'], { parent_code: 'PERSON', common_names: ['surname'] }),
  term('MONEY', ['Money'], { is_leaf: false }),
  term('ACCOUNT_NAME', ['Money', 'Account name'], { parent_code: 'MONEY' }),
]);

test('a term is found by its label, a part of its path, its code and its other names; labels come first', () => {
  const found = (query: string, options = {}) => TREE.search(query, options).map(({ code }) => code);
  expect(found('name').sort()).toEqual(['ACCOUNT_NAME', 'LAST_NAME']);
  expect(found('surname')).toEqual(['LAST_NAME']);
  expect(found('money')).toEqual(['MONEY', 'ACCOUNT_NAME']);
  expect(found('money', { leavesOnly: true })).toEqual(['ACCOUNT_NAME']);
  expect(found('', { most: 2 })).toEqual(['PERSON', 'LAST_NAME']);
  expect(found('nothing')).toEqual([]);
});

test('each term has its branch, and a code that is none of the vocabulary is told as it stands', () => {
  expect(TREE.branches.map(({ label, place }) => [label, place])).toEqual([
    ['Person', 0],
    ['Money', 1],
  ]);
  expect(TREE.branchOf('ACCOUNT_NAME')?.code).toBe('MONEY');
  expect(TREE.pathOf('LAST_NAME')).toBe('Person › Last name');
  expect([TREE.labelOf('GONE'), TREE.branchOf('GONE')]).toEqual(['GONE', undefined]);
});
