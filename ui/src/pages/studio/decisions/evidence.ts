/** What a decision rests on, in parts that can be shown: facts, figures of the workspace, queries over its tables. */

import { formatNumber } from '../../../lib/format/numbers.ts';
import { learnerName } from '../metrics/learners.ts';
import { exactWords } from './decision-words.ts';

export type EvidencePart =
  | { kind: 'fact'; name: string; text: string; exact: string }
  | { kind: 'figure'; name: string; path: string }
  | { kind: 'query'; name: string; sql: string };

const FIGURE = /\.(png|jpe?g|svg|webp)$/i;
const QUERIES: readonly string[] = ['query', 'sql'];

/** @param key of the decision: scores of learners are called what people call those */
export function evidenceParts(evidence: Readonly<Record<string, unknown>> | null, key = ''): EvidencePart[] {
  const named = (name: string): string =>
    (key === 'model.choice' ? learnerName(name) : name).replaceAll('_', ' ');
  return Object.entries(evidence ?? {}).flatMap(([name, value]) => partsOf(named(name), value));
}

function partsOf(name: string, value: unknown): EvidencePart[] {
  if (typeof value === 'string' && FIGURE.test(value)) return [{ kind: 'figure', name, path: value }];
  if (typeof value === 'string' && QUERIES.includes(name)) return [{ kind: 'query', name, sql: value }];
  if (Array.isArray(value) && value.some((each) => typeof each === 'string' && FIGURE.test(each)))
    return value.flatMap((each) => partsOf(name, each));
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([inner, each]) =>
      partsOf(`${name}: ${inner.replaceAll('_', ' ')}`, each),
    );
  return [{ kind: 'fact', name, text: factText(value), exact: exactWords(value) }];
}

function factText(value: unknown): string {
  if (typeof value === 'number' || value === null) return formatNumber(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.map(factText).join(', ') : String(value);
}
