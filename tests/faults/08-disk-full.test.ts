/**
 * faults.md 8: code fills its disk: the quota is told to the agent, nothing else is affected: a session beside it
 * works on, and no part of the platform is started again. The long form kills the worker too, while the disk fills
 * and while the result is written.
 */

import type { MessagesRequest } from '../anthropic-server/wire.ts';
import { expectClean, expectSound } from '../platform/invariants.ts';
import { momentsOf } from '../platform/moments.ts';
import { afterOutput, EXECUTION_POINTS } from '../platform/points.ts';
import { beginEda, code, finish, openSession, type ScriptedTurn, VALID_EDA } from '../platform/scripted.ts';
import { beginOrStrike, type Point } from '../platform/strike.ts';
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

/** Works as long as its neighbour fills its disk, and writes all the time. */
const CALM = `${VALID_EDA}
import os, time
print('begun', flush=True)
for turn in range(40):
    pathlib.Path('eda/turn.bin').write_bytes(os.urandom(100_000))
    time.sleep(0.05)
`;
const isCalm = ({ messages }: MessagesRequest): boolean => JSON.stringify(messages).includes('the calm one');

const ALONE: Point = { name: 'and nothing else happens', at: 'test' };
const POINTS = [ALONE, afterOutput('begun', 'and the worker dies as it fills', 1_000), ...EXECUTION_POINTS];

describe.each(providersOf(8))('code that fills its disk, on a %s host', (provider) => {
  let scripted: ProvidedPlatform;
  beforeAll(async () => {
    const script = [code('filling', FILLING), code('filling tmp', FILLING_TMP), code('tidy', TIDY)];
    const calm = [code('calm', CALM)];
    const turns = [...script, finish('done')].map((block, turn): ScriptedTurn => {
      const beside = turn === 0 ? calm : [finish('done')];
      return (request) => (isCalm(request) ? beside : [block]);
    });
    scripted = await takeProvided(provider, { eda: turns });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test.each(momentsOf(8, POINTS).map((moment) => [moment.label, moment] as const))(
    'is stopped at the quota with a message, and the stage goes on: %s',
    async (_, moment) => {
      const { platform } = scripted;
      const { rest } = platform;
      const neighbour = await openSession(scripted, { instructions: 'the calm one' });
      await beginEda(scripted, neighbour);
      await rest.waitForEvent(neighbour, ({ type }) => type === 'code_output');
      const parts = () => platform.run().processes.map(({ name, pid }) => [name, pid]);
      const before = parts();
      const session = await openSession(scripted);
      const begin = () => beginEda(scripted, session);
      const killed = await beginOrStrike({ platform, session, moment, begin }, ALONE);
      await rest.waitFor(session, ['eda_done'], 120);
      const ran = async (id: string) =>
        (await rest.steps(id)).flatMap(({ tool, output }) => (tool === 'execute_code' ? [output ?? {}] : []));
      const outputs = await ran(session);
      expect(outputs.map((output) => output.status)).toEqual(['quota', 'quota', 'ok']);
      expect(String(outputs[0]?.message)).toMatch(/workspace/i);
      expect(String(outputs[1]?.message)).toMatch(/tmp|space/i);
      await rest.waitFor(neighbour, ['eda_done'], 60);
      expect((await ran(neighbour)).map((output) => output.status)).toEqual(['ok']);
      if (!killed) expect(parts()).toEqual(before);
      await expectSound(platform, session, { inFlight: killed ? 1 : 0 });
      await expectClean(platform, session);
    },
    150_000,
  );
});
