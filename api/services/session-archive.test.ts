import { entryName } from './session-archive.ts';

test('names that unpackers would take for something else become plain ones, each once', () => {
  const taken = new Set<string>();
  const names = ['eda/a.csv', '..\\\\x', 'C:x', '.._x', 'C_x'].map((path) => entryName(path, taken));
  expect(names).toEqual(['eda/a.csv', '..%5Cx', 'C%3Ax', '.._x', 'C_x']);
});
