/** faults.md 17: a history that grows long goes on in a new run, with no gap in events and with a question pending. */

import { Client, Connection } from '@temporalio/client';
import { sessionWorkflowId } from '../../workflows/contract/ids.ts';
import { expectSound } from '../platform/invariants.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  tool,
  VALID_EDA,
} from '../platform/scripted.ts';
import { readStream } from '../platform/stream.ts';
import { until } from '../platform/wait.ts';

describe('a history of many events', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await startScripted(
      { eda: [[tool('ask_user', { question: 'Go on?' })], [code('report', VALID_EDA)], [finish('done')]] },
      { environment: { CONTINUE_AFTER_EVENTS: '40' } },
    );
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test('continues as new while a question is open, and the answer still reaches the agent', async () => {
    const { platform } = scripted;
    const { rest } = platform;
    const session = await startEda(scripted);
    const reader = readStream(rest.url, session);
    const asked = await rest.waitForEvent(session, (event) => event.type === 'question');
    const connection = await Connection.connect({ address: platform.variables().TEMPORAL_ADDRESS ?? '' });
    const handle = new Client({ connection }).workflow.getHandle(sessionWorkflowId(session));
    const first = (await handle.describe()).runId;
    const said: string[] = [];
    await until(
      'the workflow has gone on in a new run',
      async () => {
        said.push(`message ${said.length}`);
        await rest.send('POST', `/api/sessions/${session}/messages`, { text: said.at(-1) });
        return (await handle.describe()).runId !== first;
      },
      60,
    );
    expect((await rest.session(session)).waiting).toMatchObject({ reason: 'question' });
    const answered = await rest.send('POST', `/api/sessions/${session}/answers/${asked.data.id}`, {
      text: 'yes',
    });
    expect(answered.status).toBeLessThan(300);
    await rest.waitFor(session, ['eda_done']);
    await connection.close();
    const all = await rest.events(session);
    expect(all.filter((event) => event.type === 'user_message').map((event) => event.data.text)).toEqual(
      said,
    );
    expect(all.filter((event) => event.type === 'question')).toHaveLength(1);
    await until('the reader has caught up', () => reader.events.length >= all.length, 15);
    reader.close();
    expect(reader.events.map((event) => event.seq)).toEqual(all.map((event) => event.seq));
    await expectSound(platform, session);
  }, 120_000);
});
