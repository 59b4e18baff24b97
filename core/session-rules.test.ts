/**
 * The rules of a session's state machine: every transition that it does not have is refused with a sentence. What may
 * be done in which state is decided in one place, for commands, deletion, page and command line.
 */

import { TemperaError } from './errors.ts';
import {
  assertMayCancel,
  assertMayDelete,
  assertMayResume,
  assertMayStop,
  assertMayTell,
  assertStageMayStart,
  isAtRest,
  isBusy,
  openStage,
  opensFollowUp,
  RUNNING_STATES,
} from './session-rules.ts';
import { SESSION_STATES, type SessionState } from './session-state.ts';
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
  const error = refusal(() => assertStageMayStart(stage, { state, failed_stage: failed, follow_up: null }));
  if (outcome === 'ok') return expect(error).toBeNull();
  expect(error).toMatchObject({ code: 'STAGE_NOT_READY', message: expect.stringContaining(outcome) });
  expect(error?.kind.http).toBe(409);
});

test('the table of starts speaks of every state', () => {
  expect(new Set(STARTS.map(([state]) => state))).toEqual(new Set(SESSION_STATES));
});

test.each(SESSION_STATES.map((state) => [state]))('cancelling in state %s', (state) => {
  const error = refusal(() => assertMayCancel({ state, follow_up: null }));
  if (state !== 'train_done' && state !== 'cancelled') return expect(error).toBeNull();
  expect(error).toMatchObject({
    code: 'NOT_CANCELLABLE',
    message: `A session in state ${state} cannot be cancelled: nothing runs in it.`,
  });
});

const FOLLOW_UP = { n: 2, stage: 'train' as const, run: 1, first_turn: 9 };
const standing = (state: SessionState, follow_up: typeof FOLLOW_UP | null = null) => ({ state, follow_up });
const statesWhere = (holds: (state: SessionState) => boolean) => SESSION_STATES.filter(holds);

test('an agent is at work while a stage runs or a follow-up is open', () => {
  expect(statesWhere((state) => isBusy(standing(state)))).toEqual(RUNNING_STATES);
  expect(isBusy(standing('train_done', FOLLOW_UP))).toBe(true);
  expect(openStage(standing('prep_running'))).toBe('prep');
  expect(openStage(standing('train_done', FOLLOW_UP))).toBe('train');
  expect(openStage(standing('prep_done'))).toBeNull();
});

test('a session is at rest when nothing comes by itself, and not while a follow-up is answered', () => {
  const ends: SessionState[] = ['train_done', 'failed', 'cancelled'];
  expect(statesWhere((state) => isAtRest({ ...standing(state), mode: 'auto' }))).toEqual(ends);
  expect(statesWhere((state) => !isAtRest({ ...standing(state), mode: 'manual' }))).toEqual(RUNNING_STATES);
  expect(isAtRest({ ...standing('train_done', FOLLOW_UP), mode: 'manual' })).toBe(false);
});

test('only what is not at work is deleted; what may be stopped is at work', () => {
  for (const state of SESSION_STATES)
    for (const follow_up of [null, FOLLOW_UP]) {
      const busy = isBusy({ state, follow_up });
      const session = { id: 'x', state, follow_up };
      expect(refusal(() => assertMayDelete(session))?.code).toBe(busy ? 'CONFLICT' : undefined);
      expect(refusal(() => assertMayStop(session))?.code).toBe(busy ? undefined : 'NOT_WAITING');
    }
  expect(refusal(() => assertMayDelete({ id: 'x', ...standing('eda_running') }, 'experiment'))).toMatchObject(
    {
      message: 'Session x is running. Cancel it, then delete the experiment.',
      details: { session: 'x' },
    },
  );
});

test('an open follow-up holds every stage back and may be cancelled in its done session', () => {
  for (const stage of STAGES)
    expect(
      refusal(() => assertStageMayStart(stage, { ...standing('train_done', FOLLOW_UP), failed_stage: null })),
    ).toMatchObject({ code: 'STAGE_NOT_READY', message: expect.stringContaining('Follow-up 2') });
  expect(refusal(() => assertMayCancel(standing('train_done', FOLLOW_UP)))).toBeNull();
});

test('messages are read in every state but the cancelled one; after the last stage they open a follow-up', () => {
  expect(statesWhere((state) => refusal(() => assertMayTell({ state })) !== null)).toEqual(['cancelled']);
  expect(statesWhere((state) => opensFollowUp(standing(state)))).toEqual(['train_done']);
  expect(opensFollowUp(standing('train_done', FOLLOW_UP))).toBe(false);
});

test('what stands still is resumed', () => {
  const resumes = (stop_after_step: boolean, reason: 'limit' | 'slot' | null) =>
    refusal(() => assertMayResume({ stop_after_step, waiting: reason && { reason } }))?.code;
  expect([resumes(true, null), resumes(false, 'limit')]).toEqual([undefined, undefined]);
  expect([resumes(false, null), resumes(false, 'slot')]).toEqual(['NOT_WAITING', 'NOT_WAITING']);
});
