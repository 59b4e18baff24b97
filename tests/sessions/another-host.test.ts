/** A workspace that is gone: another host restores it on an empty folder from the last checkpoint, and nothing is run again. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expectSound } from '../platform/invariants.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';

const WRITES = `
import pathlib, secrets
pathlib.Path('eda/data').mkdir(parents=True, exist_ok=True)
pathlib.Path('eda/data/once.txt').write_text(secrets.token_hex(16))
print(pathlib.Path('eda/data/once.txt').read_text())
`;
const READS = `
import pathlib
print(pathlib.Path('eda/data/once.txt').read_text())
${VALID_EDA}
`;

describe('a host that lost every workspace', () => {
  let scripted: ScriptedPlatform;
  let lose: (() => Promise<void>) | null = null;
  beforeAll(async () => {
    scripted = await startScripted({
      eda: [
        [code('writes', WRITES)],
        async () => {
          const once = lose;
          lose = null;
          await once?.();
          return { kind: 'answer', content: [code('reads', READS)] };
        },
        [finish('done')],
      ],
    });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test('goes on from the checkpoint, byte for byte', async () => {
    const { platform } = scripted;
    lose = async () => {
      const killed = platform.kill('sandbox');
      rmSync(join(platform.home, 'sandbox'), { recursive: true, force: true });
      await killed;
    };
    const session = await startEda(scripted);
    await platform.rest.waitFor(session, ['eda_done']);
    const outputs = (await platform.rest.steps(session))
      .filter((step) => step.tool === 'execute_code')
      .map((step) => step.output ?? {});
    expect(outputs.map((output) => output.status)).toEqual(['ok', 'ok']);
    expect(String(outputs[1]?.stdout).split('\n')[0]).toBe(String(outputs[0]?.stdout).trim());
    const attempts = (await platform.rest.events(session)).filter(
      (event) => event.type === 'attempt_started',
    );
    expect(attempts).toHaveLength(2);
    await expectSound(platform, session);
  }, 120_000);
});
