/**
 * What needs a home that nobody has used, settings of its own or a host to empty: one platform for all of it, in this
 * order. An upload that is no table is refused with its file's name and remedy and leaves nothing behind, so that the
 * sample finds the home as new as it did.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINAL_STATES } from '../../core/classification/states.ts';
import type { Experiment, Session } from '../../core/records.ts';
import { createDatabase } from '../../db/index.ts';
import type { Reply } from '../anthropic-server/script.ts';
import { testBadInput, UPLOAD_LIMIT } from '../pipelines/bad-input.ts';
import { tempera, temperaHere } from '../pipelines/command-line.ts';
import { expectSound } from '../platform/invariants.ts';
import {
  byStage,
  code,
  finish,
  openSession,
  type ScriptedPlatform,
  startEda,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';
import { until } from '../platform/wait.ts';

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

/** None of it disturbs the others: no table is larger, and nothing else fails for a bug. */
const ENVIRONMENT = {
  MAX_UPLOAD_BYTES: String(UPLOAD_LIMIT),
  ACTIVITY_BUG_ATTEMPTS: '3',
  HEALTH_INTERVAL_MILLISECONDS: '2000',
};

let scripted: ScriptedPlatform;
beforeAll(async () => {
  scripted = await startScripted({}, { environment: ENVIRONMENT });
  // what a platform does by itself has ended before anything is counted
  await until('the sample tables are classified', async () => {
    const { state } = await scripted.platform.rest.get<{ state: string }>('/api/fsm/status');
    return FINAL_STATES.some((final) => final === state);
  });
}, 120_000);
afterAll(() => scripted?.stop(), 60_000);

describe('a bad table', () => testBadInput(() => scripted.platform));

describe('the sample of a new home', () => {
  const words = ['sample', '--once', '--format', 'json'];
  const sampleBy = async (command: typeof tempera): Promise<{ session: string | null; made: boolean }> => {
    const { home } = scripted.platform;
    return JSON.parse((await command(words, { home, folder: home })).out).data;
  };
  /** All that is known from one call to the next lies in the home. */
  const sampleOnce = () => sampleBy(temperaHere);
  const experiments = async () =>
    (await scripted.platform.rest.get<{ items: Experiment[] }>('/api/experiments')).items;
  const sessions = async () =>
    (await scripted.platform.rest.get<{ items: Session[] }>('/api/sessions')).items;

  test('is made once, runs by itself, and does not come again', async () => {
    const mark = join(scripted.platform.home, 'sample.json');
    const first = await sampleBy(tempera);
    expect(first).toEqual({ session: expect.any(String), made: true });
    expect(await experiments()).toMatchObject([{ name: 'penguins', target: 'species' }]);
    expect(await sessions()).toMatchObject([
      { id: first.session, mode: 'auto', model: 'autopilot/standard', state: 'eda_running' },
    ]);
    expect(await sampleOnce()).toEqual({ session: first.session, made: false });

    // interrupted after the requests, before that was noted
    writeFileSync(mark, JSON.stringify({ state: 'begun', session: null }));
    expect(await sampleOnce()).toEqual({ session: first.session, made: true });
    expect([await experiments(), await sessions()].map((list) => list.length)).toEqual([1, 1]);

    // another’s home that has work in it and no note
    rmSync(mark);
    expect(await sampleOnce()).toEqual({ session: null, made: false });

    // deleted by a person: neither noted nor interrupted starts bring it back
    const [sample] = await experiments();
    await scripted.platform.rest.send('POST', `/api/sessions/${first.session}/cancel`, {});
    await scripted.platform.rest.send('DELETE', `/api/experiments/${sample?.id}`);
    expect(await experiments()).toEqual([]);
    expect((await sampleOnce()).made).toBe(false);
    writeFileSync(mark, JSON.stringify({ state: 'begun', session: null }));
    expect(await sampleOnce()).toEqual({ session: null, made: false });
    expect(await experiments()).toEqual([]);
    expect(JSON.parse(readFileSync(mark, 'utf8')).state).toBe('done');
  }, 60_000);
});

describe('work that fails for no outage', () => {
  test('fails the stage after ACTIVITY_BUG_ATTEMPTS, says what, and a new start goes on', async () => {
    const { rest, variables } = scripted.platform;
    scripted.model.setScript(byStage({ eda: [[code('report', VALID_EDA)], [finish('done')]] }));
    const database = createDatabase({ url: variables().DATABASE_URL ?? '', poolSize: 1 });
    const session = await openSession(scripted);
    const start = () => rest.send('POST', `/api/sessions/${session}/stages/eda/start`, {});
    try {
      // a statement that no waiting mends, as a bug would send one
      await database.query('alter table checkpoints rename to checkpoints_elsewhere');
      expect((await start()).status).toBe(202);
      await until('the stage failed', async () => (await rest.session(session)).state === 'failed');
      const error = (await rest.events(session)).find((event) => event.type === 'error');
      expect(error).toMatchObject({ stage: 'eda', run: 1, data: { code: 'INTERNAL' } });
      expect(String(error?.data.message)).toMatch(
        /failed 3 times in runTool: .*checkpoints.* start eda again, and it goes on from an empty workspace\./,
      );
    } finally {
      await database.query('alter table checkpoints_elsewhere rename to checkpoints');
      await database.close();
    }
    expect((await start()).status).toBe(202);
    await rest.waitFor(session, ['eda_done']);
    await expectSound(scripted.platform, session);
  }, 120_000);
});

describe('a host that lost every workspace', () => {
  test('goes on from the checkpoint, byte for byte', async () => {
    const { platform } = scripted;
    let lost = false;
    const lose = async () => {
      if (lost) return;
      lost = true;
      const killed = platform.kill('sandbox');
      rmSync(join(platform.home, 'sandbox'), { recursive: true, force: true });
      await killed;
    };
    const loses = async (): Promise<Reply> => {
      await lose();
      return { kind: 'answer', content: [code('reads', READS)] };
    };
    scripted.model.setScript(byStage({ eda: [[code('writes', WRITES)], loses, [finish('done')]] }));
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
