/** A fork by changed decisions while an earlier stage is made anew: it goes on from nothing that is out of date. */

import type { Artifact, StageRun } from '../../core/records.ts';
import type { DecideResult } from '../../workflows/contract/messages.ts';
import { type Changes, readDecisions } from '../platform/left-by-stages.ts';
import { obedient } from '../platform/obedient-scripts.ts';
import { byStage, openSession, type ScriptedPlatform } from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';

describe('a fork while eda runs again', () => {
  let scripted: ScriptedPlatform;
  let session: string;
  let release = () => {};
  beforeAll(async () => {
    scripted = await takeScripted(obedient());
    session = await openSession(scripted);
    for (const stage of ['eda', 'prep'] as const) {
      await rest().send('POST', `/api/sessions/${session}/stages/${stage}/start`, {});
      await rest().waitFor(session, [`${stage}_done`]);
    }
    const script = byStage(obedient());
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    scripted.model.setScript(async (request, call) => {
      await released;
      return script(request, call);
    });
    await decide([{ key: 'target', value: 'sex' }], { how: 'rerun' });
  }, 120_000);
  afterAll(() => {
    release();
    return scripted?.stop();
  }, 60_000);

  const rest = () => scripted.platform.rest;
  async function decide(changes: Changes, how: object): Promise<DecideResult> {
    const path = `/api/sessions/${session}/decisions`;
    const { status, body } = await rest().send<DecideResult>('POST', path, { changes, ...how });
    expect([status, body]).toEqual([200, body]);
    return body;
  }

  test('begins with eda, as a dry run says, and is decided as the person wants by now', async () => {
    const changes = [{ key: 'column.bill_depth_mm.use', value: 'out' }];
    const would = await decide(changes, { dry_run: true });
    expect(would).toMatchObject({ stage: 'eda', anew: ['eda', 'prep'], how: 'fork' });
    const { session: fork, ...made } = await decide(changes, {});
    expect(made).toMatchObject({ stage: 'eda', anew: ['eda', 'prep'], changes: would.changes });
    const { items } = await rest().get<{ items: StageRun[] }>(`/api/sessions/${fork}/stages`);
    expect(items.map(({ stage, run, state }) => [stage, run, state])).toEqual([['eda', 1, 'running']]);
    const files = await rest().get<{ items: Artifact[] }>(`/api/sessions/${fork}/artifacts`);
    expect(files.items).toEqual([]);
    release();
    await rest().waitFor(fork, ['eda_done']);
    expect(await readDecisions(rest(), fork)).toEqual(
      expect.arrayContaining([{ key: 'target', value: 'sex' }, ...changes]),
    );
  }, 120_000);
});
