/** The words after a benchmark's name: `--pairs 5 --plant`. */

import { parseArgs } from 'node:util';

export interface BenchArguments {
  /** A planted slowdown is to be noticed. */
  plant: boolean;
  number(name: string): number;
  /** A word that must be given. */
  text(name: string): string;
}

/**
 * @param defaults the numbers that may be given, with what they are otherwise
 * @param texts the names of words that must be given
 */
export function benchArguments(
  words: string[],
  defaults: Record<string, number>,
  texts: string[] = [],
): BenchArguments {
  const names = [...Object.keys(defaults), ...texts];
  const numbers = names.map((name) => [name, { type: 'string' as const }] as const);
  const { values } = parseArgs({
    args: words,
    options: { ...Object.fromEntries(numbers), plant: { type: 'boolean' as const, default: false } },
  });
  const given: Record<string, string | boolean | undefined> = values;
  return {
    plant: given.plant === true,
    number(name) {
      const value = given[name] === undefined ? defaults[name] : Number(given[name]);
      if (value === undefined || !Number.isFinite(value)) throw new Error(`--${name} needs a number.`);
      return value;
    },
    text(name) {
      const value = given[name];
      if (typeof value !== 'string' || value === '') throw new Error(`--${name} must be given.`);
      return value;
    },
  };
}
