/** A bug in the platform does not hold a session for ever: its stage fails by name, and a new start goes on. */

import { createDatabase, type Database } from '../../db/index.ts';
import { expectSound } from '../platform/invariants.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';
import { until } from '../platform/wait.ts';

describe('work that fails for no outage', () => {
  let scripted: ScriptedPlatform;
  let database: Database;
  beforeAll(async () => {
    scripted = await startScripted(
      { eda: [[code('report', VALID_EDA)], [finish('done')]] },
      { environment: { ACTIVITY_BUG_ATTEMPTS: '3' } },
    );
    database = createDatabase({ url: scripted.platform.variables().DATABASE_URL ?? '', poolSize: 1 });
  }, 120_000);
  afterAll(async () => {
    await database?.close();
    await scripted?.stop();
  }, 60_000);

  test('fails the stage after ACTIVITY_BUG_ATTEMPTS, says what, and a new start goes on', async () => {
    const { rest } = scripted.platform;
    // a statement that no waiting mends, as a bug would send one
    await database.query('alter table checkpoints rename to checkpoints_elsewhere');
    const session = await startEda(scripted);
    await until('the stage failed', async () => (await rest.session(session)).state === 'failed');
    const error = (await rest.events(session)).find((event) => event.type === 'error');
    expect(error).toMatchObject({ stage: 'eda', run: 1, data: { code: 'INTERNAL' } });
    expect(String(error?.data.message)).toMatch(
      /failed 3 times in runTool: .*checkpoints.* start eda again, and it goes on from an empty workspace\./,
    );
    await database.query('alter table checkpoints_elsewhere rename to checkpoints');
    expect((await rest.send('POST', `/api/sessions/${session}/stages/eda/start`, {})).status).toBe(202);
    await rest.waitFor(session, ['eda_done']);
    await expectSound(scripted.platform, session);
  }, 120_000);
});
