/** The words after a benchmark's name: `--pairs 5 --plant`, or `--smoke`. */

import { parseArgs } from 'node:util';

export interface BenchArguments {
  /** A planted slowdown is to be noticed. */
  plant: boolean;
  /** As little of everything as goes every way: whether it still works, not how fast. */
  smoke: boolean;
  number(name: string): number;
  isGiven(name: string): boolean;
  /** A word that must be given. */
  text(name: string): string;
}

export interface BenchWords {
  /** The numbers that may be given, with what they are otherwise. */
  defaults?: Record<string, number>;
  /** What they are with --smoke; those left out are as otherwise. */
  smoke?: Record<string, number>;
  /** The names of words that must be given. */
  texts?: string[];
}

export function benchArguments(
  words: string[],
  { defaults = {}, smoke = {}, texts = [] }: BenchWords,
): BenchArguments {
  const names = [...Object.keys(defaults), ...texts];
  const numbers = names.map((name) => [name, { type: 'string' as const }] as const);
  const flag = { type: 'boolean' as const, default: false };
  const { values } = parseArgs({
    args: words,
    options: { ...Object.fromEntries(numbers), plant: flag, smoke: flag },
  });
  const given: Record<string, string | boolean | undefined> = values;
  const otherwise = { ...defaults, ...(given.smoke === true ? smoke : {}) };
  return {
    plant: given.plant === true,
    smoke: given.smoke === true,
    number(name) {
      const value = given[name] === undefined ? otherwise[name] : Number(given[name]);
      if (value === undefined || !Number.isFinite(value)) throw new Error(`--${name} needs a number.`);
      return value;
    },
    isGiven: (name) => given[name] !== undefined,
    text(name) {
      const value = given[name];
      if (typeof value !== 'string' || value === '') throw new Error(`--${name} must be given.`);
      return value;
    },
  };
}
