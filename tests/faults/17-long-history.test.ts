/**
 * faults.md 17: a history that grows long goes on in a new run, with no gap in events and with a question pending. The
 * long form kills the worker, Temporal or the api while the history comes near its end.
 */

import { randomUUID } from 'node:crypto';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { sessionWorkflowId } from '../../core/session-names.ts';
import { expectClean, expectSound } from '../platform/invariants.ts';
import { momentsOf } from '../platform/moments.ts';
import type { Part } from '../platform/platform.ts';
import { code, finish, type ScriptedPlatform, startEda, tool, VALID_EDA } from '../platform/scripted.ts';
import { readStream } from '../platform/stream.ts';
import { until } from '../platform/wait.ts';
import { takeFaultPlatform } from '../sandbox-hosts/taken.ts';

interface Kill {
  name: string;
  part: Part | null;
}
const KILLS: Kill[] = [
  { name: 'nobody dies', part: null },
  { name: 'the worker dies', part: 'worker' },
  { name: 'Temporal dies', part: 'temporal' },
  { name: 'the api dies', part: 'api' },
];
/** Messages before which the history is not yet long enough. */
const MESSAGES = 16;

describe('a history of many events', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    const question = tool('ask_user', { question: 'Go on?' });
    scripted = await takeFaultPlatform('local', {
      eda: [[question], [code('report', VALID_EDA)], [finish('done')]],
    });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  async function ofWorkflow<T>(session: string, ask: (handle: WorkflowHandle) => Promise<T>): Promise<T> {
    const address = scripted.platform.variables().TEMPORAL_ADDRESS ?? '';
    const connection = await Connection.connect({ address });
    try {
      return await ask(new Client({ connection }).workflow.getHandle(sessionWorkflowId(session)));
    } finally {
      await connection.close();
    }
  }

  const runId = (session: string) => ofWorkflow(session, async (handle) => (await handle.describe()).runId);

  /** Posts over any outage, with one key. */
  async function post(path: string, body: unknown): Promise<void> {
    const headers = { 'idempotency-key': randomUUID() };
    await until(`POST ${path} is taken`, async () => {
      const answer = await scripted.platform.rest.post(path, body, headers);
      return answer.status < 300;
    });
  }

  /** Sends messages until the workflow has gone on in a new run; kills `part` before the message `at`. */
  async function lengthen(session: string, { part }: Kill, at: number): Promise<string[]> {
    const first = await runId(session);
    const sent: string[] = [];
    await until('the workflow has gone on in a new run', async () => {
      if (part && sent.length === at) await scripted.platform.kill(part, { waits: false });
      sent.push(`message ${sent.length}`);
      await post(`/api/sessions/${session}/messages`, { text: sent.at(-1) });
      return (await until('Temporal answers', () => runId(session))) !== first;
    });
    return sent;
  }

  test.each(momentsOf(17, KILLS).map((moment) => [moment.label, moment] as const))(
    'continues as new while a question is open, and the answer still reaches the agent: %s',
    async (_, { point, fraction }) => {
      const { platform } = scripted;
      const { rest } = platform;
      const session = await startEda(scripted);
      const reader = readStream(rest.url, session);
      const asked = await rest.waitForEvent(session, (event) => event.type === 'question');
      const sent = await lengthen(session, point, Math.floor(fraction * MESSAGES));
      expect((await rest.session(session)).waiting).toMatchObject({ reason: 'question' });
      await post(`/api/sessions/${session}/answers/${asked.data.id}`, { text: 'yes' });
      await rest.waitFor(session, ['eda_done']);
      const all = await rest.events(session);
      expect(all.filter((event) => event.type === 'user_message').map((event) => event.data.text)).toEqual(
        sent,
      );
      expect(all.filter((event) => event.type === 'question')).toHaveLength(1);
      await until('the reader has caught up', () => reader.events.length >= all.length, 15);
      reader.close();
      expect(reader.events.map((event) => event.seq)).toEqual(all.map((event) => event.seq));
      await expectSound(platform, session, { inFlight: point.part ? 1 : 0 });
      await expectClean(platform, session);
    },
    150_000,
  );
});
