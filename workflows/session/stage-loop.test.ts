import { DEFAULT_LIMITS } from '../../core/limits.ts';
import type { ModelTurn, OpenStage, ToolCallReference } from '../contract/activities.ts';
import { MAX_NUDGES, MAX_REPAIRS, StageLoop } from './stage-loop.ts';

const open = (patch: Partial<OpenStage> = {}): OpenStage => ({
  stage: 'eda',
  run: 1,
  turn: 1,
  checkpoint: null,
  spent: { turns: 0, tokens: 0, cost: 0, seconds: 0 },
  repairs: 0,
  firstTurn: 1,
  followUp: null,
  ...patch,
});
const call = (name: string, kind: ToolCallReference['kind'], id = name): ToolCallReference => ({
  id,
  name,
  kind,
});
const answer = (calls: ToolCallReference[], patch: Partial<ModelTurn> = {}): ModelTurn => ({
  stopReason: calls.length > 0 ? 'tool_use' : 'end_turn',
  calls,
  tokens: 10,
  cost: 0,
  ...patch,
});
const loopOf = (patch: Partial<OpenStage> = {}, limits = DEFAULT_LIMITS) =>
  new StageLoop(open(patch), limits);

describe('the agent loop', () => {
  test('starts with the model at the first turn that may not be complete', () => {
    expect(loopOf({ turn: 4 }).next()).toEqual({ do: 'model', turn: 4 });
  });

  test('runs workspace calls one at a time in order, each from the checkpoint of the one before', () => {
    const loop = loopOf({ checkpoint: 'c0' });
    const [first, second] = [call('execute_code', 'workspace', 'a'), call('execute_code', 'workspace', 'b')];
    loop.modelAnswered(answer([first, second]));
    expect(loop.next()).toEqual({ do: 'tools', turn: 1, calls: [first], base: 'c0' });
    loop.toolsEnded([{ ok: true, checkpoint: 'c1' }]);
    expect(loop.next()).toEqual({ do: 'tools', turn: 1, calls: [second], base: 'c1' });
    loop.toolsEnded([{ ok: false, checkpoint: 'c2' }]);
    expect(loop.next()).toEqual({ do: 'model', turn: 2 });
  });

  test('runs reads that stand together in one go and keeps the checkpoint', () => {
    const loop = loopOf({ checkpoint: 'c0' });
    const calls = [
      call('read_file', 'read', 'a'),
      call('query_sql', 'read', 'b'),
      call('execute_code', 'workspace', 'c'),
    ];
    loop.modelAnswered(answer(calls));
    expect(loop.next()).toEqual({ do: 'tools', turn: 1, calls: calls.slice(0, 2), base: 'c0' });
    loop.toolsEnded([
      { ok: true, checkpoint: null },
      { ok: true, checkpoint: null },
    ]);
    expect(loop.next()).toEqual({ do: 'tools', turn: 1, calls: calls.slice(2), base: 'c0' });
  });

  test('checks limits before the model call and goes on when they are raised', () => {
    const limits = { ...DEFAULT_LIMITS, tokens: 5 };
    const loop = loopOf({}, limits);
    loop.modelAnswered(answer([call('update_tasks', 'control')]));
    expect(loop.next()).toMatchObject({ do: 'control' });
    loop.controlEnded();
    expect(loop.next()).toMatchObject({ do: 'wait', waiting: { reason: 'limit', subject: 'tokens' } });
    loop.setLimits(DEFAULT_LIMITS);
    expect(loop.next()).toEqual({ do: 'model', turn: 2 });
  });

  test('counts the seconds that it worked against the limit of time', () => {
    const loop = loopOf({}, { ...DEFAULT_LIMITS, time: 60 });
    loop.worked(59);
    expect(loop.next()).toMatchObject({ do: 'model' });
    loop.worked(1);
    expect(loop.next()).toMatchObject({ do: 'wait', waiting: { subject: 'time' } });
  });

  test('sends the agent back three times when the outputs do not validate, then fails', () => {
    const loop = loopOf();
    const finish = call('finish', 'control');
    for (let repair = 1; repair <= MAX_REPAIRS; repair += 1) {
      loop.modelAnswered(answer([finish]));
      expect(loop.next()).toMatchObject({ do: 'finish', call: finish, lastTry: false });
      loop.finishEnded({ done: false, errors: ['no report'] });
      expect(loop.next()).toEqual({ do: 'model', turn: repair + 1 });
    }
    loop.modelAnswered(answer([finish]));
    expect(loop.next()).toMatchObject({ do: 'finish', lastTry: true });
    loop.finishEnded({ done: false, errors: ['no report'] });
    expect(loop.next()).toMatchObject({ do: 'fail', code: 'VALIDATION_FAILED' });
  });

  test('is done when the outputs validate', () => {
    const loop = loopOf();
    loop.modelAnswered(answer([call('finish', 'control')]));
    loop.finishEnded({ done: true, errors: [] });
    expect(loop.next()).toEqual({ do: 'done' });
  });

  test('nudges a model that stops without a tool call, and gives up in the end', () => {
    const loop = loopOf();
    for (let nudge = 0; nudge < MAX_NUDGES; nudge += 1) {
      loop.modelAnswered(answer([]));
      expect(loop.next()).toMatchObject({ do: 'nudge', turn: nudge + 1 });
      loop.nudged();
    }
    loop.modelAnswered(answer([]));
    expect(loop.next()).toMatchObject({ do: 'fail' });
  });

  test('ends the stage by name when the model declines', () => {
    const loop = loopOf();
    loop.modelAnswered(answer([], { stopReason: 'refusal' }));
    expect(loop.next()).toMatchObject({ do: 'fail', code: 'MODEL_REFUSED' });
  });

  test('goes on from an answer that filled the context, in runs that may', () => {
    const full = answer([], { stopReason: 'model_context_window_exceeded' });
    const loop = loopOf();
    loop.modelAnswered(full);
    expect(loop.next()).toMatchObject({ do: 'nudge', text: expect.stringContaining('shortened now') });
    const older = new StageLoop(open(), DEFAULT_LIMITS, { goesOnCut: () => false, guardsLoops: () => false });
    older.modelAnswered(full);
    expect(older.next()).toMatchObject({ do: 'fail', code: 'MODEL_REQUEST' });
  });

  test.each(['tools', 'control'] as const)('stops before the next turn when %s repeat themselves', (kind) => {
    const repeated = { times: 5, what: 'the script “Fit”' };
    const repeat = (loop: StageLoop, times: number) => {
      loop.modelAnswered(answer([call('again', kind === 'tools' ? 'workspace' : 'control')]));
      if (kind === 'tools')
        loop.toolsEnded([{ ok: false, checkpoint: null, repeated: { ...repeated, times } }]);
      else loop.controlEnded({ ...repeated, times });
    };
    const loop = loopOf();
    repeat(loop, 4);
    expect(loop.next()).toEqual({ do: 'model', turn: 2 });
    repeat(loop, 5);
    expect(loop.next()).toMatchObject({
      do: 'wait',
      waiting: {
        reason: 'loop',
        subject: 'the script “Fit”',
        message: expect.stringContaining('the script “Fit” has given the same result 5 times'),
      },
    });
    expect(loop.atTurnBoundary).toBe(true);
    loop.letRepeat();
    expect(loop.next()).toEqual({ do: 'model', turn: 3 });
  });

  test('what lost answers have spent is looked at before the next one is asked for', () => {
    const loop = loopOf({}, { ...DEFAULT_LIMITS, cost: 1 });
    expect(loop.next()).toEqual({ do: 'model', turn: 1 });
    loop.spent({ tokens: 10, cost: 1.2 });
    expect(loop.next()).toMatchObject({ do: 'wait', waiting: { reason: 'limit', subject: 'cost' } });
  });

  test('asks people by a call of its own and then goes on with the rest of the turn', () => {
    const loop = loopOf();
    const calls = [call('ask_user', 'control'), call('execute_code', 'workspace')];
    loop.modelAnswered(answer(calls));
    expect(loop.next()).toEqual({ do: 'ask', turn: 1, call: calls[0] });
    expect(loop.atTurnBoundary).toBe(false);
    loop.controlEnded();
    expect(loop.next()).toMatchObject({ do: 'tools' });
  });

  test('a follow-up ends with an answer in plain words, or with finish, and nothing is validated', () => {
    const answered = loopOf({ turn: 5, firstTurn: 5, followUp: 1, checkpoint: 'c9' });
    answered.modelAnswered(answer([]));
    expect(answered.next()).toEqual({ do: 'done' });
    expect(answered.base).toBe('c9');
    const finished = loopOf({ turn: 5, firstTurn: 5, followUp: 1 });
    const finish = call('finish', 'control');
    finished.modelAnswered(answer([finish]));
    expect(finished.next()).toEqual({ do: 'control', turn: 5, call: finish });
    finished.controlEnded();
    expect(finished.next()).toEqual({ do: 'done' });
  });

  test('a follow-up goes on when more was said, and counts its own turns against the limit', () => {
    const loop = loopOf({ turn: 30, firstTurn: 30, followUp: 2 }, { ...DEFAULT_LIMITS, turns: 2 });
    for (const turn of [30, 31]) {
      expect(loop.next()).toEqual({ do: 'model', turn });
      loop.modelAnswered(answer([]));
      expect(loop.next()).toEqual({ do: 'done' });
      loop.goOn();
    }
    expect(loop.next()).toMatchObject({ do: 'wait', waiting: { reason: 'limit', subject: 'turns' } });
  });
});
