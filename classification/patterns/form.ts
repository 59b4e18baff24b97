/** How a form is written down: strong, sought in texts, or weak. */

import type { Pattern } from './pattern.ts';

export type Form = readonly [
  name: string,
  title: string,
  meaning: string,
  matches: RegExp | ((value: string) => boolean),
];

const patternOf = (
  [name, title, meaning, matches]: Form,
  kind: Pick<Pattern, 'isWeak' | 'isSoughtInText'>,
): Pattern => ({
  ...{ name, title, meaning, ...kind },
  matches: typeof matches === 'function' ? matches : (value) => matches.test(value),
});

export const strong = (...form: Form): Pattern => patternOf(form, { isWeak: false, isSoughtInText: false });
export const sought = (...form: Form): Pattern => patternOf(form, { isWeak: false, isSoughtInText: true });
export const weak = (...form: Form): Pattern => patternOf(form, { isWeak: true, isSoughtInText: false });
