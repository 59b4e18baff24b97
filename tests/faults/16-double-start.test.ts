/** faults.md 16: a double click or a repeated POST gives the same run. */

import type { Session } from '../../core/records.ts';
import { expectSound } from '../platform/invariants.ts';
import { code, finish, type ScriptedPlatform, startScripted, VALID_EDA } from '../platform/scripted.ts';

describe('commands that are sent twice', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await startScripted({ eda: [[code('report', VALID_EDA)], [finish('done')]] });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test('a start with the same key is one run, also when both arrive at once and long after it ended', async () => {
    const { platform } = scripted;
    const { rest } = platform;
    const experiment = await rest.createExperiment('examples/penguins.csv', { target: 'species' });
    const path = `/api/experiments/${experiment.id}/sessions`;
    const body = { mode: 'manual', model: scripted.name };
    const created = await Promise.all(
      [1, 2].map(() => rest.send<Session>('POST', path, body, { 'idempotency-key': 'create' })),
    );
    expect(new Set(created.map((answer) => answer.body.id)).size).toBe(1);
    const id = created[0]?.body.id ?? '';
    const start = () =>
      rest.send('POST', `/api/sessions/${id}/stages/eda/start`, {}, { 'idempotency-key': 'start' });
    const started = await Promise.all([start(), start(), start()]);
    for (const answer of started) expect(answer.body).toMatchObject({ stage: 'eda', run: 1 });
    await rest.waitFor(id, ['eda_done']);
    expect((await start()).body).toMatchObject({ stage: 'eda', run: 1 });
    expect((await rest.session(id)).state).toBe('eda_done');
    await expectSound(platform, id);
  }, 90_000);

  test('another start while the stage runs is refused with a sentence', async () => {
    const { rest } = scripted.platform;
    const experiment = await rest.createExperiment('examples/penguins.csv', { target: 'species' });
    const session = await rest.createSession(experiment.id, { mode: 'manual', model: scripted.name });
    const start = () =>
      rest.send<{ code: string }>('POST', `/api/sessions/${session.id}/stages/eda/start`, {});
    const both = await Promise.all([start(), start()]);
    expect(both.map((answer) => answer.status).sort()).toEqual([202, 409]);
    expect(both.find((answer) => answer.status === 409)?.body.code).toBe('STAGE_NOT_READY');
    await rest.waitFor(session.id, ['eda_done']);
  }, 90_000);
});
