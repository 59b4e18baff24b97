/** Which model a clause wants or does not want, and how much is to be done. */

import * as vocabulary from '../vocabulary/learners.ts';
import * as metrics from '../vocabulary/metrics.ts';
import type { Clause, Effort } from './clause.ts';
import type { Token } from './columns-named.ts';
import { type Phrases, phraseAt, phrases } from './phrases.ts';

/** Candidates by their own names. */
const MODELS: readonly [string, Phrases][] = [
  ['log_linear', phrases(vocabulary.LOG_LINEAR)],
  ['linear', phrases(vocabulary.LINEAR)],
  ['kernel', phrases(vocabulary.KERNEL)],
  ['extra_trees', phrases(vocabulary.EXTRA_TREES)],
  ['forest', phrases(vocabulary.FOREST)],
  ['boosting', phrases(vocabulary.BOOSTING)],
];
/** Every candidate that can be ordered. */
export const MODEL_NAMES: readonly string[] = MODELS.map(([name]) => name);
const ELSEWHERE = phrases(vocabulary.ELSEWHERE);
const TAKING = phrases(vocabulary.TAKING);
const REFUSING = phrases(vocabulary.REFUSING);
const AROUND = new Set(vocabulary.AROUND);
const LISTING = new Set(vocabulary.LISTING);
/** "Use log loss and boosting": measures may stand between. */
const MAY_STAND = new Set([
  ...AROUND,
  ...Object.values<readonly string[]>({ ...metrics }).flatMap((words) =>
    words.flatMap((each) => each.split(' ')),
  ),
]);
const EFFORTS: readonly [Effort, Phrases][] = [
  ['simpler', phrases(vocabulary.SIMPLER)],
  ['faster', phrases(vocabulary.FASTER)],
  ['careful', phrases(vocabulary.MORE_CAREFUL)],
];
const AROUND_EFFORT = new Set(vocabulary.AROUND_EFFORT);
/** Words from "no" or "use" to the model at most. */
const MOST_BETWEEN = 6;

interface NamedModel {
  /** Null for one that is not compared here. */
  name: string | null;
  start: number;
  end: number;
}

/** Every model named, in order. */
export function modelsIn(tokens: readonly Token[]): NamedModel[] {
  const found: NamedModel[] = [];
  for (let place = 0; place < tokens.length; ) {
    const model = modelAt(tokens, place);
    if (model !== null) found.push(model);
    place = model?.end ?? place + 1;
  }
  return found;
}

function modelAt(tokens: readonly Token[], place: number): NamedModel | null {
  let longest: NamedModel | null = null;
  for (const [name, heads] of [...MODELS, [null, ELSEWHERE] as const]) {
    const end = phraseAt(tokens, place, heads);
    if (end !== null && end > (longest?.end ?? 0)) longest = { name, start: place, end };
  }
  return longest;
}

/** Reads the models; `supposed`: naming one is enough. */
export function readModel(
  clause: Clause,
  tokens: readonly Token[],
  { supposed }: { supposed: boolean },
): void {
  const models = modelsIn(tokens);
  const inModel = new Set(models.flatMap(({ start, end }) => placesBetween(start, end)));
  const alone = tokens.every(({ word }, place) => inModel.has(place) || AROUND.has(word) || !/\w/.test(word));
  let refused = false;
  for (const [at, { name, start, end }] of models.entries()) {
    // "no boosting or forest": what is joined to a model goes the same way
    const isJoined = at > 0 && isListed(tokens, models[at - 1]?.end ?? start, start);
    if (!isJoined) refused = isBefore(tokens, start, REFUSING);
    const isRequested = supposed || alone || isBefore(tokens, start, TAKING);
    if (name === null) clause.unknownModel ??= refused || !isRequested ? null : wordsAt(tokens, start, end);
    else if (refused) clause.withoutModels = [...clause.withoutModels, name];
    else if (isRequested) clause.model = name;
  }
}

/** True when only marks and words of a list stand between two models. */
const isListed = (tokens: readonly Token[], start: number, end: number): boolean =>
  tokens.slice(start, end).every(({ word }) => LISTING.has(word));

/** True when one of the phrases ends before `place`, with nothing of its own in between. */
function isBefore(tokens: readonly Token[], place: number, heads: Phrases): boolean {
  for (let at = place - 1; at >= Math.max(0, place - MOST_BETWEEN); at -= 1) {
    const end = phraseAt(tokens, at, heads);
    if (end !== null && end <= place && tokens.slice(end, place).every(({ word }) => MAY_STAND.has(word)))
      return true;
  }
  return false;
}

/** The first model of which nothing is ordered, though it is named; null when there is none. */
export function unreadModel(clause: Clause, tokens: readonly Token[]): string | null {
  const unread = modelsIn(tokens).find(
    ({ name }) => name !== null && name !== clause.model && !clause.withoutModels.includes(name),
  );
  return unread === undefined ? null : wordsAt(tokens, unread.start, unread.end);
}

const placesBetween = (start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, at) => start + at);

const wordsAt = (tokens: readonly Token[], start: number, end: number): string =>
  tokens
    .slice(start, end)
    .map(({ word }) => word)
    .join(' ');

/** How much is to be done, where nothing else is said. */
export function effortIn(tokens: readonly Token[]): Effort | null {
  for (const [effort, heads] of EFFORTS) {
    const place = tokens.findIndex((_token, at) => phraseAt(tokens, at, heads) !== null);
    if (place < 0) continue;
    const end = phraseAt(tokens, place, heads) ?? place;
    const others = tokens.filter((_token, at) => at < place || at >= end);
    if (others.every(({ word }) => AROUND_EFFORT.has(word) || !/\w/.test(word))) return effort;
  }
  return null;
}
