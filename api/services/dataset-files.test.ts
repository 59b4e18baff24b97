import { datasetFileName } from './dataset-files.ts';

test.each([
  ['penguins.csv', 'penguins.csv'],
  ['C:\\Users\\me\\table.TSV', 'table.TSV'],
  ['../../etc/table.csv', 'table.csv'],
  ['table.csv.gz', 'table.csv.gz'],
  ['archive.zip', 'archive.zip'],
  ['jsonl.jsonl.zip', 'jsonl.jsonl.zip'],
])('%s is kept as %s', (given, name) => {
  expect(datasetFileName(given)).toBe(name);
});

test.each([
  ['', 'INVALID_INPUT'],
  ['..', 'INVALID_INPUT'],
  ['a\0.csv', 'INVALID_INPUT'],
  [`${'x'.repeat(300)}.csv`, 'INVALID_INPUT'],
  ['virus.exe', 'UNSUPPORTED_TYPE'],
  ['model.pkl', 'UNSUPPORTED_TYPE'],
  ['model.pkl.gz', 'UNSUPPORTED_TYPE'],
  ['csv', 'UNSUPPORTED_TYPE'],
])('%p is refused as %s', (given, code) => {
  expect(() => datasetFileName(given)).toThrow(expect.objectContaining({ code }));
});
