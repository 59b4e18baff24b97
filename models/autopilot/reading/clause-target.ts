/** Which column a clause wants to be predicted. */

import * as targetsWords from '../vocabulary/targets.ts';
import type { Clause } from './clause.ts';
import { columnAt, columnsBetween, type Named, type Token } from './columns-named.ts';
import { isNegated, negates, phraseAt, phrases } from './phrases.ts';

const STRONG_TARGET = new Set(targetsWords.PREDICTING);
const WEAK_TARGET = new Set(targetsWords.MODELLING);
const AS_TARGET = phrases(targetsWords.AS_TARGET);
const NOUNS = new Set(targetsWords.PREDICTIONS);
const NOUN_OF = new Set(targetsWords.PREDICTION_OF);
const TARGET_FILLERS = new Set(targetsWords.BEFORE_A_TARGET);

/** "Use age as the target". */
function readAsTarget(clause: Clause, tokens: readonly Token[], named: Named): boolean {
  const place = tokens.findIndex((_token, at) => phraseAt(tokens, at, AS_TARGET) !== null);
  const name = place < 0 ? undefined : columnsBetween(tokens, { start: 0, end: place }, named).at(-1);
  if (name === undefined || isNegated(tokens, place)) return false;
  clause.target = name;
  clause.included = clause.included.filter((each) => each !== name);
  return true;
}

/** "Predict", "target", and "prediction of", which alone may be anyone's: "sex must not influence the prediction". */
function isPredicting(tokens: readonly Token[], place: number): boolean {
  const word = tokens[place]?.word ?? '';
  return STRONG_TARGET.has(word) && (!NOUNS.has(word) || NOUN_OF.has(tokens[place + 1]?.word ?? ''));
}

/** Reads it where the clause’s columns are read already: one that goes or stays is none to be predicted. */
export function readTarget(clause: Clause, tokens: readonly Token[], named: Named): void {
  if (readAsTarget(clause, tokens, named)) return;
  const plainly = tokens.findIndex((_token, at) => isPredicting(tokens, at));
  const place = plainly >= 0 ? plainly : tokens.findIndex(({ word }) => WEAK_TARGET.has(word));
  const strong = STRONG_TARGET.has(tokens[place]?.word ?? '');
  if (place < 0 || isNegated(tokens, place)) return;
  let from = place + 1;
  while (TARGET_FILLERS.has(tokens[from]?.word ?? '')) {
    if (columnAt(tokens, from, named) !== null) break;
    from += 1;
  }
  const end = strong ? tokens.length : from;
  const direct = columnAt(tokens, from, named);
  const after = direct === null ? columnsBetween(tokens, { start: from, end }, named) : [direct.name];
  // "the target should not be …" says what it is not
  const first = tokens.findIndex((_token, at) => at > place && columnAt(tokens, at, named) !== null);
  if (first >= 0 && tokens.slice(place, first).some(negates)) return;
  const gone = [...clause.excluded, ...clause.included, ...clause.only];
  const before = strong ? columnsBetween(tokens, { start: 0, end: place }, named) : [];
  clause.target = [...after, ...before].find((name) => !gone.includes(name)) ?? null;
  clause.unknownTarget =
    strong &&
    clause.target === null &&
    clause.text.length > 0 &&
    /^predict|^forecast/.test(tokens[place]?.word ?? '');
}
