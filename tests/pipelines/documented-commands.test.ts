/**
 * The commands of README and manual, typed as they are written: in a shell, in a folder that looks like a clone. Only
 * what stands for something else is put in: a session's id, and the address that this platform has.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '../../core/records.ts';
import type { TestPlatform } from '../platform/platform.ts';
import { takePlatform } from '../platform/shared.ts';
import { makeClone, type } from './clone.ts';
import type { Ended } from './command-line.ts';
import { finishedRun } from './finished-run.ts';
import { type AsWritten, RUN_AS_WRITTEN, RUN_COMMAND } from './run-as-written.ts';

const [own, shared] = [true, false].map((which) =>
  [...RUN_AS_WRITTEN].filter(([, written]) => (written.own ?? false) === which),
);

describe('documented commands', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tempera-clone-'));
    makeClone(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function expectEnded(ended: Ended, { code = 0, says }: AsWritten): void {
    const printed = ended.out + ended.err;
    expect({ code: ended.code, printed }).toEqual({ code, printed: expect.stringMatching(says) });
    expect(printed).not.toMatch(/\n\s+at \S+ \(|Traceback|npm error Missing script/);
  }

  describe('over a platform of their own', () => {
    const home = mkdtempSync(join(tmpdir(), 'tempera-own-'));
    afterAll(() => rmSync(home, { recursive: true, force: true }));

    test.each(own ?? [])(
      '%s',
      async (line, written) => {
        const environment = { ...process.env, TEMPERA_HOME: home, TEMPERA_PORT: '0' };
        expectEnded(await type(line, { folder, environment }), written);
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
        const { seconds } = written;
        const timed = seconds === undefined ? filledIn(line) : `timeout ${seconds} ${filledIn(line)}`;
        // a whole pipeline: other files look at the same run of it
        const ended =
          line === RUN_COMMAND
            ? (await finishedRun(platform)).ended
            : await type(timed, { folder, environment });
        expectEnded(ended, written);
      },
      180_000,
    );
  });
});
