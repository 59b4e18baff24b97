/** faults.md 2: kill -9 of a worker during a long cell: attached again while the host lives, else run again from its base. */

import { expectNothingLeft, expectSound } from '../platform/invariants.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';

/** Logs a metric every 50 ms for some seconds. */
const LONG = `
import time
from tempera import log
print('begun', flush=True)
for step in range(120):
    log(step, {'loss': 1 / (step + 1)})
    time.sleep(0.05)
print('ended')
${VALID_EDA}
`;

describe('a long cell', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await startScripted({ eda: [[code('long', LONG)], [finish('done')]] });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  const begun = (session: string) =>
    scripted.platform.rest.waitForEvent(
      session,
      (event) => event.type === 'code_output' && String(event.data.text).includes('begun'),
    );

  async function attempts(session: string): Promise<number> {
    const events = await scripted.platform.rest.events(session);
    return events.filter((event) => event.type === 'attempt_started').length;
  }

  async function lossSteps(session: string): Promise<number[]> {
    const { items } = await scripted.platform.rest.get<{ items: { step: number }[] }>(
      `/api/sessions/${session}/metrics?name=loss`,
    );
    return items.map((item) => item.step);
  }

  test('is attached again, not run again, when only the worker dies', async () => {
    const { platform } = scripted;
    const session = await startEda(scripted);
    await begun(session);
    await platform.kill('worker');
    await platform.rest.waitFor(session, ['eda_done']);
    expect(await attempts(session)).toBe(1);
    expect(await lossSteps(session)).toEqual(Array.from({ length: 120 }, (_, step) => step));
    await expectSound(platform, session);
  }, 120_000);

  test('is run again from its base checkpoint when the host dies too, without a metric doubled', async () => {
    const { platform } = scripted;
    const session = await startEda(scripted);
    await begun(session);
    await platform.kill('sandbox');
    await platform.rest.waitFor(session, ['eda_done']);
    expect(await attempts(session)).toBe(2);
    expect(await lossSteps(session)).toEqual(Array.from({ length: 120 }, (_, step) => step));
    await expectSound(platform, session);
    const cancelled = await platform.rest.send('POST', `/api/sessions/${session}/cancel`, {});
    expect(cancelled.status).toBe(200);
    await expectNothingLeft(platform, session);
  }, 120_000);
});
