/**
 * A model's provider that does not answer, for whatever reason: the wait is seen by everybody, with its reason and its
 * remedy, and the stage goes on in place. Nothing is asked again without being counted. An agent that goes round in
 * circles is told, then stopped.
 */

import { Client, Connection } from '@temporalio/client';
import type { StoredEvent } from '../../core/events.ts';
import type { Session } from '../../core/records.ts';
import { sessionWorkflowId } from '../../core/session-names.ts';
import type { Waiting } from '../../core/session-state.ts';
import { statusQuery } from '../../workflows/contract/messages.ts';
import { fail, outOfCredit, type ScriptedAnswer } from '../anthropic-server/script.ts';
import { blocksOf, type MessagesRequest } from '../anthropic-server/wire.ts';
import { expectSound } from '../platform/invariants.ts';
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
import { until } from '../platform/wait.ts';

const report = [code('report', VALID_EDA)];
const done = [finish('done')];
const WELL = byStage({ eda: [report, done] });
const MINUTES = 60_000;

describe('a provider that does not answer', () => {
  let scripted: ScriptedPlatform & { key: string };
  beforeAll(async () => {
    scripted = await takeScripted({});
  }, 2 * MINUTES);
  afterAll(() => scripted?.stop(), MINUTES);
  afterEach(() => {
    scripted.model.setScript(WELL);
    scripted.model.change({
      key: scripted.key,
      models: [scripted.name.split('/')[1] ?? ''],
      contextTokens: 1e9,
    });
  });

  const rest = () => scripted.platform.rest;
  const command = (id: string, path: string, body: unknown = {}) =>
    rest().send<{ code?: string; detail?: string }>('POST', `/api/sessions/${id}/${path}`, body);
  const waitsOf = (events: StoredEvent[]) => events.filter((event) => event.type === 'waiting');
  /** Waits until the session waits for `reason` and `subject`. */
  const waiting = (id: string, reason: Waiting['reason'], subject: string) =>
    until(`${id} waits for ${reason} (${subject})`, async () => {
      const { waiting: now } = await rest().session(id);
      return now?.reason === reason && now.subject === subject ? now : null;
    });
  test(
    'down: seen with reason, since, next try and the provider’s words, at growing pauses; others go on',
    async () => {
      scripted.model.setScript(() => ({ ...fail(529), message: 'Overloaded, says the provider' }));
      const id = await startEda(scripted);
      const now = await until('the third try has failed', async () => {
        const { waiting: seen } = await rest().session(id);
        return (seen?.tries ?? 0) >= 3 ? seen : null;
      });
      expect(now).toMatchObject({
        reason: 'provider',
        subject: 'down',
        said: '529 overloaded_error: Overloaded, says the provider',
        message: expect.stringContaining('repeated until it is answered'),
      });
      expect(Date.parse(now.until ?? '')).toBeGreaterThan(Date.parse(now.since ?? ''));
      await workflowSays(id, now);
      const other = await rest().createSession((await rest().session(id)).experiment_id, {
        mode: 'auto',
        model: 'autopilot/standard',
      });
      await rest().waitForEvent(other.id, (event) => event.type === 'agent_message');
      await command(other.id, 'cancel');
      scripted.model.setScript(WELL);
      await rest().waitFor(id, ['eda_done']);
      const waits = waitsOf(await rest().events(id));
      expect(waits.at(-1)?.data).toEqual({ reason: null });
      const data = waits.slice(0, -1).map((event) => event.data);
      expect(data.map(({ tries }) => tries)).toEqual(data.map((_, at) => at + 1));
      expect(new Set(data.map(({ since }) => since)).size).toBe(1);
      const pauses = waits
        .slice(0, 3)
        .map(({ data, created_at }) => Date.parse(String(data.until)) - Date.parse(created_at));
      expect(pauses[1]).toBeGreaterThan(pauses[0] ?? 0);
      expect(pauses[2]).toBeGreaterThan(pauses[1] ?? 0);
    },
    3 * MINUTES,
  );

  /** The query, and what the Temporal UI shows. */
  async function workflowSays(id: string, { reason, since }: Waiting): Promise<void> {
    const connection = await Connection.connect({
      address: scripted.platform.variables().TEMPORAL_ADDRESS ?? '',
    });
    try {
      const handle = new Client({ connection }).workflow.getHandle(sessionWorkflowId(id));
      expect((await handle.query(statusQuery)).waiting).toMatchObject({ reason, since });
      const details = await handle.query<string>('__temporal_workflow_metadata').then(JSON.stringify);
      expect(details).toContain('Waiting: **provider**');
    } finally {
      await connection.close();
    }
  }

  test(
    'a wait can be cancelled, stopped and ended at once',
    async () => {
      scripted.model.setScript(() => fail(503, '600'));
      const [cancelled, stopped] = await Promise.all([startEda(scripted), startEda(scripted)]);
      const now = await waiting(stopped, 'provider', 'down');
      // it is not asked before it wants to be
      expect(Date.parse(now.until ?? '') - Date.parse(now.since ?? '')).toBeGreaterThan(500_000);
      await waiting(cancelled, 'provider', 'down');
      expect((await command(cancelled, 'cancel')).body).toEqual({ state: 'cancelled' });
      expect((await command(stopped, 'stop-after-step')).status).toBe(200);
      await until('it is stopped', async () => (await rest().session(stopped)).waiting?.reason === 'stopped');
      expect((await command(stopped, 'resume')).status).toBe(200);
      await waiting(stopped, 'provider', 'down');
      scripted.model.setScript(WELL);
      expect((await command(stopped, 'resume')).status).toBe(200);
      await rest().waitFor(stopped, ['eda_done']);
    },
    3 * MINUTES,
  );

  test.each<[string, RegExp, () => void, (id: string) => Promise<unknown>]>([
    [
      'credit',
      /credit balance is too low.*Add credit/,
      () => scripted.model.setScript(() => outOfCredit()),
      async () => scripted.model.setScript(WELL),
    ],
    [
      'key',
      /invalid x-api-key.*Set ANTHROPIC_API_KEY/,
      () => scripted.model.change({ key: 'another' }),
      async () => scripted.model.change({ key: scripted.key }),
    ],
    [
      'address',
      /Not Found.*check ANTHROPIC_BASE_URL/,
      () => scripted.model.setScript(() => ({ ...fail(404), message: 'Not Found' })),
      async () => scripted.model.setScript(WELL),
    ],
    [
      'model',
      /no model claude-sonnet-5-5.*resume takes it.*On offer are claude-sonnet-6/,
      () => scripted.model.change({ models: ['claude-sonnet-6'] }),
      async (id) => {
        expect((await command(id, 'resume', { model: 'nobody/x' })).body.code).toBe('INVALID_INPUT');
        expect((await command(id, 'resume', { model: 'anthropic/claude-sonnet-6' })).status).toBe(200);
      },
    ],
  ])(
    'what a person mends (%s) is said with what mends it, and the stage goes on in place',
    async (cause, advice, breakIt, mend) => {
      breakIt();
      const id = await startEda(scripted);
      const now = await waiting(id, 'provider', cause);
      expect(now.message?.replaceAll('\n', ' ')).toMatch(advice);
      await mend(id);
      await rest().waitFor(id, ['eda_done']);
      expect(waitsOf(await rest().events(id)).at(-1)?.data).toEqual({ reason: null });
      expect((await rest().steps(id)).filter((step) => step.kind === 'model')).toHaveLength(2);
      await expectSound(scripted.platform, id, { inFlight: 100 });
    },
    2 * MINUTES,
  );

  describe('answers that are lost', () => {
    const garbled: ScriptedAnswer = {
      kind: 'answer',
      content: [{ type: 'text', text: 'It is said in full. '.repeat(40) }],
      garbled: true,
    };
    /** Waits until the session's answers were lost as often as they may be. */
    async function lose(body = {}): Promise<string> {
      scripted.model.setScript(() => garbled);
      return startEda(scripted, body);
    }

    test(
      'a turn is delivered three times, each counted, then a person is asked',
      async () => {
        const before = scripted.model.counts().completed;
        const id = await lose();
        const now = await waiting(id, 'provider', 'repeated');
        expect(now.until).toBeUndefined();
        expect(now.message).toContain('3 times');
        expect(scripted.model.counts().completed - before).toBe(3);
        const usage = await rest().usage(id);
        expect(usage.requests).toBe(3);
        expect(usage.cost).toBeGreaterThan(0);
        const lost = (await rest().events(id)).filter((event) => event.type === 'usage');
        expect(lost.map(({ data }) => data.lost)).toEqual([true, true, true]);
        expect(lost.reduce((sum, { data }) => sum + Number(data.cost), 0)).toBeCloseTo(usage.cost, 9);
        expect(lost.reduce((sum, { data }) => sum + Number(data.tokens), 0)).toBe(usage.tokens);
        // by itself it asks no more
        expect((await command(id, 'limits', { turns: 29 })).status).toBe(200);
        await waiting(id, 'provider', 'repeated');
        expect(scripted.model.counts().completed - before).toBe(3);
        scripted.model.setScript(WELL);
        expect((await command(id, 'resume')).status).toBe(200);
        await rest().waitFor(id, ['eda_done']);
        expect((await rest().usage(id)).cost).toBeGreaterThan(usage.cost);
      },
      2 * MINUTES,
    );

    test(
      'they count against the limits before the next one is asked for',
      async () => {
        const before = scripted.model.counts().completed;
        const id = await lose({ limits: { cost: 0.000_01 } });
        await waiting(id, 'limit', 'cost');
        expect(scripted.model.counts().completed - before).toBe(1);
        await command(id, 'cancel');
      },
      2 * MINUTES,
    );

    test(
      'streams without event lines are read',
      async () => {
        scripted.model.setScript(async (request, call) => {
          const reply = await WELL(request, call);
          return reply.kind === 'answer' ? { ...reply, dataOnly: true } : reply;
        });
        const id = await startEda(scripted);
        await rest().waitFor(id, ['eda_done']);
        await expectSound(scripted.platform, id);
      },
      2 * MINUTES,
    );
  });

  test(
    'a conversation too long for the model goes on shorter, and nothing paid is lost',
    async () => {
      const long = [code('long', "for row in range(900): print(row, 'x' * 16)")];
      const answers = byStage({
        eda: [long, long.map((block) => ({ ...block, title: 'again' })), report, done],
      });
      scripted.model.setScript(answers);
      scripted.model.change({ contextTokens: 26_000 });
      const id = await startEda(scripted);
      await rest().waitFor(id, ['eda_done']);
      const events = await rest().events(id);
      expect(events.filter((event) => event.type === 'context_shortened').length).toBeGreaterThan(0);
      expect(waitsOf(events)).toEqual([]);
      const steps = await rest().steps(id);
      expect(steps.filter((step) => step.kind === 'model')).toHaveLength(4);
      expect(JSON.stringify(scripted.model.requests.at(-1)?.messages)).toContain('characters were left out');
      // the rows hold what was there
      const { items } = await rest().get<{ items: { role: string; content: { content?: string }[] }[] }>(
        `/api/sessions/${id}/messages?limit=200`,
      );
      const whole = items
        .flatMap(({ content }) => content)
        .filter((block) => (block.content?.length ?? 0) > 10_000);
      expect(whole).toHaveLength(2);
    },
    2 * MINUTES,
  );

  describe('an agent that goes round in circles', () => {
    const again = [tool('read_file', { path: 'eda/none.txt' })];
    const textOf = ({ messages }: MessagesRequest) =>
      messages.flatMap(blocksOf).filter((block) => JSON.stringify(block).includes('From the platform'))
        .length;
    const looping = (turns: Parameters<typeof byStage>[0]['eda']) => {
      const seen: number[] = [];
      const answers = byStage({ eda: turns ?? [] });
      scripted.model.setScript((request, call) => {
        seen.push(textOf(request));
        return answers(request, call);
      });
      return seen;
    };

    test(
      'is told the third time and stopped the fifth, with what repeats; a message lets it go on',
      async () => {
        const seen = looping([again, again, again, again, again, report, done]);
        const id = await startEda(scripted);
        const now: Session['waiting'] = await until('it waits', async () => {
          const { waiting: loop } = await rest().session(id);
          return loop?.reason === 'loop' ? loop : null;
        });
        expect(now?.message).toContain('reading “eda/none.txt” has given the same result 5 times');
        expect(seen).toEqual([0, 0, 0, 1, 2]);
        await command(id, 'messages', { text: 'Leave that file alone.' });
        await rest().waitFor(id, ['eda_done']);
        await expectSound(scripted.platform, id);
      },
      2 * MINUTES,
    );

    test(
      'is let go on by resume, told so, and counted anew',
      async () => {
        looping([again, again, again, again, again, again, report, done]);
        const id = await startEda(scripted);
        await until('it waits', async () => (await rest().session(id)).waiting?.reason === 'loop');
        expect((await command(id, 'resume')).status).toBe(200);
        await rest().waitFor(id, ['eda_done']);
        expect(JSON.stringify(scripted.model.requests.at(-1)?.messages)).toContain('lets you go on');
        expect(waitsOf(await rest().events(id)).map(({ data }) => data.reason)).toEqual(['loop', null]);
      },
      2 * MINUTES,
    );
  });
});
