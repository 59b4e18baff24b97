/** faults.md 18: 3 MB of output: the model sees head, tail, size and a handle; the rest is kept by reference. */

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

const LOUD = `
for line in range(30_000):
    print(f'{line:06d} ' + 'x' * 92)
${VALID_EDA}
`;

describe('a script that prints 3 MB', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await startScripted({
      eda: [
        [code('loud', LOUD)],
        (request) => {
          const handle =
            /output:[0-9a-f-]{36}\/stdout/.exec(JSON.stringify(request.messages))?.[0] ?? 'no handle';
          return [tool('read_file', { path: handle, offset: 20_000, limit: 500 })];
        },
        [finish('done')],
      ],
    });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test('is cut for the model and kept for whoever asks', async () => {
    const { platform, model } = scripted;
    const session = await startEda(scripted);
    await platform.rest.waitFor(session, ['eda_done']);
    const largest = Math.max(...model.requests.map((request) => JSON.stringify(request).length));
    expect(largest).toBeLessThan(100_000);
    const results = JSON.stringify(model.requests.at(-1)?.messages);
    expect(results).toContain('000000 x');
    expect(results).toContain('029999 x');
    expect(results).toMatch(/characters 20000 to 20500/);
    const steps = await platform.rest.steps(session);
    const [step] = steps.filter((each) => each.tool === 'execute_code');
    expect(Number(step?.output?.stdout_characters)).toBeGreaterThan(500_000);
    await expectSound(platform, session);
  }, 90_000);
});
