import { TemperaError } from '../../core/errors.ts';
import type { ManifestEntry } from '../../core/records.ts';
import { parseTreePath, resolveFile } from './tree-path.ts';

/** Every one must be refused, whatever the tree holds. */
const HOSTILE_PATHS = [
  '..',
  '../x',
  'a/../../x',
  'a/..',
  '/etc/passwd',
  '//etc/passwd',
  'C:\\windows',
  'c:/windows',
  'a\\..\\b',
  '%2e%2e/x',
  '%252e%252e/x',
  '%25252e%25252e/x',
  '..%2fx',
  '%2fetc/passwd',
  'a%00b',
  'a\0b',
  'a%5c..%5cb',
  'x'.repeat(2_000),
];

test.each(HOSTILE_PATHS)('%p is refused', (path) => {
  expect(() => parseTreePath(path)).toThrow(expect.objectContaining({ code: 'INVALID_PATH' }));
});

test.each([
  ['', ''],
  ['./eda/report.md', 'eda/report.md'],
  ['eda//figures/', 'eda/figures'],
  ['100%.png', '100%.png'],
  ['a..b/c...d', 'a..b/c...d'],
  ['naïve file.txt', 'naïve file.txt'],
])('%p is looked up as %p', (path, expected) => {
  expect(parseTreePath(path)).toBe(expected);
});

const entry = (path: string, kind: ManifestEntry['kind'], target = ''): [string, ManifestEntry] => [
  path,
  { path, kind, size: 1, sha256: kind === 'file' ? 'aa' : '', mode: 0o644, target },
];

const tree = new Map([
  entry('eda', 'directory'),
  entry('eda/report.md', 'file'),
  entry('eda/latest', 'link', 'report.md'),
  entry('top', 'link', 'eda/latest'),
  entry('out', 'link', '../../etc/passwd'),
  entry('absolute', 'link', '/etc/passwd'),
  entry('loop', 'link', 'loop'),
  entry('hidden', 'link', 'eda/%2e%2e/%2e%2e/x'),
]);

test('a link within the tree is followed', () => {
  expect(resolveFile(tree, 'top').path).toBe('eda/report.md');
});

test.each(['out', 'absolute', 'loop', 'hidden'])('the link %s leads nowhere', (path) => {
  expect(() => resolveFile(tree, path)).toThrow(expect.objectContaining({ code: 'INVALID_PATH' }));
});

test.each(['nothing', 'eda', 'top/x'])('%s is no file', (path) => {
  expect(() => resolveFile(tree, path)).toThrow(TemperaError);
  expect(() => resolveFile(tree, path)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});
