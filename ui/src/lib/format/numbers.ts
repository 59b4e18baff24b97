/** Numbers as people read them: three significant digits, a unit always. The exact value belongs in a title. */

const plain = (digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat('en', { maximumSignificantDigits: digits, useGrouping: true });
const THREE = plain(3);
const EXACT = new Intl.NumberFormat('en', { maximumFractionDigits: 12 });
const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 0.98765 → 0.988, 1234567 → 1.23M, 0.00001234 → 1.23e-5; a dash for what is no number. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size >= 10_000) return compact(value);
  if (size !== 0 && size < 0.001) return value.toExponential(2).replace('-', '−').replace('e−', 'e-');
  return Number.isInteger(value) ? COUNT.format(value) : THREE.format(value);
}

const ALL_THREE = new Intl.NumberFormat('en', {
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
});
const withMinus = (text: string): string => text.replace(/^-/, '−');

/**
 * What writes the numbers of a column, or of a table of scores: all with three digits, 1.00 beside 0.981; whole numbers
 * alone stay whole, unless they are `scores`.
 */
export function columnFormat(
  values: readonly (number | null | undefined)[],
  scores = false,
): (value: number | null | undefined) => string {
  const whole = values.every((value) => value == null || Number.isInteger(value));
  if (whole && !scores) return (value) => withMinus(formatNumber(value));
  return (value) => {
    const size = Math.abs(value ?? Number.NaN);
    const plainly = (size < 1_000 && size >= 0.001) || size === 0;
    return withMinus(plainly ? ALL_THREE.format(value ?? 0) : formatNumber(value));
  };
}

/** A value with its uncertainty: two digits of the latter, and the value as fine as it. 0.25, 0.0122 → 0.250 ± 0.012. */
export function formatUncertain(value: number, uncertainty: number): { value: string; uncertainty: string } {
  const size = Math.abs(uncertainty);
  if (!Number.isFinite(size) || size === 0) {
    return { value: withMinus(formatNumber(value)), uncertainty: formatNumber(size) };
  }
  // rounded first: 0.0996 is 0.10
  const power = Math.floor(Math.log10(Number(size.toPrecision(2))));
  const digits = Math.max(0, 1 - power);
  const fine = new Intl.NumberFormat('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: 'negative',
  });
  return { value: withMinus(fine.format(value)), uncertainty: fine.format(size) };
}

/** Every digit, for titles. */
export const formatExact = (value: number | null | undefined): string =>
  value === null || value === undefined ? 'no value' : EXACT.format(value);

/** 344 → 344, 12345 → 12,345. */
export const formatCount = (value: number): string => COUNT.format(value);

/** `1 row`, `344 rows`. */
export const formatQuantity = (count: number, noun: string, plural = `${noun}s`): string =>
  `${formatCount(count)} ${count === 1 ? noun : plural}`;

/** 8765432 → 8.77M. */
export function compact(value: number): string {
  const units: [number, string][] = [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ];
  const unit = units.find(([size]) => Math.abs(value) >= size);
  return unit ? `${THREE.format(value / unit[0])}${unit[1]}` : THREE.format(value);
}

/** Bytes in decimal units: 1536 → 1.54 kB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes > 0 ? Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3)) : 0;
  return `${THREE.format(bytes / 1000 ** power)} ${units[power]}`;
}

/** US dollars: $0 for nothing, $0.0042 below a cent, $1.23, $1,230. */
export function formatCost(dollars: number): string {
  if (dollars === 0) return '$0';
  if (Math.abs(dollars) < 0.01) return `$${plain(2).format(dollars)}`;
  return `$${new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(dollars)}`;
}

/** 0.1234 → 12.3 %. */
export const formatShare = (share: number): string => `${THREE.format(share * 100)} %`;
