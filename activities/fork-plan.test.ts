import type { Message, StageRun, Step } from '../core/records.ts';
import { type Origin, planFork, renamed } from './fork-plan.ts';
import { answerMessageId, resultMessageId, stepId } from './keys.ts';

const ORIGIN = '00000000-0000-7000-8000-00000000000a';
const FORK = '00000000-0000-7000-8000-00000000000b';
const time = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;
const key = (stage: 'eda' | 'prep', run: number, turn: number, sessionId = ORIGIN) => ({
  sessionId,
  owner: 'a',
  stage,
  run,
  turn,
});

const run = (stage: 'eda' | 'prep', n: number, second: number, patch: Partial<StageRun> = {}): StageRun => ({
  ...{ session_id: ORIGIN, stage, run: n, state: 'done', reason: null, stale: false, prompt_version: '' },
  ...{ base: null, checkpoint: null, started_at: time(second), ended_at: time(second + 9) },
  ...patch,
});
const step = (
  stage: 'eda' | 'prep',
  n: number,
  turn: number,
  call: string,
  patch: Partial<Step> = {},
): Step => ({
  ...{ id: stepId(key(stage, n, turn), call), session_id: ORIGIN, stage, run: n, turn, call, tool: null },
  ...{ kind: call === '' ? 'model' : 'tool', title: '', state: 'done', epoch: 1, execution: 1, base: null },
  ...{ checkpoint: call === '' ? null : `c-${stage}${n}-${turn}-${call}`, input: {}, output: null },
  ...{
    output_offset: 0,
    metrics_offset: 0,
    usage: null,
    cost: 0,
    started_at: time(turn),
    ended_at: time(turn),
  },
  ...patch,
});
const message = (role: Message['role'], turn: number | null, patch: Partial<Message> = {}): Message => ({
  ...{ id: `m-${role}-${turn}`, session_id: ORIGIN, stage: turn === null ? null : 'eda', role, content: [] },
  ...{ run: turn === null ? null : 1, turn, metadata: {}, created_at: time(turn ?? 0) },
  ...patch,
});
const answer = (turn: number, calls: string[]) =>
  message('assistant', turn, {
    id: answerMessageId(key('eda', 1, turn)),
    content: calls.map((id) => ({ type: 'tool_use', id })),
  });
const result = (turn: number, call: string) =>
  message('tool', turn, {
    id: resultMessageId(key('eda', 1, turn), call),
    content: [{ type: 'tool_result', tool_use_id: call }],
  });

const decided = (id: string, patch: Partial<Origin['decisions'][number]>): Origin['decisions'][number] => ({
  ...{ id, stage: 'eda', run: 1, step_id: null, queued: false, created_at: time(1) },
  ...patch,
});

/** Two turns of eda, the second with two scripts; then its finish; then prep. */
const origin: Origin = {
  id: ORIGIN,
  owner: 'a',
  runs: [run('eda', 1, 1), run('prep', 1, 20), run('eda', 2, 40)],
  steps: [
    ...[step('eda', 1, 1, ''), step('eda', 1, 1, 'a'), step('eda', 1, 2, ''), step('eda', 1, 2, 'b')],
    ...[step('eda', 1, 2, 'c'), step('eda', 1, 3, ''), step('eda', 1, 3, 'f', { kind: 'validation' })],
    ...[step('prep', 1, 1, ''), step('eda', 2, 1, '', { state: 'running' })],
  ],
  messages: [
    message('user', 1, { metadata: { kind: 'brief' } }),
    ...[answer(1, ['a']), result(1, 'a'), answer(2, ['b', 'c']), result(2, 'b'), result(2, 'c')],
    message('user', 3, { id: 'said', created_at: time(2) }),
    message('user', 3, { id: 'said-later', created_at: time(3) }),
    ...[answer(3, ['f']), result(3, 'f')],
  ],
  checkpoints: [],
  decisions: [
    decided('given', { run: null, stage: null, created_at: time(0) }),
    decided('first', { step_id: stepId(key('eda', 1, 1), 'a') }),
    decided('second', { step_id: stepId(key('eda', 1, 2), 'c') }),
    decided('said', { run: null, stage: 'prep', created_at: time(3) }),
    decided('waits', { run: null, stage: 'prep', queued: true, created_at: time(0) }),
    decided('noted', { created_at: time(1) }),
  ],
};
const at = (stage: 'eda' | 'prep', n: number, turn: number, call: string) =>
  planFork(origin, FORK, stepId(key(stage, n, turn), call));

test('takes what was done up to and with the step, and leaves its stage open', () => {
  const plan = at('eda', 1, 2, 'b');
  expect(plan).toMatchObject({ state: 'eda_running', open: true, base: 'c-eda1-2-b' });
  expect(plan.runs.map((each) => [each.stage, each.run, each.state])).toEqual([['eda', 1, 'running']]);
  expect(plan.steps.map((each) => [each.turn, each.call])).toEqual([
    [1, ''],
    [1, 'a'],
    [2, ''],
    [2, 'b'],
  ]);
  const copied = plan.messages.map((each) => each.id);
  expect(copied).toContain(resultMessageId(key('eda', 1, 2), 'b'));
  expect(copied).not.toContain(resultMessageId(key('eda', 1, 2), 'c'));
});

test('what was said before the step and heard after it waits in the fork', () => {
  const { messages } = at('eda', 1, 2, 'b');
  expect(messages.filter((each) => each.turn === null).map((each) => each.id)).toEqual(['said']);
});

test('a model’s step takes its answer and none of its calls', () => {
  const plan = at('eda', 1, 2, '');
  expect(plan.steps.at(-1)).toMatchObject({ turn: 2, call: '' });
  expect(plan.base).toBe('c-eda1-1-a');
});

test('the finish of a stage leaves it done; a later stage takes the earlier ones whole', () => {
  expect(at('eda', 1, 3, 'f')).toMatchObject({ state: 'eda_done', open: false });
  const prep = at('prep', 1, 1, '');
  expect(prep).toMatchObject({ state: 'prep_running', open: true });
  expect(prep.runs.map((each) => [each.stage, each.run, each.state, each.stale])).toEqual([
    ['eda', 1, 'done', false],
    ['prep', 1, 'running', false],
  ]);
});

test('a step that runs and a step of another session are refused', () => {
  expect(() => at('eda', 2, 1, '')).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
  expect(() => planFork(origin, FORK, stepId(key('eda', 9, 9)))).toThrow(
    expect.objectContaining({ code: 'NOT_FOUND' }),
  );
});

test('ids are those that the new session would give, also inside texts', () => {
  const { ids } = at('eda', 1, 3, 'f');
  const old = stepId(key('eda', 1, 2), 'b');
  const text = {
    path: `output:${old}/stdout`,
    session: ORIGIN,
    other: '00000000-0000-7000-8000-00000000000c',
  };
  expect(renamed(text, ids)).toEqual({
    path: `output:${stepId(key('eda', 1, 2, FORK), 'b')}/stdout`,
    session: FORK,
    other: text.other,
  });
});

test('takes the decisions that had been made by then, under ids of their own', () => {
  expect([...at('eda', 1, 2, 'b').decisions]).toEqual(['given', 'first', 'noted']);
  expect([...at('eda', 1, 3, 'f').decisions]).toEqual(['given', 'first', 'second', 'said', 'noted']);
  const { ids } = at('eda', 1, 3, 'f');
  expect(new Set(origin.decisions.map(({ id }) => ids.get(id))).size).toBe(origin.decisions.length);
});
