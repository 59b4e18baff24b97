import { contentDisposition, mediaType } from './media-types.ts';

test.each([
  ['eda/report.md', 'text/markdown; charset=utf-8', 'inline'],
  ['eda/figures/a.PNG', 'image/png', 'inline'],
  ['prep/data/train.parquet', 'application/vnd.apache.parquet', 'attachment'],
  ['x.html', 'text/html; charset=utf-8', 'attachment'],
  ['x.svg', 'image/svg+xml', 'attachment'],
  ['model.pkl', 'application/octet-stream', 'attachment'],
])('%s is %s, %s', (path, type, disposition) => {
  expect(mediaType(path)).toBe(type);
  expect(contentDisposition(path).split(';')[0]).toBe(disposition);
});

test('a name cannot break out of its header', () => {
  const header = contentDisposition('a/é"\r\nX: 1.csv');
  expect(header).toBe('inline; filename="____X: 1.csv"; filename*=UTF-8\'\'%C3%A9%22%0D%0AX%3A%201.csv');
});
