/** Identifiers: one form with digits in every value, each value another; letters before them may name the thing. */

import { matchName } from '../names/name-match.ts';
import { type FoundShape, kindShape, type ShapeReader } from './shape.ts';

const NEARLY_ALL = 0.85;
const AMONG_IDENTIFIERS = 0.4;
const TRUST_IN_PREFIX = 0.5;
const LEAST_VALUES = 8;
const FORM = /^([A-Za-z]{1,6})?[-_#/ ]?[A-Z]{0,3}\d[\dA-Z/_-]{2,20}$/;
/** Letters that stand for something. */
const LEAST_PREFIX = 2;

export function identifierShapes(reader: ShapeReader, values: readonly string[]): FoundShape[] {
  const formed = values.filter((value) => FORM.test(value) && /\d{3}/.test(value));
  if (values.length < LEAST_VALUES || formed.length < NEARLY_ALL * values.length) return [];
  const prefix = commonPrefix(formed);
  const named = prefix.length < LEAST_PREFIX ? [] : namedBy(reader, prefix);
  if (prefix === '' && formed.every((value) => /^\d+$/.test(value))) return [];
  const among = kindShape('identifiers', AMONG_IDENTIFIERS, reader.termsOf('identifiers'));
  return [...among, ...named];
}

function commonPrefix(values: readonly string[]): string {
  const prefixes = values.map((value) => FORM.exec(value)?.[1] ?? '');
  const [first = ''] = prefixes;
  return prefixes.filter((each) => each === first).length >= NEARLY_ALL * prefixes.length ? first : '';
}

/** `INV-1001` is an invoice's: the letters are read as a column of identifiers would be called. */
function namedBy({ names }: ShapeReader, prefix: string): FoundShape[] {
  const matches = matchName(names, `${prefix}_id`).filter(({ how }) => how === 'is');
  const sets = matches.map(({ entry }) => entry.set);
  const title = `identifiers that begin with ${prefix}`;
  return sets.length === 0 ? [] : [{ title, strength: TRUST_IN_PREFIX, sets }];
}
