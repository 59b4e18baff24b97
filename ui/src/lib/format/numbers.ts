/**
 * The one rule for numbers as people read them, on every page and axis: three significant digits, a true minus, k, M
 * and B from ten thousand on, powers of ten only where nobody would count the zeros. The exact value belongs in a
 * title.
 */

const plain = (digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat('en', { maximumSignificantDigits: digits, useGrouping: true });
const THREE = plain(3);
const EXACT = new Intl.NumberFormat('en', { maximumFractionDigits: 12 });
const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** From here on a number has k, M or B; from the second on, and below the third, a power of ten. */
const COMPACT = 10_000;
const HUGE = 1e12;
const TINY = 1e-6;
const isPower = (size: number): boolean => size >= HUGE || (size !== 0 && size < TINY);

/** 0.98765 → 0.988, 0.00098 → 0.00098, 1234567 → 1.23M, 3.4e38 → 3.4e38; a dash for what is no number. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (isPower(size)) return powerOfTen(value);
  if (size >= COMPACT) return compact(value);
  return withMinus(Number.isInteger(value) ? COUNT.format(value) : THREE.format(value));
}

/** 3.4028e38 × 10 ** `shift` → 3.4e38: also where the product is beyond what a number holds. */
export function powerOfTen(value: number, shift = 0): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(2).split('e');
  return withMinus(`${Number(mantissa)}e${Number(exponent) + shift}`).replace('e-', 'e−');
}

const ALL_THREE = new Intl.NumberFormat('en', {
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
});
const withMinus = (text: string): string => text.replace(/^-(?!0$)/, '−').replace(/^-0$/, '0');

/**
 * What writes the numbers of a column, or of a table of scores: all with three digits, 1.00 beside 0.981; whole numbers
 * alone stay whole, unless they are `scores`.
 */
export function columnFormat(
  values: readonly (number | null | undefined)[],
  scores = false,
): (value: number | null | undefined) => string {
  const whole = values.every((value) => value == null || Number.isInteger(value));
  if (whole && !scores) return formatNumber;
  return (value) => {
    const size = Math.abs(value ?? Number.NaN);
    const plainly = size < 1_000 && !isPower(size);
    return plainly ? withMinus(ALL_THREE.format(value ?? 0)) : formatNumber(value);
  };
}

/**
 * A value with its uncertainty: two digits of the latter, and the value as fine as it. 0.25, 0.0122 → 0.250 ±
 * 0.012.
 */
export function formatUncertain(value: number, uncertainty: number): { value: string; uncertainty: string } {
  const size = Math.abs(uncertainty);
  if (!Number.isFinite(size) || size === 0) {
    return { value: formatNumber(value), uncertainty: formatNumber(size) };
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
export function formatExact(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'no value';
  const size = Math.abs(value);
  const long = size >= 1e15 || (size !== 0 && size < 1e-9);
  return withMinus(long ? String(value).replace('e+', 'e').replace('e-', 'e−') : EXACT.format(value));
}

/** 344 → 344, 12345 → 12,345. */
export const formatCount = (value: number): string => COUNT.format(value);

/**
 * A value of data with six digits, as one would type it: what it is compared with and copied as has no signs of
 * ours.
 */
export const sixDigits = (value: number): string => String(Number(value.toPrecision(6)));

/** With exactly so many decimals: a setting, a share of what is shown beside it. */
export const formatFixed = (value: number, decimals: number): string => withMinus(value.toFixed(decimals));

/** With two digits, as an uncertainty has them. */
export const formatSpread = (value: number): string => formatNumber(Number(value.toPrecision(2)));

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
  // rounded first: 999,999 is 1M
  const rounded = Number(value.toPrecision(3));
  const unit = units.find(([size]) => Math.abs(rounded) >= size);
  return withMinus(unit ? `${THREE.format(rounded / unit[0])}${unit[1]}` : THREE.format(rounded));
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

/** Models that cost nothing: what they use is told in turns and tokens. */
export const isFree = (model: string): boolean => model.startsWith('autopilot/');

/** What a session of this model has cost. */
export const formatSpent = (dollars: number, model: string): string =>
  isFree(model) && dollars === 0 ? 'free' : formatCost(dollars);

/** 0.1234 → 12.3 %. */
export const formatShare = (share: number): string => `${THREE.format(share * 100)} %`;
