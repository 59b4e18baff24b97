import { percentPath } from './file-names.ts';

test('escapes become bytes in per cent form; other names stay', () => {
  expect(percentPath('eda/a b%20~ü.csv')).toBe('eda/a b%20~ü.csv');
  expect(percentPath('a\\\\b\\nc\\x01\\xff\\u202e\\x20')).toBe('a%5Cb%0Ac%01%FF%E2%80%AE%20');
  expect(percentPath('old\\name')).toBe('old%0Aame');
  expect(percentPath('old\\dir')).toBe('old%5Cdir');
});
