import fc from 'fast-check';
import { artifactKey, blobKey, datasetKey, uploadKey } from './keys.ts';

const RUN = { sessionId: 's', stage: 'eda' as const, run: 1 };

test('keys say what they hold', () => {
  expect(datasetKey('e', 'penguins.csv')).toBe('datasets/e/penguins.csv');
  expect(uploadKey('u', 'x y.csv')).toBe('uploads/u/x y.csv');
  expect(artifactKey({ ...RUN, run: 2 }, 'eda/figures/a.png')).toBe('sessions/s/eda/run-2/eda/figures/a.png');
  expect(blobKey('ab'.repeat(32))).toBe(`blobs/ab/${'ab'.repeat(32)}`);
});

test.each(['', '/etc/passwd', '../x', 'a/../b', 'a//b', './a', 'a/'])('the path %j is refused', (path) => {
  expect(() => artifactKey(RUN, path)).toThrow('not a relative path');
  expect(() => datasetKey('e', path)).toThrow('not a relative path');
});

test.each(['', 'AB'.repeat(32), '../../etc/passwd'])('%j is no hash', (hash) => {
  expect(() => blobKey(hash)).toThrow('not a SHA-256');
});

test('what a store does not take as it is is written in per cent form', () => {
  const key = (path: string) => artifactKey(RUN, path).replace('sessions/s/eda/run-1/', '');
  expect(key('eda/a\\\\b')).toBe('eda/a%5C%5Cb');
  expect(key('eda/a\nb\0')).toBe('eda/a%0Ab%00');
  expect(key('eda/100% ~')).toBe('eda/100%25 %7E');
  expect(key(' a ')).toBe('%20a%20');
  expect(key(`eda/${'ü'.repeat(500)}.csv`)).toMatch(/^eda\/ü{60}~[0-9a-f]{64}$/);
});

const part = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 300 })
  .map((text) => text.replaceAll('/', '|'));
const path = fc
  .array(part, { minLength: 1, maxLength: 12 })
  .filter((parts) => parts.every((text) => text !== '.' && text !== '..'))
  .map((parts) => parts.join('/'));

test('files of any name have a key that object store and file system take, and no two share one', () => {
  const key = (text: string) => artifactKey({ sessionId: 's'.repeat(30), stage: 'train', run: 1_000 }, text);
  fc.assert(
    fc.property(path, path, (one, other) => {
      const bytes = Buffer.byteLength(key(one));
      expect(bytes).toBeLessThanOrEqual(1_024);
      expect(
        key(one)
          .split('/')
          .every((name) => Buffer.byteLength(name) <= 255),
      ).toBe(true);
      expect(key(one)).not.toMatch(/[\p{Cc}\\]/u);
      expect(key(one) === key(other)).toBe(one === other);
    }),
    { numRuns: 500 },
  );
});
