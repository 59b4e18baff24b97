/** How a form is written down: strong, sought in texts, or weak. */

import type { Pattern } from './pattern.ts';

export type Form = readonly [
  name: string,
  title: string,
  meaning: string,
  lengths: Lengths,
  matches: RegExp | ((value: string) => boolean),
];

/** Values that are shorter or longer have not the form: most are passed over without being read. */
type Lengths = readonly [least: number, most?: number];

const patternOf = (
  [name, title, meaning, [least, most = Number.POSITIVE_INFINITY], matches]: Form,
  kind: Pick<Pattern, 'isWeak' | 'isSoughtInText'>,
): Pattern => {
  const hasForm = typeof matches === 'function' ? matches : (value: string): boolean => matches.test(value);
  return {
    ...{ name, title, meaning, ...kind },
    matches: (value) => value.length >= least && value.length <= most && hasForm(value),
  };
};

export const strong = (...form: Form): Pattern => patternOf(form, { isWeak: false, isSoughtInText: false });
export const sought = (...form: Form): Pattern => patternOf(form, { isWeak: false, isSoughtInText: true });
export const weak = (...form: Form): Pattern => patternOf(form, { isWeak: true, isSoughtInText: false });
