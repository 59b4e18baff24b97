/**
 * The commands of README and manual, typed as they are written: in a shell, in a folder that looks like a clone. Only
 * what stands for something else is put in: a session's id, and the address that this platform has.
 */

import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '../../core/records.ts';
import type { TestPlatform } from '../platform/platform.ts';
import { takePlatform } from '../platform/shared.ts';
import { type AsWritten, RUN_AS_WRITTEN } from './run-as-written.ts';

interface Ended {
  code: number | null;
  printed: string;
}

/** Runs a line in a shell. What has a time is ended then; the platform in the foreground when it is ready. */
function type(
  line: string,
  { folder, environment, written }: { folder: string; environment: NodeJS.ProcessEnv; written: AsWritten },
): Promise<Ended> {
  const { seconds } = written;
  const timed = seconds === undefined ? line : `timeout ${seconds} ${line}`;
  const child = spawn('bash', ['-c', timed], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  let ended = false;
  const collect = (text: Buffer) => {
    printed += text;
    if (line !== 'npm start' || ended || !/Stop it with Ctrl-C/.test(printed)) return;
    // to npm alone, as whoever supervises it would; a Ctrl-C goes to the whole group and so to more
    ended = child.kill('SIGTERM');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, printed }));
  });
}

/** A clone as far as commands see one: what they write is theirs, the rest is the repository's. */
function makeClone(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tempera-clone-'));
  for (const name of readdirSync('.')) {
    if (name === 'tempera-out' || name.startsWith('.')) continue;
    if (name === 'package.json') copyFileSync(name, join(folder, name));
    else symlinkSync(join(process.cwd(), name), join(folder, name));
  }
  return folder;
}

const [own, shared] = [true, false].map((which) =>
  [...RUN_AS_WRITTEN].filter(([, written]) => (written.own ?? false) === which),
);

describe('documented commands', () => {
  let folder: string;
  beforeAll(() => {
    folder = makeClone();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function expectEnded(ended: Ended, { code = 0, says }: AsWritten): void {
    expect(ended).toEqual({ code, printed: expect.stringMatching(says) });
    expect(ended.printed).not.toMatch(/\n\s+at \S+ \(|Traceback|npm error Missing script/);
  }

  describe('over a platform of their own', () => {
    const home = mkdtempSync(join(tmpdir(), 'tempera-own-'));
    afterAll(() => rmSync(home, { recursive: true, force: true }));

    test.each(own ?? [])(
      '%s',
      async (line, written) => {
        const environment = { ...process.env, TEMPERA_HOME: home, TEMPERA_PORT: '0' };
        expectEnded(await type(line, { folder, environment, written }), written);
      },
      180_000,
    );
  });

  describe('over a platform that has worked', () => {
    let platform: TestPlatform;
    /** What stands for ID: a session, an experiment or a model. */
    const ids = { session: '', experiment: '', model: '', open: '' };
    beforeAll(async () => {
      platform = await takePlatform();
    }, 120_000);
    afterAll(() => platform?.stop(), 60_000);

    async function learnIds(): Promise<void> {
      if (ids.session !== '') return;
      const { rest } = platform;
      const { items } = await rest.get<{ items: Session[] }>('/api/sessions');
      // other tests share the platform; what their models leave is no example of anything
      const shown = await rest.get<{ items: { id: string; target: string | null }[] }>('/api/experiments');
      const birds = shown.items.filter(({ target }) => target === 'species').map(({ id }) => id);
      const done = items.find(
        ({ state, model, experiment_id }) =>
          state === 'train_done' && model.startsWith('autopilot/') && birds.includes(experiment_id),
      );
      if (!done) return;
      const models = await rest.get<{ items: { id: string; session_id: string }[] }>('/api/models');
      const opened = await rest.createSession(done.experiment_id, {
        mode: 'manual',
        model: 'autopilot/standard',
      });
      // a workflow begins with the first command
      await rest.send('POST', `/api/sessions/${opened.id}/stages/eda/start`, {});
      Object.assign(ids, {
        ...{ session: done.id, experiment: done.experiment_id, open: opened.id },
        model: models.items.find(({ session_id }) => session_id === done.id)?.id ?? '',
      });
      writeFileSync(join(folder, 'new.csv'), 'island,body_mass_g\nBiscoe,3800\n');
    }

    const filledIn = (line: string): string =>
      line
        .replace('http://127.0.0.1:7400', platform.rest.url)
        .replace('/models/ID', `/models/${ids.model}`)
        .replace('/experiments/ID', `/experiments/${ids.experiment}`)
        .replace('01a1…dc12', ids.open)
        .replace(/\bID\b/, ids.session);

    test.each(shared ?? [])(
      '%s',
      async (line, written) => {
        await learnIds();
        const environment = {
          ...process.env,
          PATH: `${join(homedir(), '.cache', 'tempera', 'bin')}:${process.env.PATH}`,
          TEMPERA_HOME: platform.home,
          TEMPORAL_ADDRESS: platform.variables().TEMPORAL_ADDRESS,
        };
        expectEnded(await type(filledIn(line), { folder, environment, written }), written);
      },
      180_000,
    );
  });
});
