/**
 * faults.md 3: an execution killed for memory or crashed: a typed result for the agent with the peak, and work goes
 * on; code that ran out of memory is run once more on a larger limit. The long form kills the worker too, while the
 * memory grows and while its result is written. The whole platform works over a host at a local Modal server, too.
 */

import { expectClean, expectSound } from '../platform/invariants.ts';
import { momentsOf } from '../platform/moments.ts';
import { afterOutput, EXECUTION_POINTS } from '../platform/points.ts';
import { beginEda, code, finish, openSession, VALID_EDA } from '../platform/scripted.ts';
import { beginOrStrike, type Point } from '../platform/strike.ts';
import { type ProvidedPlatform, providersOf, takeProvided } from '../sandbox-hosts/provided.ts';

const GREEDY = `
import os, pathlib
pathlib.Path('unique.bin').write_bytes(os.urandom(1000))
print('begun', flush=True)
blocks = []
while True:
    blocks.append(bytearray(64 * 1024 * 1024))
`;
const CRASHING = 'import os, signal; os.kill(os.getpid(), signal.SIGSEGV)';

const ALONE: Point = { name: 'with nothing else', at: 'test' };
const POINTS = [ALONE, afterOutput('begun', 'and the worker while memory grows', 1_500), ...EXECUTION_POINTS];

describe.each(providersOf(3))('code that the kernel ends, on a %s host', (provider) => {
  let scripted: ProvidedPlatform;
  beforeAll(async () => {
    const script = [code('greedy', GREEDY), code('crashing', CRASHING), code('report', VALID_EDA)];
    scripted = await takeProvided(provider, { eda: [...script, finish('done')].map((block) => [block]) });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test.each(momentsOf(3, POINTS).map((moment) => [moment.label, moment] as const))(
    'is ended %s: oom with its peak memory and a crash by name, and the stage goes on',
    async (_, moment) => {
      const { platform } = scripted;
      const session = await openSession(scripted);
      const begin = () => beginEda(scripted, session);
      const killed = await beginOrStrike({ platform, session, moment, begin }, ALONE);
      await platform.rest.waitFor(session, ['eda_done']);
      const tools = (await platform.rest.steps(session)).filter((step) => step.tool === 'execute_code');
      const outputs = tools.map((step) => step.output ?? {});
      expect(outputs.map((output) => output.status)).toEqual(['oom', 'crashed', 'ok']);
      expect(tools[0]?.execution).toBeGreaterThan(1); // it had its one run on a larger limit
      expect(String(outputs[0]?.message)).toMatch(/^Run again with a limit of 2,048 MiB/);
      expect(Number(outputs[0]?.peak_memory_bytes)).toBeGreaterThan(256 * 1024 * 1024);
      expect(String(outputs[0]?.message)).toMatch(/memory/i);
      await expectSound(platform, session, { inFlight: killed ? 1 : 0 });
      await expectClean(platform, session);
    },
    120_000,
  );
});
