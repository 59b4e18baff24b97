/**
 * YAML that a reader of YAML 1.1 (PyYAML, Ruby's) takes for the same values as one of 1.2. Texts are plain only where
 * they are words: what 1.1 reads as a truth value, a number to the base of 60, a date or a merge is quoted, and a
 * number
 * with an exponent has its point.
 */

import { Document, type ScalarTag, visit } from 'yaml';

/** 1e+21 is text in 1.1, 1.0e+21 a number. */
const EXPONENT: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value) => typeof value === 'number' && /e/.test(String(value)),
  test: /^-?\d+\.\d+e[+-]\d+$/,
  resolve: Number,
  stringify: ({ value }) => String(value).replace(/^(-?\d+)e/, '$1.0e'),
};

/** What 1.1 allows escaped only, or takes for the end of a line; it stands in quoted texts alone. */
const UNREADABLE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]/gu;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const MERGE = 'tag:yaml.org,2002:merge';

/** Plain in every version, unless it is one of the words below. */
const PLAIN = /^[A-Za-z_/][\w/.@-]*( [\w/.@-]+)*$/;
const MEANS_MORE = /^(y|n|yes|no|on|off|true|false|null)$/i;

/** What JSON would say, in YAML. */
export function yamlOf(value: unknown): string {
  const document = new Document(JSON.parse(JSON.stringify(value)), {
    version: '1.1',
    // without the one for merges, which would write a text << as it is
    merge: false,
    customTags: (tags) => [EXPONENT, ...tags.filter((tag) => typeof tag === 'string' || tag.tag !== MERGE)],
    aliasDuplicateObjects: false,
  });
  visit(document, {
    Scalar(_, node) {
      const plain =
        typeof node.value !== 'string' || (PLAIN.test(node.value) && !MEANS_MORE.test(node.value));
      if (!plain) node.type = 'QUOTE_DOUBLE';
    },
  });
  // no line is folded: what stands at its ends would be lost
  return document.toString({ lineWidth: 0, directives: false }).replace(UNREADABLE, escaped);
}
