/** faults.md 7: the object store is away: the run waits, and no truncated artifact is ever listed. */

import { createHash } from 'node:crypto';
import type { Artifact } from '../../core/records.ts';
import { expectSound } from '../platform/invariants.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';

describe('without the object store', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    const slow = `import os, time\nprint('begun', flush=True)\ntime.sleep(2)\n${VALID_EDA}\npathlib.Path('eda/large.bin').write_bytes(os.urandom(12_000_000))`;
    const environment = { RESTART_MINIMUM_MILLISECONDS: '4000', RESTART_MAXIMUM_MILLISECONDS: '4000' };
    scripted = await startScripted({ eda: [[code('slow', slow)], [finish('done')]] }, { environment });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test('the checkpoint is taken once it is back, and every artifact is whole', async () => {
    const { platform } = scripted;
    const { rest } = platform;
    const session = await startEda(scripted);
    await rest.waitForEvent(session, (event) => event.type === 'code_output');
    await platform.kill('s3');
    await rest.waitFor(session, ['eda_done'], 90);
    await expectSound(platform, session);
    const { items } = await rest.get<{ items: Artifact[] }>(`/api/sessions/${session}/artifacts`);
    expect(items.map((artifact) => artifact.path)).toEqual(
      expect.arrayContaining(['eda/report.md', 'eda/large.bin']),
    );
    for (const artifact of items) {
      const answer = await fetch(`${rest.url}/api/sessions/${session}/files/${artifact.path}`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(artifact.sha256);
    }
  }, 180_000);
});
