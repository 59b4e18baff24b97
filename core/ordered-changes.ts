/**
 * What a person orders in words, as rows of the ledger: what is possible of it, and when it takes force. Pure.
 *
 * 1. What concerns the stage that runs, or a later one, counts at once: its next script follows it.
 * 2. What concerns a stage that is done waits for the end of the one that runs, as any change of decisions does then.
 * 3. Of several changes those that are possible are made; the others are refused by name.
 */

import {
  type ChangedLedger,
  type DecisionChange,
  type PlannedChange,
  planChanges,
} from './decision-changes.ts';
import { type LedgerRow, readLedger } from './decisions.ts';
import { TemperaError } from './errors.ts';
import type { Experiment, StageRun } from './records.ts';
import { STAGES, type Stage } from './stages.ts';

/** Changes of one order; a table of more columns is ordered about in several. */
export const MOST_ORDERED = 500;

export interface ChangeRequest {
  changes: readonly DecisionChange[];
  /** The person's last change is taken back, before these are made. */
  undo: boolean;
}

export interface OrderedAt {
  experiment: Experiment;
  rows: readonly LedgerRow[];
  runs: readonly StageRun[];
  /** The stage whose agent hears it. */
  stage: Stage;
  /** The stage is done and is talked about. */
  followUp: boolean;
}

/** A row that is to be written, of one change. */
export interface OrderedRow {
  key: string;
  value: unknown;
  withdraws: boolean;
  stage: Stage | null;
  queued: boolean;
  /** The change that it takes back. */
  undoes: string | null;
}

/** What an order came to, as its agent is told. */
export interface Ordered {
  /** `later`: once the stage that runs has ended. `withdrawn`: it is left to the agent. */
  decided: { key: string; value?: unknown; withdrawn?: true; holds: 'now' | 'later' }[];
  refused: { key: string; why: string }[];
  /** Stages that run again for what takes force later. */
  anew: Stage[];
  /** Whether there was a change to take back; null where none was to be. */
  undone: boolean | null;
}

/** @returns what is to be written, and what is told of it */
export function carryOut(order: ChangeRequest, at: OrderedAt): { rows: OrderedRow[]; ordered: Ordered } {
  const known = { experiment: at.experiment, runs: at.runs, ledger: readLedger(at.rows, at.runs) };
  const undoes = order.undo ? lastChange(at.rows) : null;
  const back = undoes === null ? [] : changesBack(at.rows, undoes);
  const spoken = new Set(order.changes.map(({ key }) => key));
  const desired = [...back.filter(({ key }) => !spoken.has(key)), ...order.changes];
  const { possible, refused } = sifted(known, desired);
  const planned = planChanges(known, possible).changes;
  const later = planned.filter((change) => waits(change, at));
  const taken = new Set(back.map(({ key }) => key));
  const rows = planned.map((change) => ({
    ...{ key: change.key, stage: change.stage, withdraws: change.withdraw === true },
    ...{ value: change.withdraw ? null : change.to, queued: later.includes(change) },
    undoes: taken.has(change.key) ? undoes : null,
  }));
  const ordered: Ordered = {
    decided: planned.map((change) => reportOf(change, later.includes(change))),
    refused,
    anew: planChanges(known, later.map(asChange)).anew,
    undone: order.undo ? undoes !== null : null,
  };
  return { rows, ordered };
}

/** The result of the tool by which it was ordered. */
export function orderedContent(ordered: Ordered): string {
  const later = ordered.decided.some(({ holds }) => holds === 'later');
  const note = later
    ? 'What holds later takes force when this stage has ended, and those stages run again: go on as before.'
    : 'Follow it from here on.';
  return JSON.stringify({ ...ordered, note: ordered.decided.length === 0 ? 'Nothing changed.' : note });
}

/** The newest change of a person's that was not taken back; what was given at the start is none. */
function lastChange(rows: readonly LedgerRow[]): string | null {
  const undone = new Set(rows.map(({ undoes }) => undoes));
  const made = rows.filter(({ change, undoes }) => change !== null && undoes === null && !undone.has(change));
  return made.toSorted((one, other) => one.position - other.position).at(-1)?.change ?? null;
}

/** What the person had decided before, of each key of the change; else it is left to the agent again. */
function changesBack(rows: readonly LedgerRow[], change: string): DecisionChange[] {
  return rows
    .filter((row) => row.change === change)
    .map(({ key, position }) => {
      const before = rows
        .filter((row) => row.key === key && row.by === 'person' && row.change !== change)
        .toSorted((one, other) => one.position - other.position)
        .findLast((row) => row.position < position);
      const value = before === undefined || before.withdraws ? undefined : before.value;
      return value === undefined ? { key, withdraw: true } : { key, value };
    });
}

function sifted(
  known: ChangedLedger,
  desired: readonly DecisionChange[],
): { possible: DecisionChange[]; refused: Ordered['refused'] } {
  const refused: Ordered['refused'] = [];
  let possible = [...desired];
  for (;;) {
    const why = refusalOf(known, possible);
    if (why === null) return { possible, refused };
    const wrong = possible.filter(({ key }) => key === why.key);
    // a refusal of no one change is of all together
    const out = wrong.length > 0 ? wrong : possible;
    refused.push(...out.map(({ key }) => ({ key, why: why.message })));
    possible = possible.filter((change) => !out.includes(change));
  }
}

function refusalOf(
  known: ChangedLedger,
  changes: readonly DecisionChange[],
): { key: string; message: string } | null {
  const limit = changes.find(({ key }) => key.startsWith('budget.'));
  if (limit) return { key: limit.key, message: 'Limits are set by the person, not in words.' };
  try {
    planChanges(known, changes);
    return null;
  } catch (error) {
    if (!(error instanceof TemperaError) || error.code !== 'INVALID_DECISION') throw error;
    return { key: String(Object(error.details).key), message: error.message };
  }
}

function waits({ stage }: PlannedChange, { stage: running, followUp, runs }: OrderedAt): boolean {
  if (stage === null) return false;
  const isEarlier = STAGES.indexOf(stage) < STAGES.indexOf(running) || (followUp && stage === running);
  return isEarlier && runs.some((run) => run.stage === stage);
}

function reportOf({ key, to, withdraw }: PlannedChange, later: boolean): Ordered['decided'][number] {
  const holds = later ? 'later' : 'now';
  return withdraw ? { key, withdrawn: true, holds } : { key, value: to, holds };
}

const asChange = ({ key, to, withdraw }: PlannedChange): DecisionChange =>
  withdraw ? { key, withdraw } : { key, value: to };
