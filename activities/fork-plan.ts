/**
 * What a fork takes over from its origin, decided from rows alone. Pure.
 *
 * 1. Everything up to and with one step: earlier stage runs whole, of the step's own run the turns before it, and of
 *    its turn the answer and the results up to it.
 * 2. The run is done in the fork when the step is the validated finish or comes after it, else it is open there.
 * 3. Ids that depend on what they name depend on the new session: a turn that is walked again meets its copied rows.
 * 4. What was said but not heard up to the step waits in the fork as well.
 */

import { TemperaError } from '../core/errors.ts';
import { derivedId } from '../core/ids.ts';
import type { Message, StageRun, Step } from '../core/records.ts';
import { doneState, runningState, type SessionState } from '../core/session-state.ts';
import { STAGES } from '../core/stages.ts';
import type { StoredDecision } from '../db/index.ts';
import { answerMessageId, resultMessageId, stepId } from './keys.ts';

export interface Origin {
  id: string;
  owner: string;
  runs: StageRun[];
  /** In the order in which they ran. */
  steps: Step[];
  /** In the order in which they were written. */
  messages: Message[];
  checkpoints: { id: string; step_id: string; execution: number }[];
  /** In the order in which they were written. */
  decisions: Decided[];
}

/** What tells whether a decision was made by then. */
type Decided = Pick<StoredDecision, 'id' | 'stage' | 'run' | 'step_id' | 'queued' | 'created_at'>;

export interface ForkPlan {
  state: SessionState;
  /** True when a stage run is open in the fork; it stands still until it is resumed. */
  open: boolean;
  runs: StageRun[];
  steps: Step[];
  messages: Message[];
  /** Checkpoints of the copied steps, by their old ids. */
  checkpoints: Set<string>;
  /** Decisions that had been made by then, by their old ids. */
  decisions: Set<string>;
  /** The checkpoint at which the fork's workspace stands, by its old id. */
  base: string | null;
  /** New id by old id. */
  ids: Map<string, string>;
}

/** @throws TemperaError NOT_FOUND when the session has no such step; CONFLICT while it runs */
export function planFork(origin: Origin, fork: string, target: string): ForkPlan {
  const step = origin.steps.find((each) => each.id === target);
  const run = step && origin.runs.find((each) => each.stage === step.stage && each.run === step.run);
  if (!step || !run) {
    throw new TemperaError('NOT_FOUND', `There is no step [${target}] in session [${origin.id}].`);
  }
  if (step.state === 'running') {
    throw new TemperaError('CONFLICT', `Step [${target}] is still running. Fork at it when it has ended.`);
  }
  const taken = origin.runs.filter((each) => each.started_at <= run.started_at);
  const cut = cutOf(origin, step);
  const steps = origin.steps.filter((each) => each.state !== 'running' && isTaken(each, taken, cut));
  const done = steps.some((each) => isFinish(each) && each.stage === step.stage && each.run === step.run);
  const checkpoints = new Set(
    origin.checkpoints.filter((each) => steps.some(({ id }) => id === each.step_id)).map(({ id }) => id),
  );
  const base = lastCheckpoint(steps, run) ?? run.base;
  const runs = taken.map((each) => ({
    ...each,
    ...(each === run ? { ...ownRun(done), checkpoint: base } : {}),
    stale: isStale(each, taken),
  }));
  return {
    state: done ? doneState(step.stage) : runningState(step.stage),
    open: !done,
    runs,
    steps,
    messages: origin.messages.flatMap((message) => takeMessage(message, taken, cut)),
    checkpoints,
    decisions: new Set(
      origin.decisions.filter((each) => wasMade(each, { taken, steps, cut })).map(({ id }) => id),
    ),
    base,
    ids: newIds(origin, fork),
  };
}

const ownRun = (done: boolean): Partial<StageRun> =>
  done ? { state: 'done', reason: null } : { state: 'running', reason: null, ended_at: null };

/** Up to where the step's own run is taken over. */
interface Cut {
  step: Step;
  /** Calls of the step's turn that are before it or it. */
  calls: Set<string>;
  /** Until when what was said waits in the fork. */
  at: string;
}

function cutOf({ messages, owner }: Origin, step: Step): Cut {
  const key = { sessionId: step.session_id, owner, stage: step.stage, run: step.run, turn: step.turn };
  const answer = messages.find((message) => message.id === answerMessageId(key));
  const calls = (answer?.content ?? []).flatMap((block) =>
    block.type === 'tool_use' ? [String(block.id)] : [],
  );
  // the model's own step is before all of its calls
  const upTo = step.call === '' ? [] : calls.slice(0, calls.indexOf(step.call) + 1);
  return { step, calls: new Set(upTo), at: step.ended_at ?? step.started_at };
}

/** True for what belongs to a run that is taken, or to the step's own run before the cut. */
function isTaken(step: Step, runs: StageRun[], cut: Cut): boolean {
  if (step.stage !== cut.step.stage || step.run !== cut.step.run)
    return runs.some((run) => run.stage === step.stage && run.run === step.run);
  if (step.turn !== cut.step.turn) return step.turn < cut.step.turn;
  return step.call === '' || cut.calls.has(step.call);
}

function takeMessage(message: Message, runs: StageRun[], cut: Cut): Message[] {
  const { stage, run, turn, role } = message;
  const own = stage === cut.step.stage && run === cut.step.run;
  if (stage !== null && !own) {
    const taken = runs.some((each) => each.stage === stage && each.run === run);
    if (taken) return [message];
  }
  if (own && turn !== null && turn < cut.step.turn) return [message];
  if (own && turn === cut.step.turn) {
    if (role !== 'tool') return [message];
    return message.content.some((block) => cut.calls.has(String(block.tool_use_id))) ? [message] : [];
  }
  const fromUser = role === 'user' && message.metadata.kind === undefined && message.created_at <= cut.at;
  return fromUser ? [{ ...message, stage: null, run: null, turn: null }] : [];
}

function wasMade(
  { stage, run, step_id, queued, created_at }: Decided,
  { taken, steps, cut }: { taken: StageRun[]; steps: Step[]; cut: Cut },
): boolean {
  if (queued) return false;
  if (step_id !== null) return steps.some(({ id }) => id === step_id);
  return (
    created_at <= cut.at && (run === null || taken.some((each) => each.stage === stage && each.run === run))
  );
}

const isFinish = ({ kind, state }: Step): boolean => kind === 'validation' && state === 'done';

function lastCheckpoint(steps: Step[], { stage, run }: StageRun): string | null {
  return (
    steps.findLast((step) => step.stage === stage && step.run === run && step.checkpoint)?.checkpoint ?? null
  );
}

/** A run is stale when a later run of an earlier stage is among those taken. */
function isStale(run: StageRun, taken: StageRun[]): boolean {
  return taken.some(
    (each) => STAGES.indexOf(each.stage) < STAGES.indexOf(run.stage) && each.started_at > run.started_at,
  );
}

/** Everything of the origin under its new name; ids that nothing is derived from get one of their own. */
function newIds({ id, owner, ...origin }: Origin, fork: string): Map<string, string> {
  const { steps, messages, checkpoints, decisions } = origin;
  const ids = new Map([[id, fork]]);
  const nameTurn = (place: Pick<Step, 'stage' | 'run' | 'turn'>, call: string) => {
    const [from, to] = [id, fork].map((sessionId) => ({ ...place, sessionId, owner })) as [Key, Key];
    ids.set(stepId(from, call), stepId(to, call));
    ids.set(derivedId('question', stepId(from, call)), derivedId('question', stepId(to, call)));
    if (call === '') ids.set(answerMessageId(from), answerMessageId(to));
    else ids.set(resultMessageId(from, call), resultMessageId(to, call));
  };
  for (const { stage, run, turn, call } of steps) nameTurn({ stage, run, turn }, call);
  for (const { stage, run, turn, content } of messages) {
    if (stage === null || run === null || turn === null) continue;
    // calls that ask people have no step
    for (const block of content)
      if (block.type === 'tool_use') nameTurn({ stage, run, turn }, String(block.id));
  }
  for (const { id: checkpoint, step_id, execution } of checkpoints)
    ids.set(checkpoint, derivedId('checkpoint', ids.get(step_id) ?? step_id, execution));
  for (const { id: message } of messages)
    if (!ids.has(message)) ids.set(message, derivedId('message', fork, message));
  for (const { id: decision } of decisions) ids.set(decision, derivedId('decision', fork, decision));
  return ids;
}

type Key = Parameters<typeof stepId>[0];

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** `value` with every old id in it replaced, also inside its texts. */
export function renamed<T>(value: T, ids: ReadonlyMap<string, string>): T {
  const text = JSON.stringify(value);
  return JSON.parse(text.replace(ID, (id) => ids.get(id) ?? id)) as T;
}
