/** Bars of values that may be negative: where each begins and how long it is, in percent of the row's width. */

export interface Bar {
  left: number;
  width: number;
}

/** The place of zero, and a bar for each value; none for what is no number. */
export function bars(values: readonly (number | null)[]): { zero: number; bars: (Bar | null)[] } {
  // halves: between −1e308 and 1e308 lies more than a number holds
  const finite = values
    .filter((value) => value !== null && Number.isFinite(value))
    .map((value) => Number(value) / 2);
  const least = Math.min(0, ...finite);
  const span = Math.max(0, ...finite) - least || 1;
  const place = (half: number): number => 100 * ((half - least) / span);
  const zero = place(0);
  const barOf = (value: number | null): Bar | null => {
    if (value === null || !Number.isFinite(value)) return null;
    const end = place(value / 2);
    return { left: Math.min(zero, end), width: Math.abs(end - zero) };
  };
  return { zero, bars: values.map(barOf) };
}
