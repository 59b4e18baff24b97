/**
 * Runs one session a branch of the workflow and replays what it left; `npm run record-history` keeps the histories as
 * the ones that every later release must replay.
 */

import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { sessionWorkflowId } from '../../core/session-names.ts';
import type { DecideResult, DecideWay } from '../../workflows/contract/messages.ts';
import { fail } from '../anthropic-server/script.ts';
import { finishedRun } from '../pipelines/finished-run.ts';
import {
  byStage,
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  tool,
  VALID_EDA,
} from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';
import { expectReplayed } from './recorded.ts';

const FOLDER = join(process.cwd(), 'workflows', 'replay', 'session');
const report = [code('report', VALID_EDA)];
const done = [finish('done')];

describe('histories of today', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    scripted = await takeScripted({});
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  const rest = () => scripted.platform.rest;
  const command = (session: string, path: string, body: unknown = {}) =>
    rest().send('POST', `/api/sessions/${session}/${path}`, body);

  /** The session whose three stages have run. */
  const trained = async () => (await finishedRun(scripted.platform)).session;

  // `follow-up` goes on where `auto` has ended
  const CASES: Record<string, () => Promise<string>> = {
    auto: trained,
    async question() {
      scripted.model.setScript(byStage({ eda: [[tool('ask_user', { question: 'Go on?' })], report, done] }));
      const id = await startEda(scripted);
      const asked = await rest().waitForEvent(id, (event) => event.type === 'question');
      await command(id, `answers/${asked.data.id}`, { text: 'yes' });
      await rest().waitFor(id, ['eda_done']);
      return id;
    },
    async 'follow-up'() {
      const id = await trained();
      await command(id, 'messages', { text: 'How good is the model?' });
      await rest().waitForEvent(id, (event) => event.data.reason === 'follow-up 1 done');
      return id;
    },
    async fork() {
      scripted.model.setScript(byStage({ eda: [report, done] }));
      const id = await startEda(scripted);
      await rest().waitFor(id, ['eda_done']);
      const [step] = await rest().steps(id);
      const forked = await rest().send<{ id: string }>('POST', `/api/sessions/${id}/fork`, {
        step: step?.id,
      });
      await command(forked.body.id, 'resume');
      await rest().waitFor(forked.body.id, ['eda_done']);
      return id;
    },
    async limit() {
      scripted.model.setScript(byStage({ eda: [report, done] }));
      const id = await startEda(scripted, { limits: { turns: 1 } });
      await rest().waitForEvent(id, (event) => event.type === 'limit_reached');
      await command(id, 'limits', { turns: 9 });
      await rest().waitFor(id, ['eda_done']);
      return id;
    },
    async cancelled() {
      scripted.model.setScript(
        byStage({ eda: [[code('endless', `import time\nprint('begun', flush=True)\ntime.sleep(600)`)]] }),
      );
      const id = await startEda(scripted);
      await rest().waitForEvent(id, (event) => event.type === 'code_output');
      await command(id, 'cancel');
      await rest().waitFor(id, ['cancelled']);
      return id;
    },
    async provider() {
      let calls = 0;
      const answers = byStage({ eda: [report, done] });
      scripted.model.setScript((request, call) => {
        calls += 1;
        return calls <= 2 ? fail(529) : answers(request, call);
      });
      const id = await startEda(scripted);
      await rest().waitFor(id, ['eda_done']);
      const waits = (await rest().events(id)).filter((event) => event.type === 'waiting');
      expect(waits.map((event) => event.data.reason)).toEqual(['provider', 'provider', null]);
      return id;
    },
    async repeated() {
      const garbled = { kind: 'answer', content: [{ type: 'text', text: 'lost' }], garbled: true } as const;
      scripted.model.setScript(() => ({ ...garbled, content: [...garbled.content] }));
      const id = await startEda(scripted);
      await rest().waitForEvent(id, (event) => event.data.subject === 'repeated');
      scripted.model.setScript(byStage({ eda: [report, done] }));
      await command(id, 'resume');
      await rest().waitFor(id, ['eda_done']);
      return id;
    },
    async loop() {
      const again = [tool('read_file', { path: 'eda/none.txt' })];
      scripted.model.setScript(byStage({ eda: [again, again, again, again, again, report, done] }));
      const id = await startEda(scripted);
      await rest().waitForEvent(id, (event) => event.data.reason === 'loop');
      await command(id, 'messages', { text: 'Leave that file alone.' });
      await rest().waitFor(id, ['eda_done']);
      return id;
    },
    async context() {
      const full = {
        kind: 'answer',
        content: [code('report', VALID_EDA)],
        stopReason: 'model_context_window_exceeded',
      } as const;
      const partial = { ...full, content: [{ type: 'text' as const, text: 'So far' }] };
      scripted.model.setScript(byStage({ eda: [{ ...full, content: [...full.content] }, partial, done] }));
      const id = await startEda(scripted);
      await rest().waitFor(id, ['eda_done']);
      return id;
    },
    async quota() {
      const limited = { kind: 'failure', status: 429, type: 'rate_limit_error', retryAfter: '1' } as const;
      let calls = 0;
      const answers = byStage({ eda: [report, done] });
      scripted.model.setScript((request, call) => {
        calls += 1;
        return calls === 1 ? limited : answers(request, call);
      });
      const id = await startEda(scripted);
      await rest().waitFor(id, ['eda_done']);
      const waits = (await rest().events(id)).filter((event) => event.type === 'waiting');
      expect(waits.map((event) => event.data.reason)).toEqual(['quota', null]);
      return id;
    },
    async 'decided-queued'() {
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const held = () => released.then(() => ({ kind: 'answer' as const, content: report }));
      scripted.model.setScript(byStage({ eda: [held, done] }));
      const id = await startEda(scripted);
      // of two that wait for one key the later runs
      for (const target of ['sex', 'island'])
        expect(await decide(id, { target }, 'rerun')).toMatchObject({ how: 'rerun', queued: true });
      release();
      await rest().waitForEvent(id, (event) => event.run === 2 && event.data.state === 'eda_done');
      return id;
    },
    'decided-rerun': () => decidedAgain(),
    async 'decided-undo'() {
      const id = await decidedAgain();
      const adopted = [{ stage: 'eda', run: 3, of: 1 }];
      expect(await decide(id, { target: 'species' }, 'rerun')).toMatchObject({ adopted });
      return id;
    },
    async 'decided-fork'() {
      scripted.model.setScript(byStage({ eda: [report, done] }));
      const id = await startEda(scripted);
      await rest().waitFor(id, ['eda_done']);
      const { session } = await decide(id, { target: 'sex' }, 'fork');
      await rest().waitFor(session, ['eda_done']);
      return id;
    },
  };

  const decide = async (session: string, decisions: Record<string, unknown>, how: DecideWay) => {
    const changes = Object.entries(decisions).map(([key, value]) => ({ key, value }));
    const { status, body } = await rest().send<DecideResult>('POST', `/api/sessions/${session}/decisions`, {
      ...{ changes, how },
    });
    expect([status, body]).toEqual([200, body]);
    return body;
  };

  /** The session whose eda has run again because its target was changed. */
  async function decidedAgain(): Promise<string> {
    scripted.model.setScript(byStage({ eda: [report, done] }));
    const id = await startEda(scripted);
    await rest().waitFor(id, ['eda_done']);
    await decide(id, { target: 'sex' }, 'rerun');
    await rest().waitForEvent(id, (event) => event.run === 2 && event.data.state === 'eda_done');
    return id;
  }

  test.each(Object.keys(CASES))(
    '%s replays',
    async (name) => {
      const id = (await CASES[name]?.()) ?? '';
      await expectReplayed(scripted, {
        workflowId: sessionWorkflowId(id),
        file: join(FOLDER, `${name}.json`),
      });
    },
    240_000,
  );
});
