/** What is said after train_done: the same loop over the done stage, its state unchanged, with the real parts. */

import { join } from 'node:path';
import type { StoredEvent } from '../../core/events.ts';
import type { Artifact } from '../../core/records.ts';
import { createAutopilot } from '../../models/autopilot/index.ts';
import { actAs } from '../anthropic-server/act-as.ts';
import type { Reply, ScriptedBlock } from '../anthropic-server/script.ts';
import type { MessagesRequest } from '../anthropic-server/wire.ts';
import { expectSound } from '../platform/invariants.ts';
import { code, finish, type ScriptedPlatform, tool } from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';
import { until } from '../platform/wait.ts';

const text = (said: string): ScriptedBlock => ({ type: 'text', text: said });
/** How often the model has answered since the last follow-up began. */
const answersSince = ({ messages }: MessagesRequest): number => {
  const opened = messages.findLastIndex((message) => JSON.stringify(message.content).includes('# Follow-up'));
  return messages.slice(opened).filter((message) => message.role === 'assistant').length;
};

describe('after train_done', () => {
  let scripted: ScriptedPlatform;
  let session: string;
  const autopilot = actAs(createAutopilot({ playbooksFolder: join(process.cwd(), 'sandbox', 'playbooks') }));

  const rest = () => scripted.platform.rest;
  const command = (path: string, body: unknown = {}) =>
    rest().send<{ code?: string; detail?: string; state?: string }>(
      'POST',
      `/api/sessions/${session}/${path}`,
      body,
    );
  const say = async (said: string) => expect((await command('messages', { text: said })).status).toBe(201);
  /** Waits for the end of follow-up `n` and says how it ended. */
  const ended = async (n: number): Promise<string | undefined> => {
    const how = ({ type, data }: StoredEvent) =>
      type === 'state_change'
        ? new RegExp(`^follow-up ${n} (done|failed|cancelled)$`).exec(String(data.reason))?.[1]
        : undefined;
    return how(await rest().waitForEvent(session, (event) => how(event) !== undefined));
  };
  const answering = (turns: ScriptedBlock[][]) =>
    scripted.model.setScript((request): Reply => {
      const content = turns[Math.min(answersSince(request), turns.length - 1)] ?? [];
      const named = content.map((block, at) =>
        'id' in block ? { ...block, id: `toolu_${request.messages.length}_${at}` } : block,
      );
      return { kind: 'answer', content: named };
    });

  beforeAll(async () => {
    scripted = await takeScripted({});
    scripted.model.setScript(autopilot);
    const experiment = await rest().createExperiment('examples/penguins.csv', { target: 'species' });
    const created = await rest().createSession(experiment.id, { mode: 'auto', model: scripted.name });
    session = created.id;
    await rest().waitFor(session, ['train_done']);
  }, 300_000);
  afterAll(() => scripted?.stop(), 60_000);

  test('a message is answered from the files, and the state stays', async () => {
    scripted.model.setScript(autopilot);
    await say('How good is the model?');
    expect(await ended(1)).toBe('done');
    const events = await rest().events(session);
    const opened = events.findIndex((event) => event.data.reason === 'follow-up 1 opened');
    const since = events.slice(opened);
    expect(since.filter((event) => event.type === 'state_change').map((event) => event.data.state)).toEqual([
      'train_done',
      'train_done',
    ]);
    expect(since.some((event) => event.type === 'validation_result')).toBe(false);
    const said = since.filter((event) => event.type === 'agent_message').at(-1);
    expect(said).toMatchObject({ stage: 'train', run: 1 });
    expect(String(said?.data.text)).toMatch(/On the test split its accuracy is [01]\.\d{3}/);
    expect(await rest().session(session)).toMatchObject({
      state: 'train_done',
      follow_up: null,
      waiting: null,
    });
    await expectSound(scripted.platform, session);
  }, 120_000);

  test('stage starts wait for its end; cancel ends the follow-up only', async () => {
    answering([[code('endless', `import time\nprint('begun', flush=True)\ntime.sleep(600)`)]]);
    await say('Wait for ever.');
    await rest().waitForEvent(
      session,
      ({ type, data }) => type === 'code_output' && String(data.text).includes('begun'),
    );
    expect((await rest().session(session)).follow_up).toMatchObject({ n: 2, stage: 'train', run: 1 });
    const refused = await command('stages/train/start');
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: 'STAGE_NOT_READY',
      detail: expect.stringMatching(/Follow-up 2/),
    });
    expect((await rest().send('DELETE', `/api/sessions/${session}`)).status).toBe(409);
    expect((await command('cancel')).body).toEqual({ state: 'train_done' });
    expect(await ended(2)).toBe('cancelled');
    expect((await command('cancel')).body.code).toBe('NOT_CANCELLABLE');
    await expectSound(scripted.platform, session);
  }, 120_000);

  test('it asks, runs code over the files that are there, and what it adds becomes an artifact', async () => {
    const draw = `import pathlib, json
rows = json.loads(pathlib.Path('train/data/metadata.json').read_text())['rows']
pathlib.Path('train/figures/extra.txt').write_text(str(rows))`;
    answering([
      [tool('ask_user', { question: 'Which one?', choices: ['a', 'b'] })],
      [code('extra', draw)],
      [text('It is drawn.'), finish('drawn')],
    ]);
    await say('Draw one more.');
    const asked = await rest().waitForEvent(session, (event) => event.type === 'question');
    expect((await rest().session(session)).waiting?.reason).toBe('question');
    expect((await command(`answers/${asked.data.id}`, { text: 'a' })).status).toBe(200);
    expect(await ended(3)).toBe('done');
    const { items } = await rest().get<{ items: Artifact[] }>(
      `/api/sessions/${session}/artifacts?stage=train`,
    );
    expect(items.map((artifact) => artifact.path)).toContain('train/figures/extra.txt');
    await expectSound(scripted.platform, session);
  }, 120_000);

  test('a worker that is killed in a follow-up changes nothing in it', async () => {
    answering([
      [code('slow', `import time\nprint('slowly', flush=True)\ntime.sleep(3)`)],
      [text('It is done.')],
    ]);
    await say('Go slowly.');
    await rest().waitForEvent(
      session,
      ({ type, data }) => type === 'code_output' && String(data.text).includes('slowly'),
    );
    await scripted.platform.kill('worker');
    expect(await ended(4)).toBe('done');
    const slow = (await rest().steps(session)).filter((step) => step.title === 'slow');
    expect(slow.map((step) => step.execution)).toEqual([1]);
    await expectSound(scripted.platform, session);
  }, 120_000);

  test('a limit of turns counts the follow-up’s own turns', async () => {
    expect((await command('limits', { turns: 1 })).status).toBe(200);
    answering([[tool('list_files', { path: '.' })], [text('There they are.')]]);
    await say('What is there?');
    await until(
      'it waits at the limit',
      async () => (await rest().session(session)).waiting?.reason === 'limit',
    );
    expect((await command('limits', { turns: 30 })).status).toBe(200);
    expect(await ended(5)).toBe('done');
  }, 120_000);

  test('a stage may run again after it', async () => {
    scripted.model.setScript(autopilot);
    expect((await command('stages/train/start')).status).toBe(202);
    await rest().waitFor(session, ['train_done']);
    await expectSound(scripted.platform, session);
  }, 120_000);
});
