/** faults.md 3: an execution killed for memory or crashed: a typed result for the agent with the peak, and work goes on. */

import { expectSound } from '../platform/invariants.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';

const GREEDY = `
blocks = []
while True:
    blocks.append(bytearray(64 * 1024 * 1024))
`;
const CRASHING = 'import os, signal; os.kill(os.getpid(), signal.SIGSEGV)';

describe('code that the kernel ends', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await startScripted(
      {
        eda: [
          [code('greedy', GREEDY)],
          [code('crashing', CRASHING)],
          [code('report', VALID_EDA)],
          [finish('done')],
        ],
      },
      { environment: { MAX_MEMORY_BYTES: String(1024 * 1024 * 1024) } },
    );
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test('comes back as oom with its peak memory and as a crash by name, and the stage goes on', async () => {
    const { platform } = scripted;
    const session = await startEda(scripted);
    await platform.rest.waitFor(session, ['eda_done']);
    const tools = (await platform.rest.steps(session)).filter((step) => step.tool === 'execute_code');
    const outputs = tools.map((step) => step.output ?? {});
    expect(outputs.map((output) => output.status)).toEqual(['oom', 'crashed', 'ok']);
    expect(Number(outputs[0]?.peak_memory_bytes)).toBeGreaterThan(256 * 1024 * 1024);
    expect(String(outputs[0]?.message)).toMatch(/memory/i);
    await expectSound(platform, session);
  }, 120_000);
});
