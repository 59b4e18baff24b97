/** One key for the ways to write one value. */
export const valueKey = (value: string): string => value.trim().replace(/\s+/g, ' ').toLowerCase();
