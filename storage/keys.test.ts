import { artifactKey, blobKey, datasetKey, uploadKey } from './keys.ts';

test('keys say what they hold', () => {
  expect(datasetKey('e', 'penguins.csv')).toBe('datasets/e/penguins.csv');
  expect(uploadKey('u', 'x y.csv')).toBe('uploads/u/x y.csv');
  expect(artifactKey('s', 'eda', 2, 'eda/figures/a.png')).toBe('sessions/s/eda/run-2/eda/figures/a.png');
  expect(blobKey('ab'.repeat(32))).toBe(`blobs/ab/${'ab'.repeat(32)}`);
});

test.each([
  '',
  '/etc/passwd',
  '../x',
  'a/../b',
  'a//b',
  './a',
  'a/',
  'a\0b',
  'a\nb',
  'a\\b',
  'x'.repeat(901),
])('the path %j is refused', (path) => {
  expect(() => artifactKey('s', 'eda', 1, path)).toThrow('not a relative path');
  expect(() => datasetKey('e', path)).toThrow('not a relative path');
});

test.each(['', 'AB'.repeat(32), '../../etc/passwd'])('%j is no hash', (hash) => {
  expect(() => blobKey(hash)).toThrow('not a SHA-256');
});
