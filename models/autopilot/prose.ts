/** Small phrases of what the model says. */

/** `a`, `b` and 3 more. */
export function listed(names: readonly string[], most = 5): string {
  const quoted = names.map((name) => `\`${name}\``);
  if (quoted.length > most) return `${quoted.slice(0, most).join(', ')} and ${quoted.length - most} more`;
  const last = quoted.at(-1) ?? '';
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(', ')} and ${last}`;
}

/** Three decimals, or a dash when the number is not known. */
export function score(value: number | null | undefined): string {
  return value == null ? '–' : value.toFixed(3).replace(/^-(?=[0.]+$)/, '');
}

/** `1 row`, `1,234 rows`; "the rows" when counts are not shared. */
export function counted(value: number | undefined, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Thousands separated, or "the" when counts are not shared. */
export function count(value: number | undefined): string {
  return value === undefined ? 'the' : value.toLocaleString('en-US');
}
