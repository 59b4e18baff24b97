/** faults.md 1: kill -9 of a worker during a model call: the run resumes, at most that one call is repeated, and it is counted. */

import { expectSound } from '../platform/invariants.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';

describe('a worker killed while the model answers', () => {
  let scripted: ScriptedPlatform;
  let kill: (() => Promise<void>) | null = null;

  beforeAll(async () => {
    scripted = await startScripted({
      eda: [
        () => ({
          kind: 'answer',
          content: [{ type: 'text', text: 'I look at the table. '.repeat(20) }, code('report', VALID_EDA)],
          midway: {
            after: 4,
            wait: async () => {
              const once = kill;
              kill = null;
              await once?.();
            },
          },
        }),
        [finish('one figure')],
      ],
    });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test('repeats that call alone and ends the stage', async () => {
    const { platform, model } = scripted;
    kill = () => platform.kill('worker', { waits: false });
    const session = await startEda(scripted);
    await platform.rest.waitFor(session, ['eda_done']);
    await expectSound(platform, session, { inFlight: 1 });
    const usage = await platform.rest.usage(session);
    expect(usage).toMatchObject({ model_calls: 2, requests: 3 });
    expect(model.counts().calls).toBe(3);
  }, 120_000);
});
