/** Small phrases of what the model says. */

/** `a`, `b` and 3 more. */
export function listed(names: readonly string[], most = 5): string {
  const quoted = names.slice(0, most).map((name) => `\`${name}\``);
  if (names.length > most) return `${quoted.join(', ')} and ${names.length - most} more`;
  const last = quoted.at(-1) ?? '';
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(', ')} and ${last}`;
}

/** Three decimals, two from ten and one from a hundred on, or a dash when the number is not known. */
export function score(value: number | null | undefined): string {
  if (value != null && Math.abs(value) >= 10) {
    const digits = Math.max(1, 3 - Math.floor(Math.log10(Math.abs(value))));
    return value.toLocaleString('en-US', { maximumFractionDigits: digits });
  }
  return value == null ? '–' : value.toFixed(3).replace(/^-(?=[0.]+$)/, '');
}

/** A model's title as a sentence names it: `a random forest`; plurals and kinds of method stand alone. */
export function withArticle(title: string): string {
  if (/(trees|boosting)$/.test(title) && !/^blend/.test(title)) return title;
  return `${/^[aeiou]/i.test(title) ? 'an' : 'a'} ${title}`;
}

/** The same with the definite article. */
export function theModel(title: string): string {
  const named = withArticle(title);
  return named === title ? title : `the ${title}`;
}

/** A number from a query: thousands separated, four significant digits where it is no whole one; a dash for none. */
export function number(value: unknown): string {
  if (value === null || value === undefined || !Number.isFinite(Number(value))) return '–';
  const size = Number(value);
  if (Number.isInteger(size) || Math.abs(size) >= 1000)
    return size.toLocaleString('en-US', { maximumFractionDigits: 1 });
  return String(Number(size.toPrecision(4)));
}

/** `1 row`, `1,234 rows`; "the rows" when counts are not shared. */
export function counted(value: number | undefined, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Thousands separated, or "the" when counts are not shared. */
export function count(value: number | undefined): string {
  return value === undefined ? 'the' : value.toLocaleString('en-US');
}
