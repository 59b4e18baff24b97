/** "Forget what I said about age": what was said of something counts no more, and nothing else is ordered. */

import { FILLERS } from '../vocabulary/courtesies.ts';
import * as revoking from '../vocabulary/revoking.ts';
import type { Clause, Revoked } from './clause.ts';
import { MODEL_NAMES, modelsIn } from './clause-model.ts';
import { stopOf } from './clause-stops.ts';
import { columnsBetween, type Named, type Token } from './columns-named.ts';
import { METRIC_MEANS, metricsIn } from './metrics-named.ts';
import { phraseAt, phrases } from './phrases.ts';

const REVOKING = phrases(revoking.REVOKING);
const OF_CHOICES = phrases(revoking.REVOKING_CHOICES);
const OPENING = phrases(FILLERS);
const METRIC = new Set(revoking.THE_METRIC);
const MODEL = new Set(revoking.THE_MODEL);
const TARGET = new Set(revoking.THE_TARGET);
const SPLIT = new Set(revoking.THE_SPLIT);
const REPEATS = new Set(revoking.THE_REPEATS);
const THRESHOLD = new Set(revoking.THE_THRESHOLD);
const LEAVING = phrases(revoking.LEAVING);

/** What the clause takes back, or what stops it; null where it takes nothing back by name. */
export function readRevoked(
  tokens: readonly Token[],
  named: Named,
): Pick<Clause, 'revoked' | 'unknown'> | null {
  const head = headAt(tokens);
  if (head === null) return null;
  const rest = withoutLeaving(tokens.slice(head.after));
  const revoked = namedIn(rest, named);
  const { columns, metrics, models, target, split, repeats, threshold } = revoked;
  const isOther = target || split || repeats || threshold;
  const isNamed = columns.length + metrics.length + models.length > 0 || isOther;
  if (!head.always && (!isNamed || columns.length > 0 || isOther)) return null;
  if (!isNamed) return { revoked: null, unknown: named.text };
  const { unknown, condition } = stopOf(rest, named, new Set(columns));
  return { revoked, unknown: unknown ?? condition };
}

/** "…, decide yourself": the tokens before it, without what joins. */
function withoutLeaving(tokens: readonly Token[]): readonly Token[] {
  const place = tokens.findIndex((_token, at) => phraseAt(tokens, at, LEAVING) === tokens.length);
  if (place < 0) return tokens;
  let end = place;
  while (end > 0 && /^(?:[,:;]|and|please)$/.test(tokens[end - 1]?.word ?? '')) end -= 1;
  return tokens.slice(0, end);
}

/** Where the words that take back end; `always`: whatever they name, they do so. */
function headAt(tokens: readonly Token[]): { after: number; always: boolean } | null {
  for (let place = 0; place < tokens.length; ) {
    const after = phraseAt(tokens, place, REVOKING);
    if (after !== null && after < tokens.length) return { after, always: true };
    const choices = phraseAt(tokens, place, OF_CHOICES);
    if (choices !== null && choices < tokens.length) return { after: choices, always: false };
    const opening = phraseAt(tokens, place, OPENING);
    if (opening === null) return null;
    place = opening;
  }
  return null;
}

const NOTHING_REVOKED: Readonly<Revoked> = {
  columns: [],
  metrics: [],
  models: [],
  target: false,
  split: false,
  repeats: false,
  threshold: false,
};

function namedIn(tokens: readonly Token[], named: Named): Revoked {
  const columns = columnsBetween(tokens, { start: 0, end: tokens.length }, named);
  const says = (words: ReadonlySet<string>) => tokens.some(({ word }) => words.has(word));
  if (columns.length > 0) return { ...NOTHING_REVOKED, columns };
  const models = modelsIn(tokens).flatMap(({ name }) => name ?? []);
  const metrics = metricsIn(tokens.map(({ word }) => word).join(' '));
  return {
    columns,
    metrics: metrics.length === 0 && says(METRIC) ? Object.keys(METRIC_MEANS) : metrics,
    models: models.length === 0 && says(MODEL) ? [...MODEL_NAMES] : models,
    target: says(TARGET),
    split: says(SPLIT),
    repeats: says(REPEATS),
    threshold: says(THRESHOLD),
  };
}
