/**
 * What people do to a session: every refused transition, re-runs, limits, stops, questions, and history that goes
 * on in a new run.
 */

import { Client, Connection } from '@temporalio/client';
import type { StageRun } from '../../core/records.ts';
import { sessionWorkflowId } from '../../core/session-names.ts';
import { createDatabase } from '../../db/index.ts';
import { expectSound } from '../platform/invariants.ts';
import { obedient } from '../platform/obedient-scripts.ts';
import {
  byStage,
  code,
  finish,
  type ScriptedPlatform,
  type ScriptedTurn,
  startEda,
  tool,
  VALID_EDA,
} from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';
import { until } from '../platform/wait.ts';

const asksFirst: ScriptedTurn[] = [
  [tool('ask_user', { question: 'Which column?', choices: ['species', 'island'] })],
  [code('report', VALID_EDA)],
  [finish('done')],
];
const simple: ScriptedTurn[] = [[code('report', VALID_EDA)], [finish('done')]];

describe('commands of a session', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await takeScripted({ eda: simple });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  const rest = () => scripted.platform.rest;

  async function created(
    body: Record<string, unknown> = {},
    fields: Record<string, string> = {},
  ): Promise<string> {
    const experiment = await rest().createExperiment('examples/penguins.csv', {
      target: 'species',
      ...fields,
    });
    return (await rest().createSession(experiment.id, { mode: 'manual', model: scripted.name, ...body })).id;
  }
  const command = (session: string, path: string, body: unknown = {}) =>
    rest().send<{ code?: string; detail?: string }>('POST', `/api/sessions/${session}/${path}`, body);

  beforeEach(() => {
    scripted.model.setScript(scriptOf(simple));
  });

  test.each([
    ['prep', /eda/],
    ['train', /prep/],
  ])('%s does not start in a new session, and the answer names what is missing', async (stage, missing) => {
    const session = await created();
    const refused = await command(session, `stages/${stage}/start`);
    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe('STAGE_NOT_READY');
    expect(refused.body.detail).toMatch(missing);
  });

  test('resume, stop-after-step and answers are refused where nothing waits', async () => {
    const session = await created();
    expect((await command(session, 'resume')).body.code).toBe('NOT_WAITING');
    expect((await command(session, 'stop-after-step')).body.code).toBe('NOT_WAITING');
    const answered = await command(session, 'answers/00000000-0000-8000-8000-000000000000', { text: 'x' });
    expect(answered.body.code).toBe('NOT_WAITING');
  });

  test('a done stage runs again with the next number, from an empty workspace', async () => {
    const session = await startEda(scripted);
    await rest().waitFor(session, ['eda_done']);
    expect((await command(session, 'stages/eda/start')).status).toBe(202);
    await rest().waitFor(session, ['eda_done']);
    const events = await rest().events(session);
    const states = events
      .filter((event) => event.type === 'state_change')
      .map((event) => `${event.data.state} ${event.run ?? ''}`);
    expect(states).toEqual(['created ', 'eda_running 1', 'eda_done 1', 'eda_running 2', 'eda_done 2']);
    const database = createDatabase({ url: scripted.platform.variables().DATABASE_URL ?? '' });
    const runs = await database.query<StageRun>(
      'select run, base, checkpoint from stage_runs where session_id = $1 order by run',
      [session],
    );
    await database.close();
    expect(runs.map((run) => run.base)).toEqual([null, null]);
    expect(runs[0]?.checkpoint).not.toBe(runs[1]?.checkpoint);
    await expectSound(scripted.platform, session);
  }, 90_000);

  test('a re-run starts from the checkpoint of the stage before, and marks later stages stale', async () => {
    scripted.model.setScript(byStage(obedient()));
    const session = await created();
    const runThrough = async (stage: 'eda' | 'prep') => {
      expect((await command(session, `stages/${stage}/start`)).status).toBe(202);
      await rest().waitFor(session, [`${stage}_done`], 60);
    };
    for (const stage of ['eda', 'prep', 'prep', 'eda'] as const) await runThrough(stage);
    const database = createDatabase({ url: scripted.platform.variables().DATABASE_URL ?? '' });
    const read = (stage: string) =>
      database.query<StageRun>(
        'select run, base, checkpoint, stale from stage_runs where session_id = $1 and stage = $2 order by run',
        [session, stage],
      );
    const [eda, prep] = [await read('eda'), await read('prep')];
    await database.close();
    expect(eda[0]?.checkpoint).not.toBeNull();
    expect(prep).toMatchObject([
      { run: 1, base: eda[0]?.checkpoint, stale: true },
      { run: 2, base: eda[0]?.checkpoint, stale: true },
    ]);
    expect(eda).toMatchObject([
      { run: 1, base: null, stale: false },
      { run: 2, base: null, stale: false },
    ]);
    const stale = (await rest().events(session)).filter((event) => event.type === 'stale');
    expect(stale.map(({ stage, run, data }) => [stage, run, data.stages])).toEqual([['eda', 2, ['prep']]]);
  }, 240_000);

  test('a limit stops the stage before the next call, and a raised limit lets it go on in place', async () => {
    const session = await startEda(scripted, { limits: { turns: 1 } });
    await rest().waitForEvent(session, (event) => event.type === 'limit_reached');
    expect((await rest().session(session)).waiting).toMatchObject({ reason: 'limit', subject: 'turns' });
    expect((await rest().usage(session)).model_calls).toBe(1);
    expect((await command(session, 'limits', { turns: 5 })).status).toBeLessThan(300);
    await rest().waitFor(session, ['eda_done']);
    expect((await rest().session(session)).waiting).toBeNull();
    await expectSound(scripted.platform, session);
  }, 90_000);

  test('stop-after-step holds the stage and resume lets it go on', async () => {
    scripted.model.setScript(
      scriptOf([[code('slow', `import time\nprint('begun', flush=True)\ntime.sleep(2)`)], ...simple]),
    );
    const session = await startEda(scripted);
    await rest().waitForEvent(session, (event) => event.type === 'code_output');
    expect((await command(session, 'stop-after-step')).status).toBeLessThan(300);
    await until('it is stopped', async () => (await rest().session(session)).waiting?.reason === 'stopped');
    const calls = scripted.model.counts().calls;
    expect((await command(session, 'resume')).status).toBeLessThan(300);
    await rest().waitFor(session, ['eda_done']);
    expect(scripted.model.counts().calls).toBe(calls + 2);
  }, 90_000);

  test('a message sent while the agent works reaches it at its next turn', async () => {
    scripted.model.setScript(
      scriptOf([[code('slow', `import time\nprint('begun', flush=True)\ntime.sleep(2)`)], ...simple]),
    );
    const session = await startEda(scripted);
    await rest().waitForEvent(session, (event) => event.type === 'code_output');
    expect((await command(session, 'messages', { text: 'mind the penguins' })).status).toBeLessThan(300);
    await rest().waitFor(session, ['eda_done']);
    const heard = scripted.model.requests.filter((request) =>
      JSON.stringify(request.messages).includes('mind the penguins'),
    );
    expect(heard.length).toBe(2);
  }, 90_000);

  test('the trace context of the command that started a stage reaches its code', async () => {
    const prints = `import os\nprint(os.environ.get('TRACEPARENT'))`;
    scripted.model.setScript(scriptOf([[code('trace', prints)], ...simple]));
    const session = await created();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await rest().post(`/api/sessions/${session}/stages/eda/start`, {}, { traceparent });
    const printed = await rest().waitForEvent(session, (event) => event.type === 'code_output');
    expect(printed.data.text).toBe(`${traceparent}\n`);
    await rest().waitFor(session, ['eda_done']);
  }, 90_000);

  test('an answer wakes the agent; the first one wins', async () => {
    scripted.model.setScript(scriptOf(asksFirst));
    const session = await startEda(scripted);
    const asked = await rest().waitForEvent(session, (event) => event.type === 'question');
    expect((await rest().session(session)).waiting?.reason).toBe('question');
    const answers = await Promise.all(
      ['island', 'species'].map((text) => command(session, `answers/${asked.data.id}`, { text })),
    );
    expect(answers.map((answer) => answer.status < 300).filter(Boolean)).toHaveLength(1);
    await rest().waitFor(session, ['eda_done']);
    const recorded = (await rest().events(session)).flatMap(({ data }) => data.answers ?? []);
    expect(recorded).toEqual([
      expect.objectContaining({
        question: asked.data.id,
        answer: { text: expect.stringMatching(/island|species/) },
      }),
    ]);
    await expectSound(scripted.platform, session);
  }, 90_000);

  describe('whose workflow is lost while it waits', () => {
    async function loseWorkflow(session: string): Promise<void> {
      const address = scripted.platform.variables().TEMPORAL_ADDRESS ?? '';
      const connection = await Connection.connect({ address });
      await new Client({ connection }).workflow.getHandle(sessionWorkflowId(session)).terminate();
      await connection.close();
    }

    async function expectOver(session: string): Promise<void> {
      await rest().waitFor(session, ['eda_done']);
      const waits = (await rest().events(session)).filter((event) => event.type === 'waiting');
      expect(waits.at(-1)?.data.reason).toBeNull();
      await expectSound(scripted.platform, session);
    }

    test('an answer starts it again from the rows', async () => {
      scripted.model.setScript(scriptOf(asksFirst));
      const session = await startEda(scripted);
      const asked = await rest().waitForEvent(session, (event) => event.type === 'question');
      await loseWorkflow(session);
      expect((await command(session, `answers/${asked.data.id}`, { text: 'island' })).status).toBe(200);
      await expectOver(session);
    }, 90_000);

    test('a limit that was raised before it was lost holds nothing up', async () => {
      const session = await startEda(scripted, { limits: { turns: 1 } });
      await rest().waitForEvent(session, (event) => event.type === 'limit_reached');
      await loseWorkflow(session);
      const database = createDatabase({ url: scripted.platform.variables().DATABASE_URL ?? '' });
      await database.query(`update sessions set limits = limits || '{"turns": 5}' where id = $1`, [session]);
      await database.close();
      expect((await command(session, 'messages', { text: 'Go on.' })).status).toBe(201);
      await expectOver(session);
    }, 90_000);
  });
});

const scriptOf = (turns: ScriptedTurn[]) => byStage({ eda: turns });
