/** What the values of a column look like, taken together. */

/** One column's values as the readers of shapes need them: distinct, without texts for no value. */
export interface Values {
  texts: readonly string[];
  /** Of those that are numbers. */
  numbers: readonly number[];
  /** All are whole numbers, written without a decimal mark. */
  areWhole: boolean;
  /** Decimals of the one that has most. */
  decimals: number;
  /** Distinct values, of so many that were sampled. */
  least: number;
  most: number;
}

export interface Shape {
  /** As `shapes.csv` has it. */
  name: string;
  /** For people: what the values are. */
  title: string;
  /** How many of the values look so. */
  countIn: (values: Values) => number;
}

/** Each value by itself. */
export const ofTexts = (name: string, title: string, holds: RegExp | ((text: string) => boolean)): Shape => ({
  ...{ name, title },
  countIn: ({ texts }) =>
    texts.filter((text) => (typeof holds === 'function' ? holds(text) : holds.test(text))).length,
});

/** Numbers together: all of them, or none. */
export const ofNumbers = (name: string, title: string, holds: (values: Values) => boolean): Shape => ({
  ...{ name, title },
  countIn: (values) => (values.numbers.length > 0 && holds(values) ? values.numbers.length : 0),
});

const MISSING = /^(?:n\/?a|nan|null|none|nil|unknown|missing|undefined|not available|[-–—?.]+)$/i;
const NUMBER = /^[-+]?\d{1,18}(?:\.\d{1,18})?$/;

export function valuesOf(distinct: readonly string[]): Values {
  const texts = distinct.filter((text) => !MISSING.test(text));
  const written = texts.filter((text) => NUMBER.test(text));
  const numbers = written.map(Number);
  return {
    ...{ texts, numbers },
    areWhole: written.every((text) => !text.includes('.')),
    decimals: Math.max(0, ...written.map((text) => (text.split('.')[1] ?? '').length)),
    least: Math.min(...numbers),
    most: Math.max(...numbers),
  };
}
