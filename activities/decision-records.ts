/** Decisions as rows and as the events that tell of them: those of a script, and those of a person. */

import { binds, type Decision, inForce } from '../core/decisions.ts';
import type { EventData, NewEvent } from '../core/events.ts';
import { derivedId } from '../core/ids.ts';
import type { Stage } from '../core/stages.ts';
import type { NewDecision } from '../db/index.ts';
import type { LawfulChunk } from './lawful-chunks.ts';

type DecisionChunk = Extract<LawfulChunk, { kind: 'decision' }>;
type Item = EventData<'decisions'>['items'][number];

/** Bytes of the items of one event. */
const MAX_EVENT_BYTES = 60 * 1024;

/** Whose execution decides. */
export interface DecisionPlace {
  session_id: string;
  stage: Stage;
  run: number;
  step_id: string;
  execution: number;
}

/** What is known of a script's code when it decides. */
export interface DecidingScript {
  /** Keys that were decided before, by whom it has to follow. */
  bound: ReadonlySet<string>;
  /** The platform's own agent wrote it: what the SDK says of its rules and defaults is true. */
  isOurs: boolean;
}

/** Keys that were decided, where the step began, by whom its scripts have to follow. */
export function boundKeys(ledger: readonly Decision[], stage: Stage): ReadonlySet<string> {
  return new Set([...inForce(ledger).values()].filter((each) => binds(each, stage)).map(({ key }) => key));
}

/**
 * A script's decisions as rows; what a script has to follow yields, whatever the script made of it. Who decided is
 * never a script's claim: what another agent's script calls a rule is that agent's choice.
 */
export function scriptDecisions(
  place: DecisionPlace,
  chunks: readonly LawfulChunk[],
  { bound, isOurs }: DecidingScript,
): NewDecision[] {
  return chunks
    .filter((chunk): chunk is DecisionChunk => chunk.kind === 'decision')
    .map(({ offset, data: { basis, ...data } }) => ({
      ...place,
      ...data,
      id: derivedId('decision', place.step_id, place.execution, offset),
      by: isOurs ? basis : ('agent' as const),
      yields: bound.has(data.key),
    }));
}

/** One event, or several where one would be too large. `key` is theirs, with a number from the second on. */
export function decisionEvents(
  rows: readonly NewDecision[],
  place: Pick<NewEvent, 'key' | 'stage' | 'run'>,
): NewEvent[] {
  const batches: Item[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const { id, key, value, by, reason = '', yields = false, queued = false } = row;
    const item = { id, key, value, by, reason, yields, queued };
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    if (bytes > MAX_EVENT_BYTES) {
      batches.push([]);
      bytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    }
    batches.at(-1)?.push(item);
  }
  return batches.map((items, at) => ({
    ...place,
    key: at === 0 ? place.key : `${place.key}/${at}`,
    type: 'decisions',
    data: { items },
  }));
}
