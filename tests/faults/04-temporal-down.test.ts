/** faults.md 4: the Temporal server is away: starts are answered 503 with Retry-After, reads and events are served, runs go on after. */

import { expectSound } from '../platform/invariants.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';
import { until } from '../platform/wait.ts';

describe('without a Temporal server', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    const slow = `import time\nprint('begun', flush=True)\ntime.sleep(4)\n${VALID_EDA}`;
    // a longer pause before the restart is the outage
    const environment = { RESTART_MINIMUM_MILLISECONDS: '4000', RESTART_MAXIMUM_MILLISECONDS: '4000' };
    scripted = await startScripted({ eda: [[code('slow', slow)], [finish('done')]] }, { environment });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test('reads are served, starts are refused with a time to come back, and the run ends well afterwards', async () => {
    const { platform } = scripted;
    const { rest } = platform;
    const session = await startEda(scripted);
    await rest.waitForEvent(session, (event) => event.type === 'code_output');
    const other = await rest.createSession((await rest.session(session)).experiment_id, {
      mode: 'manual',
      model: scripted.name,
    });
    await platform.kill('temporal', { waits: false });
    const refused = await until(
      'a start is refused',
      async () => {
        const answer = await rest.send<{ code: string }>(
          'POST',
          `/api/sessions/${other.id}/stages/eda/start`,
          {},
          { 'idempotency-key': 'outage' },
        );
        return answer.status === 503 ? answer : null;
      },
      10,
    );
    expect(refused.body.code).toBe('WORKFLOW_UNAVAILABLE');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await rest.events(session)).length).toBeGreaterThan(0);
    await rest.waitFor(session, ['eda_done'], 90);
    await expectSound(platform, session);
    const started = await until(
      'the same key starts it once Temporal is back',
      async () => {
        const answer = await rest.send(
          'POST',
          `/api/sessions/${other.id}/stages/eda/start`,
          {},
          { 'idempotency-key': 'outage' },
        );
        return answer.status === 200 || answer.status === 202 ? answer : null;
      },
      60,
    );
    expect(started.body).toMatchObject({ stage: 'eda', run: 1 });
  }, 180_000);
});
