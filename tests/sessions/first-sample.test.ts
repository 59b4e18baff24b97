/** The sample of a new home: there once, also when its making is interrupted or what it made is deleted. */

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment, Session } from '../../core/records.ts';
import { startPlatform, type TestPlatform } from '../platform/platform.ts';

describe('the sample of a new home', () => {
  let platform: TestPlatform;
  let mark: string;
  beforeAll(async () => {
    platform = await startPlatform();
    mark = join(platform.home, 'sample.json');
  }, 120_000);
  afterAll(() => platform?.stop(), 60_000);

  const sampleOnce = (): { session: string | null; made: boolean } => {
    const words = [join(process.cwd(), 'build', 'cli.mjs'), 'sample', '--once', '--format', 'json'];
    const env = { ...process.env, TEMPERA_HOME: platform.home };
    return JSON.parse(execFileSync(process.execPath, words, { env, encoding: 'utf8' })).data;
  };
  const experiments = async () =>
    (await platform.rest.get<{ items: Experiment[] }>('/api/experiments')).items;
  const sessions = async () => (await platform.rest.get<{ items: Session[] }>('/api/sessions')).items;

  test('is made once, runs by itself, and does not come again', async () => {
    const first = sampleOnce();
    expect(first).toEqual({ session: expect.any(String), made: true });
    expect(await experiments()).toMatchObject([{ name: 'penguins', target: 'species' }]);
    expect(await sessions()).toMatchObject([
      { id: first.session, mode: 'auto', model: 'autopilot/standard', state: 'eda_running' },
    ]);
    expect(sampleOnce()).toEqual({ session: first.session, made: false });

    // interrupted after the requests, before that was noted
    writeFileSync(mark, JSON.stringify({ state: 'begun', session: null }));
    expect(sampleOnce()).toEqual({ session: first.session, made: true });
    expect([await experiments(), await sessions()].map((list) => list.length)).toEqual([1, 1]);

    // another’s home that has work in it and no note
    rmSync(mark);
    expect(sampleOnce()).toEqual({ session: null, made: false });

    // deleted by a person: neither noted nor interrupted starts bring it back
    const [sample] = await experiments();
    await platform.rest.send('POST', `/api/sessions/${first.session}/cancel`, {});
    await platform.rest.send('DELETE', `/api/experiments/${sample?.id}`);
    expect(await experiments()).toEqual([]);
    expect(sampleOnce().made).toBe(false);
    writeFileSync(mark, JSON.stringify({ state: 'begun', session: null }));
    expect(sampleOnce()).toEqual({ session: null, made: false });
    expect(await experiments()).toEqual([]);
    expect(JSON.parse(readFileSync(mark, 'utf8')).state).toBe('done');
  }, 60_000);
});
