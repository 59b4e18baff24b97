/** faults.md 8: code fills its disk: the quota is told to the agent, nothing else is affected. */

import { expectSound } from '../platform/invariants.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';

const FILLING = `
import pathlib
pathlib.Path('eda').mkdir(exist_ok=True)
with open('eda/filling.bin', 'wb') as file:
    while True:
        file.write(b'x' * 1_000_000)
        file.flush()
`;
const FILLING_TMP = FILLING.replace("'eda/filling.bin'", "'/tmp/filling.bin'");
const TIDY = `import pathlib\npathlib.Path('eda/filling.bin').unlink(missing_ok=True)\n${VALID_EDA}`;

describe('code that fills its disk', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await startScripted(
      {
        eda: [
          [code('filling', FILLING)],
          [code('filling tmp', FILLING_TMP)],
          [code('tidy', TIDY)],
          [finish('done')],
        ],
      },
      { environment: { MAX_WORKSPACE_BYTES: String(50_000_000) } },
    );
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test('is stopped at the quota with a message, and the stage goes on', async () => {
    const { platform } = scripted;
    const session = await startEda(scripted);
    await platform.rest.waitFor(session, ['eda_done'], 120);
    const outputs = (await platform.rest.steps(session))
      .filter((step) => step.tool === 'execute_code')
      .map((step) => step.output ?? {});
    expect(outputs.map((output) => output.status)).toEqual(['quota', 'quota', 'ok']);
    expect(String(outputs[0]?.message)).toMatch(/workspace/i);
    expect(String(outputs[1]?.message)).toMatch(/tmp|space/i);
    await expectSound(platform, session);
  }, 150_000);
});
