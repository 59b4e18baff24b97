/**
 * The penguins with provider anthropic, by `tempera run`: the real SDK against a server that refuses what the real API
 * refuses. No target is given. What is said after train_done: the same loop over the done stage, its state unchanged.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredEvent } from '../../core/events.ts';
import type { Artifact } from '../../core/records.ts';
import { createAutopilot } from '../../models/autopilot/index.ts';
import { actAs } from '../anthropic-server/act-as.ts';
import type { Reply, ScriptedBlock } from '../anthropic-server/script.ts';
import { blocksOf, type MessagesRequest } from '../anthropic-server/wire.ts';
import { expectSound } from '../platform/invariants.ts';
import { byStage, code, finish, type ScriptedPlatform, tool } from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';
import { until } from '../platform/wait.ts';
import { documentOf, type Ended, tempera } from './command-line.ts';
import { PENGUINS } from './finished-run.ts';
import { expectBar, expectComplete, type Finished, readFinished, wordsIn } from './pipeline.ts';

const text = (words: string): ScriptedBlock => ({ type: 'text', text: words });
/** How often the model has answered since the last follow-up began. */
const answersSince = ({ messages }: MessagesRequest): number => {
  const opened = messages.findLastIndex((message) => JSON.stringify(message.content).includes('# Follow-up'));
  return messages.slice(opened).filter((message) => message.role === 'assistant').length;
};

/** A file beside those that the stage has left. */
const DRAWS = `
import pathlib, json
rows = json.loads(pathlib.Path('train/data/metadata.json').read_text())['rows']
pathlib.Path('train/figures/extra.txt').write_text(str(rows))
`;

/** A training of one cheap model, with the least that validation asks for. */
const TRAINS = `
import json, pathlib
import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from tempera.learning.package import write_wheel
about = json.loads(pathlib.Path('prep/data/metadata.json').read_text())
features, target = about['feature_columns'], about['target_column']
train, test = (pd.read_parquet(f'prep/data/{name}.parquet') for name in ('train', 'test'))
steps = joblib.load('prep/data/prep_pipeline.pkl')
model = make_pipeline(steps, LogisticRegression(max_iter=500)).fit(train[features], train[target])
for folder in ('models', 'data'):
    pathlib.Path('train', folder).mkdir(parents=True, exist_ok=True)
joblib.dump(model, 'train/models/model.pkl')
write_wheel(pathlib.Path('train/models'))
metrics = {'test': {'accuracy': model.score(test[features], test[target])}}
pathlib.Path('train/data/metadata.json').write_text(json.dumps({'metrics': metrics, 'primary_metric': 'accuracy'}))
pathlib.Path('train/report.md').write_text('# Trained again\\n')
`;

describe('penguins by way of the Messages API', () => {
  let scripted: ScriptedPlatform;
  let folder: string;
  let ended: Ended;
  let session: string;
  let finished: Finished;
  const autopilot = actAs(createAutopilot({ playbooksFolder: join(process.cwd(), 'sandbox', 'playbooks') }), {
    thinkEvery: 2,
  });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tempera-anthropic-'));
    scripted = await takeScripted({});
    scripted.model.setScript(autopilot);
    const words = ['run', PENGUINS, '--model', scripted.name, '--name', 'my birds', '--format', 'json'];
    ended = await tempera(words, { home: scripted.platform.home, folder });
    if (ended.code !== 0) throw new Error(`the run ended ${JSON.stringify(ended)}`);
    session = String(documentOf(ended).data.session);
    finished = await readFinished(scripted.platform.rest, session);
  }, 300_000);
  afterAll(async () => {
    await scripted?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('the session ends train_done, and each model step cost one call', async () => {
    const { platform, model: server } = scripted;
    await expectComplete(platform, finished);
    expectBar(finished, 'accuracy', 0.97);
    const steps = await platform.rest.steps(session);
    const calls = steps.filter((step) => step.kind === 'model').length;
    expect(server.counts()).toEqual({
      calls,
      completed: calls,
      repeated: 0,
      refused: 0,
      failed: 0,
      broken: 0,
    });
    const usage = await platform.rest.usage(session);
    expect(usage).toMatchObject({ model_calls: calls, requests: calls });
    expect(usage.tokens).toBeGreaterThan(0);
    expect(usage.cost).toBeGreaterThan(0);
    // thinking was kept and sent back unchanged, or the server would have refused it
    const sentBack = server.requests.flatMap(({ messages }) => messages.flatMap(blocksOf));
    expect(sentBack.some((block) => block.type === 'thinking')).toBe(true);
    expect(server.requests.every((request) => request.model === 'claude-sonnet-5-5')).toBe(true);
  }, 60_000);

  test('the run as JSON: the target chosen and why, in one document', () => {
    expect(ended.code).toBe(0);
    const { ok, data } = documentOf(ended);
    const made = join(folder, 'tempera-out', 'my-birds');
    expect(ok).toBe(true);
    expect(data).toMatchObject({
      state: 'train_done',
      folder: made,
      target: 'species',
      target_reason: expect.stringMatching(/\w+ \w+/),
      model: join(made, 'train', 'models', 'model.pkl'),
      test_metrics: { accuracy: expect.any(Number) },
    });
    expect(data.reports).toHaveLength(3);
    const training = JSON.parse(readFileSync(join(made, 'train', 'data', 'metadata.json'), 'utf8'));
    expect(training).toMatchObject({ target_column: 'species', primary_metric: 'accuracy' });
    expect(training).toMatchObject(finished.training);
  });

  test('without a target: it says which one it chose and why', () => {
    const { experiment, events, reports } = finished;
    expect(experiment.target).toBeNull();
    expect(experiment.dataset.profile).toMatchObject({ suggested_target: { name: 'species' } });
    const because = /`?species`?[^\n]*because[^\n]*no target was given/;
    expect(wordsIn(events)).toMatch(because);
    expect(reports.eda).toMatch(because);
  });

  describe('after train_done', () => {
    const rest = () => scripted.platform.rest;
    const command = (path: string, body: unknown = {}) =>
      rest().send<{ code?: string; detail?: string; state?: string }>(
        'POST',
        `/api/sessions/${session}/${path}`,
        body,
      );
    const say = async (words: string) =>
      expect((await command('messages', { text: words })).status).toBe(201);
    /** Waits for the end of follow-up `n` and says how it ended. */
    const followUp = async (n: number): Promise<string | undefined> => {
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

    test('a message is answered from the files, and the state stays', async () => {
      scripted.model.setScript(autopilot);
      await say('How good is the model?');
      expect(await followUp(1)).toBe('done');
      const events = await rest().events(session);
      const opened = events.findIndex((event) => event.data.reason === 'follow-up 1 opened');
      const since = events.slice(opened);
      expect(since.filter((event) => event.type === 'state_change').map((event) => event.data.state)).toEqual(
        ['train_done', 'train_done'],
      );
      expect(since.some((event) => event.type === 'validation_result')).toBe(false);
      const answer = since.filter((event) => event.type === 'agent_message').at(-1);
      expect(answer).toMatchObject({ stage: 'train', run: 1 });
      expect(String(answer?.data.text)).toMatch(/On the test split its accuracy is [01]\.\d{3}/);
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
      expect(await followUp(2)).toBe('cancelled');
      expect((await command('cancel')).body.code).toBe('NOT_CANCELLABLE');
      await expectSound(scripted.platform, session);
    }, 120_000);

    test('it asks, runs code over the files that are there, and what it adds becomes an artifact', async () => {
      answering([
        [tool('ask_user', { question: 'Which one?', choices: ['a', 'b'] })],
        [code('extra', DRAWS)],
        [text('It is drawn.'), finish('drawn')],
      ]);
      await say('Draw one more.');
      const asked = await rest().waitForEvent(session, (event) => event.type === 'question');
      expect((await rest().session(session)).waiting?.reason).toBe('question');
      expect((await command(`answers/${asked.data.id}`, { text: 'a' })).status).toBe(200);
      expect(await followUp(3)).toBe('done');
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
      expect(await followUp(4)).toBe('done');
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
      expect(await followUp(5)).toBe('done');
    }, 120_000);

    test('a stage may run again after it', async () => {
      scripted.model.setScript(byStage({ train: [[code('train', TRAINS)], [finish('trained again')]] }));
      expect((await command('stages/train/start')).status).toBe(202);
      await rest().waitFor(session, ['train_done']);
      await expectSound(scripted.platform, session);
    }, 120_000);
  });
});
