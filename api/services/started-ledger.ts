/** The rows with which a session's ledger begins. */

import { givenDecisions } from '../../core/given-decisions.ts';
import { newId } from '../../core/ids.ts';
import type { Limits } from '../../core/limits.ts';
import type { Experiment } from '../../core/records.ts';
import { deciderOf, type StartedDecision, stageOfStart } from '../../core/started-decisions.ts';
import type { NewDecision } from '../../db/index.ts';

const DECIDED_BEFORE = 'it was decided before';

/** What was given is the person's, from the start; what was decided beside it goes before. */
export function startedRows(
  session: string,
  experiment: Experiment,
  { limits, decisions }: { limits: Partial<Limits>; decisions: readonly StartedDecision[] },
): NewDecision[] {
  const decided = new Set(decisions.map(({ key }) => key));
  const given = givenDecisions(experiment, limits).filter(({ key }) => !decided.has(key));
  return [
    ...given.map((each) => startedRow(session, each)),
    ...decisions.map((each) => startedRow(session, { ...each, reason: each.reason || DECIDED_BEFORE })),
  ];
}

function startedRow(session: string, started: StartedDecision): NewDecision {
  const { key, value, reason, inherited_from = null, to_confirm = false } = started;
  return {
    ...{
      id: newId(),
      session_id: session,
      run: null,
      key,
      value,
      reason: reason ?? '',
      inherited_from,
      to_confirm,
    },
    ...{ stage: stageOfStart(started), by: deciderOf(started) },
  };
}

/** What was in force and does not fit the table: rows that never count, so that it is seen what became of it. */
export function unfitRows(session: string, unfit: readonly StartedDecision[]): NewDecision[] {
  return unfit.map((each) => ({ ...startedRow(session, each), yields: true }));
}
