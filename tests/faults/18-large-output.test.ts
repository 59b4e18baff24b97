/**
 * faults.md 18: 3 MB of output: the model sees head, tail, size and a handle; the rest is kept by reference. The long
 * form kills the worker while it streams and while it is stored.
 */

import { expectClean, expectSound } from '../platform/invariants.ts';
import { momentsOf } from '../platform/moments.ts';
import { afterOutput, EXECUTION_POINTS } from '../platform/points.ts';
import {
  beginEda,
  code,
  finish,
  openSession,
  type ScriptedPlatform,
  tool,
  VALID_EDA,
} from '../platform/scripted.ts';
import { beginOrStrike, type Point } from '../platform/strike.ts';
import { takeFaultPlatform } from '../sandbox-hosts/taken.ts';

const LOUD = `
import sys
for line in range(30_000):
    print(f'{line:06d} ' + 'x' * 92)
for frame in range(1_000):
    print(f'\\r{frame + 1}/1000', end='', file=sys.stderr)
${VALID_EDA}
import os
pathlib.Path('eda/unique.bin').write_bytes(os.urandom(1000))
`;

const ALONE: Point = { name: 'nothing else happens', at: 'test' };
const POINTS = [ALONE, afterOutput('', 'the worker dies as it streams', 700), ...EXECUTION_POINTS];

describe('a script that prints 3 MB', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await takeFaultPlatform('local', {
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

  test.each(momentsOf(18, POINTS).map((moment) => [moment.label, moment] as const))(
    'is cut for the model and kept for whoever asks: %s',
    async (_, moment) => {
      const { platform, model } = scripted;
      const session = await openSession(scripted);
      const begin = () => beginEda(scripted, session);
      const killed = await beginOrStrike({ platform, session, moment, begin }, ALONE);
      await platform.rest.waitFor(session, ['eda_done']);
      const largest = Math.max(...model.requests.map((request) => JSON.stringify(request).length));
      expect(largest).toBeLessThan(100_000);
      const results = JSON.stringify(model.requests.at(-1)?.messages);
      // each line has 100 characters with its end
      expect(results).toContain('3000000 bytes were printed');
      expect(results).toContain('000000 x');
      expect(results).toContain('029999 x');
      expect(results).toMatch(/characters 20000 to 20500/);
      expect(results).toMatch(/stderr:(?:\\\\n|\\n)1000\/1000/);
      const steps = await platform.rest.steps(session);
      const [step] = steps.filter((each) => each.tool === 'execute_code');
      expect(Number(step?.output?.stdout_characters)).toBeGreaterThan(500_000);
      const raw = await fetch(`${platform.rest.url}/api/sessions/${session}/steps/${step?.id}/output/stderr`);
      expect((await raw.text()).split('\r')).toHaveLength(1_001);
      await expectSound(platform, session, { inFlight: killed ? 1 : 0 });
      await expectClean(platform, session);
    },
    90_000,
  );
});
