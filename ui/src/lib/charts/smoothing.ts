/** Smoothing of a noisy line. */

/**
 * An exponential moving average whose start is not drawn towards zero (each value is divided by the weight that
 * was there to give). `weight` from 0 (as it is) to below 1; gaps stay gaps and do not enter.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values];
  let sum = 0;
  let given = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = sum * weight + (1 - weight) * value;
    given = given * weight + (1 - weight);
    return sum / given;
  });
}
