/**
 * Undo: a stage that is to run again under decisions that a former run of it already had takes over what that run left,
 * so that nothing is computed or paid again. Which run that is, if any. Pure.
 */

import { type Decision, firstStage, isSettled } from './decisions.ts';
import type { StageRun } from './records.ts';
import { STAGES, type Stage } from './stages.ts';

export interface Past {
  runs: readonly StageRun[];
  ledger: readonly Decision[];
  /** Of each run `stage/run` the position of the ledger where its last step began: it knew all up to there. */
  ends: ReadonlyMap<string, number>;
}

/**
 * The latest done run of the stage that started from `base` under what the person wants now, or that had decided so
 * itself; null where there is none.
 */
export function adoptableRun(past: Past, stage: Stage, base: string | null): StageRun | null {
  const now = personsWish(past.ledger, stage, Number.POSITIVE_INFINITY);
  const fitting = past.runs.filter(
    (run) => run.stage === stage && run.state === 'done' && run.checkpoint !== null && run.base === base,
  );
  return fitting.findLast((run) => hadDecided(past, run, now)) ?? null;
}

function hadDecided(past: Past, run: StageRun, now: ReadonlyMap<string, unknown>): boolean {
  const end = past.ends.get(`${run.stage}/${run.run}`);
  if (end === undefined) return false;
  const wished = personsWish(past.ledger, run.stage, end);
  const own = agentsChoice(past.ledger, run, end);
  if ([...wished.keys()].some((key) => !now.has(key))) return false;
  return [...now].every(([key, value]) => isSame(wished.has(key) ? wished.get(key) : own(key), value));
}

const UNCOUNTED: readonly Decision['standing'][] = ['queued', 'unfit'];

/** The person's values and those kept from another session, up to a position, of the keys that a stage hangs on. */
function personsWish(ledger: readonly Decision[], stage: Stage, upTo: number): Map<string, unknown> {
  const counted = ledger.filter(
    (each) => isSettled(each) && !UNCOUNTED.includes(each.standing) && each.position <= upTo,
  );
  const wish = new Map<string, unknown>();
  for (const { key, value, withdraws } of counted.filter((each) => concerns(each.key, stage))) {
    if (withdraws) wish.delete(key);
    else wish.set(key, value);
  }
  return wish;
}

/** A key that only a script knows concerns every stage. */
function concerns(key: string, stage: Stage): boolean {
  const first = firstStage(key);
  if (first === undefined) return true;
  return first !== null && STAGES.indexOf(first) <= STAGES.indexOf(stage);
}

/** What the run itself, or an earlier stage by the run's end, had chosen; a column that nobody spoke of is in. */
function agentsChoice(ledger: readonly Decision[], run: StageRun, end: number): (key: string) => unknown {
  const counted: readonly Decision['standing'][] = ['in_force', 'superseded', 'former', 'stale'];
  const chosenBy = ledger.filter((each) => !isSettled(each) && counted.includes(each.standing));
  const own = chosenBy.filter((each) => each.stage === run.stage && each.run === run.run);
  // a run of theirs that has been followed since was the one that counted
  const earlier = chosenBy.filter(
    ({ stage, position }) =>
      stage !== null && STAGES.indexOf(stage) < STAGES.indexOf(run.stage) && position <= end,
  );
  const chosen = new Map([...earlier, ...own].map(({ key, value }) => [key, value]));
  return (key) => (chosen.has(key) || !/^column\.[^.]+\.use$/u.test(key) ? chosen.get(key) : 'in');
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
