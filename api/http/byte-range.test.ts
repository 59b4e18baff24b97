import { namesTag, parseRange, rangeAskedFor } from './byte-range.ts';

test.each([
  [undefined, null],
  ['bytes=0-9', { start: 0, end: 9 }],
  ['bytes=90-', { start: 90, end: 99 }],
  ['bytes=90-500', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-500', { start: 0, end: 99 }],
  ['bytes=99-99', { start: 99, end: 99 }],
  // forms that the standard lets a server ignore
  ['bytes=0-1,5-6', null],
  ['items=0-1', null],
  ['bytes=9-1', null],
  ['bytes=-', null],
])('%p of 100 bytes is %p', (header, expected) => {
  expect(parseRange(header, 100)).toEqual(expected);
});

test.each(['bytes=100-', 'bytes=500-600', 'bytes=-0'])('%p of 100 bytes cannot be served', (header) => {
  expect(() => parseRange(header, 100)).toThrow(expect.objectContaining({ code: 'RANGE_NOT_SATISFIABLE' }));
});

test('an empty file has no range', () => {
  expect(() => parseRange('bytes=0-', 0)).toThrow(expect.objectContaining({ code: 'RANGE_NOT_SATISFIABLE' }));
});

const RANGE = 'bytes=2-4';

test.each([
  [undefined, RANGE],
  ['"abc"', RANGE],
  ['"other"', undefined],
  ['W/"abc"', undefined],
  ['abc', undefined],
  ['Sun, 29 Nov 2026 08:00:00 GMT', undefined],
  ['', undefined],
])('If-Range %p lets the range %p through', (condition, range) => {
  const headers = { range: RANGE, ...(condition !== undefined && { 'if-range': condition }) };
  expect(rangeAskedFor(headers, 'abc')).toBe(range);
});

test.each([
  ['"abc"', true],
  ['W/"abc"', true],
  ['"x", "abc"', true],
  ['*', true],
  ['"x"', false],
  [undefined, false],
])('If-None-Match %p knows the content: %p', (header, known) => {
  expect(namesTag(header, 'abc')).toBe(known);
});
