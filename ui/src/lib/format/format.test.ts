import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  columnFormat,
  compact,
  formatBytes,
  formatCost,
  formatExact,
  formatNumber,
  formatQuantity,
  formatShare,
  formatSpent,
  formatUncertain,
} from './numbers.ts';
import { formatAge, formatClock, formatDuration } from './times.ts';

test.each([
  [0.987654, '0.988'],
  [344, '344'],
  [1234, '1,234'],
  [12_345_678, '12.3M'],
  [0.00001234, '0.0000123'],
  [-0.5, '−0.5'],
  [0, '0'],
  [null, '–'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '∞'],
])('the number %p reads %p', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [
    [0.981, 1, 0.5, -0.25, 0, null],
    ['0.981', '1.00', '0.500', '−0.250', '0.00', '–'],
  ],
  [
    [12_345.6, 150.26, 0.0000321],
    ['12.3k', '150', '0.0000321'],
  ],
  [
    [3, 1_200, -4],
    ['3', '1,200', '−4'],
  ],
])('a column of %p has equal digits', (values, texts) => {
  expect(values.map(columnFormat(values))).toEqual(texts);
});

test('scores that are whole by chance keep their digits', () => {
  expect([1, 0].map(columnFormat([1, 0], true))).toEqual(['1.00', '0.00']);
});

test.each([
  [0.25, 0.0122, '0.250 ± 0.012'],
  [0.00769, 0.00942, '0.0077 ± 0.0094'],
  [-0.0154, 0.00769, '−0.0154 ± 0.0077'],
  [0.3, 0.0996, '0.30 ± 0.10'],
  [1_234.5, 321, '1,235 ± 321'],
  [-0.00001, 0.012, '0.000 ± 0.012'],
  [-0.5, 0, '−0.5 ± 0'],
])('%p with the uncertainty %p reads %p', (mean, sd, text) => {
  const { value, uncertainty } = formatUncertain(mean, sd);
  expect(`${value} ± ${uncertainty}`).toBe(text);
});

test('the exact value is told with every digit', () => {
  expect(formatExact(0.9807692307692307)).toBe('0.980769230769');
  expect(formatExact(null)).toBe('no value');
});

test('units stand with every quantity', () => {
  expect(formatBytes(13_478)).toBe('13.5 kB');
  expect(formatBytes(0)).toBe('0 B');
  expect(formatShare(0.1234)).toBe('12.3 %');
  expect(compact(96_743)).toBe('96.7k');
  expect(formatQuantity(1, 'row')).toBe('1 row');
  expect(formatQuantity(12_345, 'row')).toBe('12,345 rows');
});

test('costs keep their cents, and small ones their digits', () => {
  expect([0, 0.0042, 1.234, 1234].map(formatCost)).toEqual(['$0', '$0.0042', '$1.23', '$1,234.00']);
});

test('ages grow coarser, and become a date after a week', () => {
  const now = Date.parse('2026-03-10T12:00:00Z');
  const seconds = [3, 47, 300, 7_300, 3 * 86_400];
  expect(seconds.map((each) => formatAge(now - each * 1000, now))).toEqual([
    'just now',
    '40 s ago',
    '5 min ago',
    '2 h ago',
    '3 d ago',
  ]);
  expect(formatAge(now - 30 * 86_400_000, now)).toBe('8 Feb');
  expect(formatAge(now - 400 * 86_400_000, now)).toBe('3 Feb 2025');
});

test('durations and clocks', () => {
  expect([850, 2_345, 12_300, 254_000, 8_100_000].map(formatDuration)).toEqual([
    '850 ms',
    '2.3 s',
    '12 s',
    '4 min 14 s',
    '2 h 15 min',
  ]);
  expect([7_000, 760_000, 3_723_000].map(formatClock)).toEqual(['0:07', '12:40', '1:02:03']);
});

test.each([
  [3.4028e38, '3.4e38', '3.4028e38'],
  [-1e308, '−1e308', '−1e308'],
  [Number.MAX_VALUE, '1.8e308', '1.7976931348623157e308'],
  [5e-320, '5e−320', '5e−320'],
  [-1.234e-7, '−1.23e−7', '−0.0000001234'],
  [0.00098, '0.00098', '0.00098'],
  [999_999, '1M', '999,999'],
  [-12_345, '−12.3k', '−12,345'],
  [-0, '0', '0'],
])('%p is short and exact by one rule', (value, short, exact) => {
  expect([formatNumber(value), formatExact(value)]).toEqual([short, exact]);
});

test('a small score stands beside a usual one without a power of ten', () => {
  const write = columnFormat([0.841, 0.00098], true);
  expect([0.841, 0.00098, -0.5].map(write)).toEqual(['0.841', '0.000980', '−0.500']);
});

test('a model that costs nothing has no dollars', () => {
  expect(formatSpent(0, 'autopilot/standard')).toBe('free');
  expect(formatSpent(0, 'anthropic/claude')).toBe('$0');
});

/** What writes a number for people otherwise; a share of a width in CSS is no such number. */
const OTHER_RULE =
  /\.(toPrecision|toExponential|toFixed|toLocaleString)\(|Intl\.NumberFormat|\{String\(\w*[vV]alue\)\}/;
const NO_WORDS = [
  'pages/gallery/sparkline.ts', // coordinates
  'pages/studio/timeline/timeline-run.svelte', // widths
];

test('no other file has a rule of its own for numbers', () => {
  const root = join(__dirname, '../..');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(ts|svelte)$/.test(file) && !file.includes('.test.') && !file.startsWith('lib/format/'),
  );
  const others = files.filter(
    (file) => !NO_WORDS.includes(file) && OTHER_RULE.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(others).toEqual([]);
});
