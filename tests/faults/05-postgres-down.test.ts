/** faults.md 5: Postgres is away while code runs and events are read: no event is lost or doubled. */

import { expectSound } from '../platform/invariants.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';
import { readStream } from '../platform/stream.ts';
import { until } from '../platform/wait.ts';

const TALKING = `
import time
from tempera import log
for step in range(100):
    print('line', step, flush=True)
    log(step, {'loss': step})
    time.sleep(0.08)
${VALID_EDA}
`;

describe('without Postgres', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    const environment = { RESTART_MINIMUM_MILLISECONDS: '3000', RESTART_MAXIMUM_MILLISECONDS: '3000' };
    scripted = await startScripted({ eda: [[code('talking', TALKING)], [finish('done')]] }, { environment });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test('requests are answered 503, and every event reaches a reader once, in order, in the end', async () => {
    const { platform } = scripted;
    const { rest } = platform;
    const session = await startEda(scripted);
    const reader = readStream(rest.url, session);
    await rest.waitForEvent(session, (event) => event.type === 'metrics_batch');
    await platform.kill('postgres', { waits: false });
    const refused = await until(
      'a read is refused',
      async () => {
        const answer = await rest.send<{ code: string }>('GET', `/api/sessions/${session}`);
        return answer.status === 503 ? answer : null;
      },
      10,
    );
    expect(refused.body.code).toBe('DATABASE_UNAVAILABLE');
    expect(refused.headers.get('retry-after')).not.toBeNull();
    await until(
      'the session ends',
      async () => (await rest.session(session).catch(() => null))?.state === 'eda_done',
      120,
    );
    await expectSound(platform, session);
    const events = await rest.events(session);
    await until('the reader has caught up', () => reader.events.length >= events.length, 15);
    reader.close();
    expect(reader.events.map((event) => event.seq)).toEqual(events.map((event) => event.seq));
    const lines = events
      .filter((event) => event.type === 'code_output')
      .map((event) => String(event.data.text))
      .join('');
    expect(lines).toBe(Array.from({ length: 100 }, (_, step) => `line ${step}\n`).join(''));
    const { items } = await rest.get<{ items: unknown[] }>(`/api/sessions/${session}/metrics?name=loss`);
    expect(items).toHaveLength(100);
  }, 180_000);
});
