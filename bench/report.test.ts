import { type Bar, faultsOf, type Report } from './report.ts';

const bar = (name: string, value: number): Bar => ({ name, value, bar: 10, unit: 'ms' });
const faults = (bars: Bar[], { smoke = null, plant = null }: Partial<Pick<Report, 'smoke' | 'plant'>> = {}) =>
  faultsOf({ bars, smoke, plant });

test('every bar must hold, and what has no value does not', () => {
  expect(faults([bar('short', 9), bar('long', 10)])).toEqual([]);
  expect(faults([bar('short', 9), bar('long', 11)])).toEqual(["'long' does not hold."]);
  expect(faults([bar('short', Number.NaN)])).toEqual(["'short' does not hold."]);
  expect(faults([{ ...bar('many', 9), least: true }])).toEqual(["'many' does not hold."]);
  expect(faults([])).toEqual(['There is no bar.']);
});

test('a smoke test asks for a value of each bar, and names those that lack', () => {
  const smoke = { without: ['long'] };
  expect(faults([bar('short', 9), bar('most', 11)], { smoke })).toEqual([]);
  expect(faults([bar('short', 9), bar('long', Number.NaN)], { smoke })).toEqual([]);
  expect(faults([bar('short', Number.NaN), bar('most', Number.POSITIVE_INFINITY)], { smoke })).toEqual([
    "'short' has no value.",
    "'most' has no value.",
  ]);
  expect(faults([], { smoke })).toEqual(['There is no bar.']);
});

test('a planted slowdown must break what it is meant to', () => {
  const plant = { what: 'all is late', breaks: ['long'] };
  expect(faults([bar('short', 9), bar('long', 11)], { plant })).toEqual([]);
  expect(faults([bar('short', 9), bar('long', 9)], { plant })).toEqual([
    "The planted slowdown (all is late) did not break 'long'.",
  ]);
});
