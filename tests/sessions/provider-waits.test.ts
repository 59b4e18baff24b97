/**
 * A model's provider that does not answer, for whatever reason: the wait is seen by everybody, with its reason and its
 * remedy, and the stage goes on in place.
 */

import { Client, Connection } from '@temporalio/client';
import { sessionWorkflowId } from '../../core/session-names.ts';
import type { Waiting } from '../../core/session-state.ts';
import { statusQuery } from '../../workflows/contract/messages.ts';
import { fail, outOfCredit } from '../anthropic-server/script.ts';
import { expectSound } from '../platform/invariants.ts';
import { byStage, code, startEda } from '../platform/scripted.ts';
import { until } from '../platform/wait.ts';
import { done, report, useBreakableModel, WELL, waitsOf } from './breakable-model.ts';

const MINUTES = 60_000;

describe('a provider that does not answer', () => {
  const { scripted, model, rest, command, waiting } = useBreakableModel();

  test(
    'down: seen with reason, since, next try and the provider’s words, at growing pauses; others go on',
    async () => {
      model().setScript(() => ({ ...fail(529), message: 'Overloaded, says the provider' }));
      const id = await startEda(scripted());
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
      model().setScript(WELL);
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
      address: scripted().platform.variables().TEMPORAL_ADDRESS ?? '',
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
      model().setScript(() => fail(503, '600'));
      const [cancelled, stopped] = await Promise.all([startEda(scripted()), startEda(scripted())]);
      const now = await waiting(stopped, 'provider', 'down');
      // it is not asked before it wants to be
      expect(Date.parse(now.until ?? '') - Date.parse(now.since ?? '')).toBeGreaterThan(500_000);
      await waiting(cancelled, 'provider', 'down');
      expect((await command(cancelled, 'cancel')).body).toEqual({ state: 'cancelled' });
      expect((await command(stopped, 'stop-after-step')).status).toBe(200);
      await until('it is stopped', async () => (await rest().session(stopped)).waiting?.reason === 'stopped');
      expect((await command(stopped, 'resume')).status).toBe(200);
      await waiting(stopped, 'provider', 'down');
      model().setScript(WELL);
      expect((await command(stopped, 'resume')).status).toBe(200);
      await rest().waitFor(stopped, ['eda_done']);
    },
    3 * MINUTES,
  );

  test.each<[string, RegExp, () => void, (id: string) => Promise<unknown>]>([
    [
      'credit',
      /credit balance is too low.*Add credit/,
      () => model().setScript(() => outOfCredit()),
      async () => model().setScript(WELL),
    ],
    [
      'key',
      /invalid x-api-key.*Set ANTHROPIC_API_KEY/,
      () => model().change({ key: 'another' }),
      async () => model().change({ key: scripted().key }),
    ],
    [
      'address',
      /Not Found.*check ANTHROPIC_BASE_URL/,
      () => model().setScript(() => ({ ...fail(404), message: 'Not Found' })),
      async () => model().setScript(WELL),
    ],
    [
      'model',
      /no model claude-sonnet-5-5.*resume takes it.*On offer are claude-sonnet-6/,
      () => model().change({ models: ['claude-sonnet-6'] }),
      async (id) => {
        expect((await command(id, 'resume', { model: 'nobody/x' })).body.code).toBe('INVALID_INPUT');
        expect((await command(id, 'resume', { model: 'anthropic/claude-sonnet-6' })).status).toBe(200);
      },
    ],
  ])(
    'what a person mends (%s) is said with what mends it, and the stage goes on in place',
    async (cause, advice, breakIt, mend) => {
      breakIt();
      const id = await startEda(scripted());
      const now = await waiting(id, 'provider', cause);
      expect(now.message?.replaceAll('\n', ' ')).toMatch(advice);
      await mend(id);
      await rest().waitFor(id, ['eda_done']);
      expect(waitsOf(await rest().events(id)).at(-1)?.data).toEqual({ reason: null });
      expect((await rest().steps(id)).filter((step) => step.kind === 'model')).toHaveLength(2);
      await expectSound(scripted().platform, id, { inFlight: 100 });
    },
    2 * MINUTES,
  );

  test(
    'a conversation too long for the model goes on shorter, and nothing paid is lost',
    async () => {
      const long = [code('long', "for row in range(900): print(row, 'x' * 16)")];
      const answers = byStage({
        eda: [long, long.map((block) => ({ ...block, title: 'again' })), report, done],
      });
      model().setScript(answers);
      model().change({ contextTokens: 26_000 });
      const id = await startEda(scripted());
      await rest().waitFor(id, ['eda_done']);
      const events = await rest().events(id);
      expect(events.filter((event) => event.type === 'context_shortened').length).toBeGreaterThan(0);
      expect(waitsOf(events)).toEqual([]);
      const steps = await rest().steps(id);
      expect(steps.filter((step) => step.kind === 'model')).toHaveLength(4);
      expect(JSON.stringify(model().requests.at(-1)?.messages)).toContain('characters were left out');
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
});
