import { expect, test } from '@jest/globals';
import { formatBytes } from '../../../lib/format/numbers.ts';
import { fileUrl, MOST_TEXT_BYTES, previewKind, treeOf } from './file-preview.ts';

test('each kind of file has its way to be shown', () => {
  const kinds = ['a.png', 'a.CSV', 'a.md', 'a.html', 'a.py', 'model.pkl', 'LICENSE'].map((path) =>
    previewKind(path, 10),
  );
  expect(kinds).toEqual(['image', 'table', 'markdown', 'page', 'text', 'none', 'text']);
  expect(previewKind('a.json', MOST_TEXT_BYTES + 1)).toBe('none');
});

test('a hostile name stays one path', () => {
  expect(fileUrl('s', 'eda/a b?#&%2e.csv')).toBe('/api/sessions/s/files/eda/a%20b%3F%23%26%252e.csv');
});

test('the tree has folders first and numbers in order, also where a folder is not listed', () => {
  const file = (path: string) => ({
    path,
    name: path.split('/').at(-1) ?? '',
    kind: 'file' as const,
    size: 1,
  });
  const tree = treeOf([
    file('eda/step_10.py'),
    file('eda/step_2.py'),
    file('a.txt'),
    file('eda/figures/x.png'),
  ]);
  expect(tree.map((node) => node.name)).toEqual(['eda', 'a.txt']);
  expect(tree[0]?.children.map((node) => node.name)).toEqual(['figures', 'step_2.py', 'step_10.py']);
});

test('sizes have three digits', () => {
  expect([0, 999, 1_234, 5_678_901].map(formatBytes)).toEqual(['0 B', '999 B', '1.23 kB', '5.68 MB']);
});
