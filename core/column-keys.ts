/**
 * A column's name as it stands in a decision's key (`column.age.use`): word characters of any script, lower case, no
 * dot. The same keys as a plan's (sandbox/tempera/tables/naming.py), which one table of names holds both to.
 */

const NOT_WORD = /[^\p{L}\p{N}_]+/gu;
const LONGEST = 60;

/** A key for each of a table's names, in their order; all of them are needed, because keys are unique. */
export function columnKeys(names: readonly string[]): Map<string, string> {
  const taken = new Set<string>();
  const keys = new Map<string, string>();
  for (const [position, name] of names.entries()) {
    const key = free(plainKey(name) || `column_${position + 1}`, taken);
    taken.add(key);
    keys.set(name, key);
  }
  return keys;
}

function plainKey(name: string): string {
  const words = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(NOT_WORD, '_')
    .replace(/^_+|_+$/g, '');
  return Array.from(words).slice(0, LONGEST).join('');
}

function free(key: string, taken: ReadonlySet<string>): string {
  if (!taken.has(key)) return key;
  let number = 2;
  while (taken.has(`${key}_${number}`)) number += 1;
  return `${key}_${number}`;
}
