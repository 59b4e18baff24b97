/** Which files a table may come as. */

import { PACKED_ENDINGS, TABLE_ENDINGS, TABLE_WORDS } from '../../../../core/table-files.ts';

export const ACCEPTED: readonly string[] = [...TABLE_ENDINGS, ...PACKED_ENDINGS];
export const ACCEPTED_WORDS = TABLE_WORDS;

export interface Sorted {
  table: File | null;
  test: File | null;
  /** Why a file was not taken. */
  refused: string[];
}

/**
 * One table and, where two come, the test file: the one that says so by its name, else the smaller.
 * Everything else is refused with a sentence.
 */
export function sortFiles(files: readonly File[]): Sorted {
  const refused: string[] = [];
  const fitting: File[] = [];
  for (const file of files) {
    const reason = refusal(file);
    if (reason) refused.push(reason);
    else fitting.push(file);
  }
  const [a, b, ...rest] = fitting;
  for (const file of rest) {
    refused.push(`${file.name} was left out: an experiment takes one table and at most one test file.`);
  }
  if (!a || !b) return { table: a ?? null, test: null, refused };
  const test = isTest(a) === isTest(b) ? (a.size < b.size ? a : b) : isTest(a) ? a : b;
  return { table: test === a ? b : a, test, refused };
}

/** Why `file` cannot be a table, or null. */
export function refusal(file: Pick<File, 'name' | 'size'>): string | null {
  const name = file.name.toLowerCase();
  if (!ACCEPTED.some((ending) => name.endsWith(ending))) {
    return `${file.name} is no table that can be read: give ${TABLE_WORDS}.`;
  }
  return file.size === 0 ? `${file.name} is empty.` : null;
}

const isTest = ({ name }: File): boolean => /(^|[^a-z])(test|holdout|hold-out)([^a-z]|$)/i.test(name);

/** `penguin_sizes.csv.gz` → `Penguin sizes`. */
export function nameOf(file: string): string {
  let name = file;
  for (let ending = endingOf(name); ending; ending = endingOf(name)) name = name.slice(0, -ending.length);
  const words = name.replace(/[_-]+/g, ' ').trim();
  return words === '' ? file : words.charAt(0).toUpperCase() + words.slice(1);
}

const endingOf = (name: string): string | undefined =>
  ACCEPTED.find((ending) => name.toLowerCase().endsWith(ending) && name.length > ending.length);
