/**
 * faults.md 8: code fills its disk: the quota is told to the agent, nothing else is affected. The long form kills the
 * worker too, while the disk fills and while the result is written.
 */

import { expectClean, expectSound } from '../platform/invariants.ts';
import { momentsOf } from '../platform/moments.ts';
import { afterOutput, EXECUTION_POINTS } from '../platform/points.ts';
import { beginEda, code, finish, openSession, VALID_EDA } from '../platform/scripted.ts';
import { type Point, strike } from '../platform/strike.ts';
import { type ProvidedPlatform, providersOf, takeProvided } from '../sandbox-hosts/provided.ts';

const FILLING = `
import os, pathlib
pathlib.Path('eda').mkdir(exist_ok=True)
pathlib.Path('eda/unique.bin').write_bytes(os.urandom(1000))
print('begun', flush=True)
with open('eda/filling.bin', 'wb') as file:
    while True:
        file.write(b'x' * 1_000_000)
        file.flush()
`;
const FILLING_TMP = FILLING.replace("'eda/filling.bin'", "'/tmp/filling.bin'");
const TIDY = `import pathlib\npathlib.Path('eda/filling.bin').unlink(missing_ok=True)\n${VALID_EDA}`;

const ALONE: Point = { name: 'and nothing else happens', at: 'test' };
const POINTS = [ALONE, afterOutput('begun', 'and the worker dies as it fills', 1_000), ...EXECUTION_POINTS];

describe.each(providersOf(8))('code that fills its disk, on a %s host', (provider) => {
  let scripted: ProvidedPlatform;
  beforeAll(async () => {
    const script = [code('filling', FILLING), code('filling tmp', FILLING_TMP), code('tidy', TIDY)];
    scripted = await takeProvided(provider, { eda: [...script, finish('done')].map((block) => [block]) });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test.each(momentsOf(8, POINTS).map((moment) => [moment.label, moment] as const))(
    'is stopped at the quota with a message, and the stage goes on: %s',
    async (_, moment) => {
      const { platform } = scripted;
      const session = await openSession(scripted);
      const begin = () => beginEda(scripted, session);
      const killed = moment.point !== ALONE;
      if (killed) {
        const hit = () => platform.kill('worker', { waits: false });
        await strike({ platform, session, moment, begin, hit });
      } else await begin();
      await platform.rest.waitFor(session, ['eda_done'], 120);
      const outputs = (await platform.rest.steps(session))
        .filter((step) => step.tool === 'execute_code')
        .map((step) => step.output ?? {});
      expect(outputs.map((output) => output.status)).toEqual(['quota', 'quota', 'ok']);
      expect(String(outputs[0]?.message)).toMatch(/workspace/i);
      expect(String(outputs[1]?.message)).toMatch(/tmp|space/i);
      await expectSound(platform, session, { inFlight: killed ? 1 : 0 });
      await expectClean(platform, session);
    },
    150_000,
  );
});
