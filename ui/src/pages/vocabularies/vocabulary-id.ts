/** An id that the platform takes: lower-case letters, digits, dots, `-` and `_`, a letter or digit first. */
export function vocabularyId(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '')
    .slice(0, 100);
}

/** `retail_terms.csv` → `Retail terms`. */
export function vocabularyName(file: string): string {
  const words = file
    .replace(/\.[^.]+$/, '')
    .replace(/[_-]+/g, ' ')
    .trim();
  return words === '' ? file : words.charAt(0).toUpperCase() + words.slice(1);
}

/** The platform takes no longer text. */
export const LARGEST_VOCABULARY = 8 * 1024 * 1024;
