/**
 * YAML that a reader of YAML 1.1 (PyYAML, Ruby's) takes for the same values as one of 1.2: what 1.1 reads as a truth
 * value, a number to the base of 60, a date or a merge is quoted, and a number with an exponent has its point.
 */

import { type ScalarTag, stringify } from 'yaml';

/** 1e+21 is text in 1.1, 1.0e+21 a number. */
const EXPONENT: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value) => typeof value === 'number' && /^-?\d+e/.test(String(value)),
  test: /^-?\d+\.\d+e[+-]\d+$/,
  resolve: Number,
  stringify: ({ value }) => String(value).replace('e', '.0e'),
};

/** What JSON would say, in YAML. */
export function yamlOf(value: unknown): string {
  return stringify(JSON.parse(JSON.stringify(value)), {
    version: '1.1',
    customTags: (tags) => [EXPONENT, ...tags],
    // a long text keeps its line ends, whatever stands at them
    lineWidth: 0,
    blockQuote: false,
    // an alias is of no use to a reader of data
    aliasDuplicateObjects: false,
  });
}
