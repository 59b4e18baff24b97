/**
 * Which of many equal rows (or columns) are in sight, also where all of them together are taller than a browser
 * draws.
 */

/** Browsers stop at 16.7 million pixels (Firefox) or 33 million (Chromium). */
export const TALLEST_PIXELS = 15_000_000;

export interface ScrollInput {
  count: number;
  /** pixels of one row */
  size: number;
  /** pixels in sight */
  viewport: number;
  /** pixels scrolled */
  scrolled: number;
  /** rows drawn beyond each edge */
  overscan?: number;
  tallest?: number;
}

export interface ScrollWindow {
  /** pixels of the scrolled content */
  total: number;
  first: number;
  /** rows to draw from `first` on */
  count: number;
  /** pixels from the content's start to the first drawn row */
  offset: number;
}

/** Past `tallest` the content is `tallest` high and the scrollbar's share says which row comes first. */
export function scrollWindow(input: ScrollInput): ScrollWindow {
  const { count, size, viewport, scrolled, overscan = 6, tallest = TALLEST_PIXELS } = input;
  const whole = count * size;
  const total = Math.min(whole, tallest);
  const hidden = Math.max(0, total - viewport);
  const at = Math.min(Math.max(0, scrolled), hidden);
  const shift = whole > total && hidden > 0 ? (at / hidden) * (whole - total) : 0;
  const top = at + shift;
  const first = Math.max(0, Math.floor(top / size) - overscan);
  const last = Math.min(count, Math.ceil((top + viewport) / size) + overscan);
  return { total, first, count: Math.max(0, last - first), offset: first * size - shift };
}

/** Pixels to scroll so that `row` is in sight; the present ones where it is already. */
export function scrollTo(row: number, input: ScrollInput): number {
  const { count, size, viewport, scrolled, tallest = TALLEST_PIXELS } = input;
  const whole = count * size;
  const total = Math.min(whole, tallest);
  const hidden = Math.max(0, total - viewport);
  const shown = hidden > 0 ? (scrolled / hidden) * (whole - viewport) : 0;
  const top = row * size;
  if (top >= shown && top + size <= shown + viewport) return scrolled;
  const target = top < shown ? top : top + size - viewport;
  return whole === viewport ? 0 : (target / (whole - viewport)) * hidden;
}
