/** The state machine of a session: every transition it has, and that each other is refused with a sentence. */

import { TemperaError } from './errors.ts';
import {
  assertMayCancel,
  assertStageMayStart,
  doneState,
  lastDoneStage,
  runningStage,
  SESSION_STATES,
  type SessionState,
} from './session-state.ts';
import { STAGES, type Stage } from './stages.ts';

/** For each state: what starting eda, prep and train does. `ok`, or what the refusal says. */
const NEEDS_EDA = 'needs eda to be done first. Start eda.';
const NEEDS_PREP = 'needs prep to be done first. Start prep.';
const CANCELLED = 'The session is cancelled; nothing can start in it. Make a new session.';
const runs = (stage: Stage) => `Stage ${stage} is running. Wait until it ends or cancel it`;
const STARTS: [state: SessionState, failed: Stage | null, eda: string, prep: string, train: string][] = [
  ['created', null, 'ok', NEEDS_EDA, NEEDS_PREP],
  ['eda_running', null, runs('eda'), runs('eda'), runs('eda')],
  ['eda_done', null, 'ok', 'ok', NEEDS_PREP],
  ['prep_running', null, runs('prep'), runs('prep'), runs('prep')],
  ['prep_done', null, 'ok', 'ok', 'ok'],
  ['train_running', null, runs('train'), runs('train'), runs('train')],
  ['train_done', null, 'ok', 'ok', 'ok'],
  ['failed', 'eda', 'ok', NEEDS_EDA, NEEDS_PREP],
  ['failed', 'prep', 'ok', 'ok', NEEDS_PREP],
  ['failed', 'train', 'ok', 'ok', 'ok'],
  ['failed', null, 'ok', NEEDS_EDA, NEEDS_PREP],
  ['cancelled', null, CANCELLED, CANCELLED, CANCELLED],
];
const CASES = STARTS.flatMap(([state, failed, ...outcomes]) =>
  STAGES.map((stage, at) => [stage, state, failed, outcomes[at] ?? ''] as const),
);

function refusal(action: () => void): TemperaError | null {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof TemperaError) return error;
    throw error;
  }
}

test.each(CASES)('starting %s in state %s (failed stage %s)', (stage, state, failed, outcome) => {
  const error = refusal(() => assertStageMayStart(stage, state, failed));
  if (outcome === 'ok') return expect(error).toBeNull();
  expect(error).toMatchObject({ code: 'STAGE_NOT_READY', message: expect.stringContaining(outcome) });
  expect(error?.kind.http).toBe(409);
});

test('the table of starts speaks of every state', () => {
  expect(new Set(STARTS.map(([state]) => state))).toEqual(new Set(SESSION_STATES));
});

test.each(SESSION_STATES.map((state) => [state]))('cancelling in state %s', (state) => {
  const error = refusal(() => assertMayCancel(state));
  if (state !== 'train_done' && state !== 'cancelled') return expect(error).toBeNull();
  expect(error).toMatchObject({
    code: 'NOT_CANCELLABLE',
    message: `A session in state ${state} cannot be cancelled: nothing runs in it.`,
  });
});

test('a running state names its stage, others none', () => {
  expect(SESSION_STATES.map(runningStage)).toEqual([
    null,
    'eda',
    null,
    'prep',
    null,
    'train',
    null,
    null,
    null,
  ]);
});

test('the last done stage follows from the state', () => {
  expect(SESSION_STATES.map((state) => lastDoneStage(state, 'train'))).toEqual([
    null,
    null,
    'eda',
    'eda',
    'prep',
    'prep',
    'train',
    'prep',
    null,
  ]);
  expect(STAGES.map(doneState)).toEqual(['eda_done', 'prep_done', 'train_done']);
});
