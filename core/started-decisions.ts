/** What a session decides from its start: given by a person, or kept from another session. Pure. */

import { planChanges, refuse } from './decision-changes.ts';
import { type Decider, type Decision, firstStage, isDecisionKey, KNOWN_KEYS } from './decisions.ts';
import { TemperaError } from './errors.ts';
import { nearestNames, offerNames, quoted } from './nearest-names.ts';
import type { Experiment } from './records.ts';
import type { Stage } from './stages.ts';

/** A decision with which a session begins. What is left out says that the person has just decided it. */
export interface StartedDecision {
  key: string;
  value: unknown;
  by?: Decider | undefined;
  stage?: Stage | null | undefined;
  reason?: string | undefined;
  /** The session that had decided it. */
  inherited_from?: string | null | undefined;
  to_confirm?: boolean | undefined;
}

/** Characters of a key that a refusal shows. */
const MOST_SHOWN = 50;

/**
 * Checks what a session decides from its start. A key that only a script knows is taken as it is, where its stage says
 * so.
 * @throws TemperaError INVALID_DECISION, naming the key and what is possible
 */
export function checkStart(experiment: Experiment, started: readonly StartedDecision[]): void {
  for (const each of started) assertKnown(each);
  const judged = started.filter(({ key }) => firstStage(key) !== undefined);
  const inherited = judged.filter(({ inherited_from }) => typeof inherited_from === 'string').map(asDecision);
  planChanges({ experiment, ledger: inherited, runs: [], isStart: true }, judged);
}

function assertKnown({ key, stage = null }: StartedDecision): void {
  if (!isDecisionKey(key))
    refuse(key.slice(0, MOST_SHOWN), 'is no key; use words with dots between them.', []);
  if (firstStage(key) !== undefined || stage !== null) return;
  const near = nearestNames(key, KNOWN_KEYS);
  const offered = offerNames(near, KNOWN_KEYS, 'Known keys are');
  const message =
    `There is no decision ${quoted(key)}. ${offered} Of one that a script of its own knows, say the ` +
    'stage that decides it.';
  throw new TemperaError('INVALID_DECISION', message, { details: { key, possible: near } });
}

/** As a row of the ledger that is in force. */
export function asDecision(started: StartedDecision): Decision {
  const { key, value, by, reason = '', inherited_from = null, to_confirm = false } = started;
  return {
    ...{ id: key, session_id: '', run: null, step_id: null, position: 0, created_at: '' },
    ...{ key, value, reason, inherited_from, to_confirm, by: deciderOf({ by, inherited_from }) },
    ...{ stage: stageOfStart(started), alternatives: [], evidence: null, confidence: null },
    ...{ standing: 'in_force', superseded_by: null, withdraws: false },
  };
}

/** Whoever had decided it where it was kept from; else the person who says it now. */
export function deciderOf({
  by = 'person',
  inherited_from,
}: Pick<StartedDecision, 'by' | 'inherited_from'>): Decider {
  return typeof inherited_from === 'string' ? by : 'person';
}

/** The stage that it concerns first, or, of a key that only a script knows, the one that decides it. */
export function stageOfStart({ key, stage = null }: Pick<StartedDecision, 'key' | 'stage'>): Stage | null {
  const first = firstStage(key);
  return first === undefined ? stage : first;
}
