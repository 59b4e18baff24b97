/** The command line as a person or a script meets it: exit codes, sentences, JSON, and the folder that a run fills. */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../anthropic-server/script.ts';
import type { ScriptedPlatform } from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';
import { until } from '../platform/wait.ts';
import { documentOf, type Ended, tempera, temperaHere } from './command-line.ts';
import { type FinishedRun, finishedRun, PENGUINS } from './finished-run.ts';

/** Files in the folder of this file's own. */
const LOCAL = ['noise.csv', 'empty-folder'];
const NO_SESSION = '01890000-0000-7000-8000-000000000000';

describe('the command line', () => {
  let scripted: ScriptedPlatform;
  let folder: string;
  let run: FinishedRun;
  let session: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tempera-cli-'));
    scripted = await takeScripted({ eda: [fail(400)] });
    run = await finishedRun(scripted.platform);
    session = run.session;
  }, 300_000);
  afterAll(async () => {
    await scripted?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const place = () => ({ home: scripted.platform.home, folder });
  const started = (words: string[]) => tempera(words, place());
  const called = (words: string[]) => temperaHere(words, place());
  const answered = async (words: string[]) => documentOf(await called([...words, '--format', 'json']));

  function expectSentence({ err, out }: Ended, words: RegExp): void {
    expect(err).toMatch(words);
    expect(err).not.toMatch(/\n\s+at |Error:/);
    expect(out).toBe('');
  }

  test('run ends 0, says where things are and fills its folder', () => {
    const { ended, out } = run;
    expect(ended).toMatchObject({ code: 0 });
    const made = join(out, 'penguins');
    for (const path of [
      'eda/report.md',
      'prep/report.md',
      'train/report.md',
      'prep/data/train.parquet',
      'train/models/model.pkl',
      'train/data/metadata.json',
    ]) {
      expect(existsSync(join(made, path))).toBe(true);
    }
    for (const stage of ['eda', 'prep', 'train']) {
      expect(ended.out).toContain(`Report   ${join(made, stage, 'report.md')}`);
    }
    expect(ended.out).toContain(`Model    ${join(made, 'train', 'models', 'model.pkl')}`);
    expect(ended.out).toContain('Target   species');
    const { metrics } = JSON.parse(readFileSync(join(made, 'train', 'data', 'metadata.json'), 'utf8'));
    const accuracy = Number(/Test .*\baccuracy ([\d.]+)/.exec(ended.out)?.[1]);
    expect(accuracy).toBeCloseTo(metrics.test.accuracy, 3);
    // progress goes where it disturbs no script, and as plain lines
    expect(ended.err).toMatch(/eda running[\s\S]*prep running[\s\S]*train running[\s\S]*train done/);
    expect(ended.err).not.toContain('\x1b');
    expect(readdirSync(join(made, 'eda')).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(readFileSync(join(made, 'dataset', 'penguins.csv'))).toEqual(readFileSync(PENGUINS));
    const readme = readFileSync(join(made, 'README.txt'), 'utf8');
    expect(readme).toContain('PYTHONPATH=. python eda/scripts/');
    expect(readme).toContain('tempera run TABLE --decisions decisions.json');
  });

  test('a model that is not configured is refused before anything is uploaded', async () => {
    const { rest } = scripted.platform;
    const before = await rest.get('/api/experiments');
    const ended = await called(['run', PENGUINS, '--model', 'foo/bar']);
    expect(ended).toMatchObject({ code: 4, out: '' });
    expect(ended.err).toMatch(/provider foo is not configured; there is autopilot.*Nothing was uploaded/);
    expect(ended.err).not.toContain('Uploading');
    expect(await rest.get('/api/experiments')).toEqual(before);
  }, 30_000);

  test.each(['/proc/x', '/dev/null/x', 'file'])(
    'an output folder %s is refused before anything is uploaded',
    async (out) => {
      const { rest } = scripted.platform;
      writeFileSync(join(folder, 'file'), '');
      const before = await rest.get('/api/experiments');
      const ended = await started(['run', PENGUINS, '--out', out]);
      expect(ended).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringMatching(/No folder can be made.*--out/),
      });
      expect(await rest.get('/api/experiments')).toEqual(before);
    },
    30_000,
  );

  test('what is written over is a person’s: files --out refuses it by name', async () => {
    const made = join(folder, 'mine');
    mkdirSync(join(made, 'train'), { recursive: true });
    writeFileSync(join(made, 'train', 'report.md'), 'edited');
    const ended = await started(['files', session, '--out', made]);
    expect(ended).toMatchObject({
      code: 4,
      err: expect.stringMatching(/train\/report\.md would be written over.*Nothing was/),
    });
    expect(readdirSync(made)).toEqual(['train']);
    expect(readFileSync(join(made, 'train', 'report.md'), 'utf8')).toBe('edited');
  }, 30_000);

  test('a host that is emptied is named where its work is missed, with the way back', async () => {
    const { endpoints } = await scripted.platform.rest.get<{ endpoints: { id: string; name: string }[] }>(
      '/api/endpoints?kind=sandbox_host',
    );
    const { id = '', name = '' } = endpoints[0] ?? {};
    const drained = await called(['sandbox', 'drain', id]);
    expect(drained).toMatchObject({ code: 0, out: expect.stringContaining(`The sandbox host ${name}`) });
    try {
      const named = async () => (await called(['status'])).out.includes(`sandbox drain ${id} --undo`);
      await until('status names it', named);
      expect((await called(['doctor'])).out).toMatch(/is being emptied and takes no new work/);
    } finally {
      const undone = await called(['sandbox', 'drain', id, '--undo']);
      expect(undone.out).toContain('takes new work.');
    }
  }, 60_000);

  test('a session that is stopped is not waited for, and the list says what it waits for', async () => {
    const { rest } = scripted.platform;
    const { items } = await rest.get<{ items: { id: string }[] }>(`/api/sessions/${session}/steps`);
    const forked = await called(['sessions', 'fork', session, items[2]?.id ?? '', '--format', 'json']);
    expect(forked.code).toBe(0);
    const id = String(documentOf(forked).data.id);
    for (const words of [
      ['sessions', 'wait', id],
      ['follow', id],
    ]) {
      const ended = await called(words);
      expect(ended.code).toBe(1);
      expect(ended.err).toContain(`Let it go on with: npm start -- sessions resume ${id}`);
    }
    const listed = await called(['sessions', 'list', '--limit', '1']);
    expect(listed.out).toMatch(new RegExp(`${id} +\\w+_running +resume `));
    expect((await answered(['sessions', 'limits', id, '--turns', '40'])).data).toMatchObject({
      limits: { turns: 40 },
    });
    expect((await called(['sessions', 'cancel', id])).code).toBe(0);
    const refused = await called(['sessions', 'message', id, 'hello']);
    expect(refused).toMatchObject({ code: 4, err: expect.stringMatching(/is cancelled.*Fork it/) });
  }, 60_000);

  test.each([
    ['a file that is not there', ['run', 'no-such.csv'], 2, /There is no file no-such\.csv/],
    ['no file', ['run'], 2, /FILE/],
    ['a folder', ['run', 'empty-folder'], 2, /empty-folder.*(folder|file)/],
    ['an unknown option', ['run', PENGUINS, '--targt', 'species'], 2, /--targt/],
    ['an unknown command', ['fly'], 2, /fly/],
    ['a time that is none', ['run', PENGUINS, '--timeout', 'soon'], 2, /--timeout/],
    ['a stage that is none', ['sessions', 'start', NO_SESSION, 'fly'], 2, /no stage fly/],
    ['a file that is no table', ['run', 'noise.csv'], 4, /noise\.csv.*binary/],
    ['a wrong target', ['run', PENGUINS, '--target', 'specis'], 4, /penguins\.csv.*'specis'.*'species'/],
    ['an unknown metric', ['run', PENGUINS, '--metric', 'auc'], 4, /no metric 'auc'.*'roc_auc'/],
    ['an unknown column', ['run', PENGUINS, '--exclude', 'sex,islnd'], 4, /no column 'islnd'.*'island'/],
    [
      'a problem that the target is not',
      ['run', PENGUINS, '--target', 'species', '--problem-type', 'regression'],
      4,
      /regression needs numbers/,
    ],
    ['an unknown session', ['sessions', 'show', NO_SESSION], 3, /no session/],
    ['files of an unknown session', ['files', NO_SESSION], 3, /no session/],
    ['following an unknown session', ['follow', NO_SESSION], 3, /no session/],
    ['a message to an unknown session', ['sessions', 'message', NO_SESSION, 'x'], 3, /no session/],
    ['steps of an unknown session', ['sessions', 'steps', NO_SESSION], 3, /no session/],
    ['waiting for an unknown session', ['sessions', 'wait', NO_SESSION], 3, /no session/],
    ['a query of an unknown session', ['sql', NO_SESSION, 'select 1'], 3, /no session/],
    ['a state that is none', ['sessions', 'list', '--state', 'bogus'], 2, /--state takes created/],
    ['a limit that is none', ['sessions', 'list', '--limit', '-1'], 2, /--limit/],
    ['an id that is none', ['sessions', 'cancel', 'mine'], 3, /no session mine/],
  ])(
    '%s is refused with a sentence',
    async (_, words, code, sentence) => {
      writeFileSync(join(folder, 'noise.csv'), Buffer.alloc(4_000, '\x01\x02\x7f\x03'));
      mkdirSync(join(folder, 'empty-folder'), { recursive: true });
      const ended = await called(words.map((word) => (LOCAL.includes(word) ? join(folder, word) : word)));
      expect(ended).toMatchObject({ code });
      expectSentence({ ...ended, err: ended.err.replace(/^Uploading .*\n/, '') }, sentence);
    },
    30_000,
  );

  test.each([
    ['wrong usage', ['run', 'no-such.csv'], 2, /There is no file no-such\.csv/],
    ['what is refused', ['run', PENGUINS, '--target', 'specis'], 4, /penguins\.csv.*'specis'/],
    ['what is not there', ['sessions', 'show', NO_SESSION], 3, /no session/],
  ])(
    '%s is one document in JSON, with the same code and sentence',
    async (_, words, code, sentence) => {
      const ended = await started([...words, '--format', 'json']);
      expect(ended.code).toBe(code);
      expect(documentOf(ended)).toMatchObject({
        ok: false,
        error: { message: expect.stringMatching(sentence) },
      });
    },
    30_000,
  );

  test('without a platform everything but run says how to start one, and ends 5', async () => {
    const home = join(folder, 'home-of-nobody');
    for (const words of [
      ['sessions', 'list'],
      ['sessions', 'show', NO_SESSION],
      ['files', NO_SESSION],
    ]) {
      const ended = await tempera(words, { home, folder });
      expect(ended).toMatchObject({ code: 5, out: '' });
      expect(ended.err).toMatch(/No platform runs .* Start it with: npm start/);
      const failed = await temperaHere([...words, '--format', 'json'], { home });
      expect(documentOf(failed)).toMatchObject({ ok: false });
    }
  }, 30_000);

  test('a session can be listed, shown, followed, read and queried', async () => {
    const listed = await answered(['sessions', 'list', '--limit', '200']);
    expect(listed.data.sessions).toEqual(expect.arrayContaining([expect.objectContaining({ id: session })]));
    const shown = await answered(['sessions', 'show', session]);
    expect(shown.data).toMatchObject({
      id: session,
      state: 'train_done',
      usage: { turns: expect.any(Number) },
    });
    expect(await called(['sessions', 'wait', session])).toMatchObject({ code: 0 });
    const followed = await called(['follow', session]);
    expect(followed).toMatchObject({ code: 0, out: expect.stringMatching(/train done/), err: '' });
    // from its last event on, and past it, there is nothing to wait for
    for (const after of ['100000', String((await scripted.platform.rest.events(session)).length)])
      expect(await called(['follow', session, '--after', after])).toMatchObject({ code: 0, out: '' });
    // its bytes go to the process’s own stdout
    const report = await started(['files', session, 'train/report.md']);
    expect(report).toMatchObject({ code: 0, out: expect.stringMatching(/^# A model for `species`/) });
    const rows = await answered(['sql', session, 'SELECT count(*) AS n FROM dataset']);
    expect(rows.data).toMatchObject({ rows: [[344]] });
    const refused = await called(['sql', session, `SELECT * FROM read_csv('/etc/passwd')`]);
    expect(refused).toMatchObject({ code: 4 });
    expect(await called(['sessions', 'cancel', session])).toMatchObject({ code: 4 });
    for (const [path, code, sentence] of [
      ['train/none.md', 3, /no file or folder train\/none\.md.*npm start -- files/],
      ['nope.txt', 3, /no file or folder nope\.txt/],
      ['../secret', 4, /path/],
    ] as const) {
      const ended = await called(['files', session, path]);
      expect(ended).toMatchObject({ code, out: '', err: expect.stringMatching(sentence) });
    }
    expect(await called(['files', session, 'train/'])).toMatchObject({ code: 0 });
    expect(await called(['sessions', 'resume', session])).toMatchObject({ code: 4 });
    const steps = await answered(['sessions', 'steps', session, '--stage', 'eda']);
    expect(steps.data.steps).toEqual(expect.arrayContaining([expect.objectContaining({ stage: 'eda' })]));
    expect((await answered(['--cmd', 'sessions list'])).ok).toBe(true);
    expect((await answered(['status'])).ok).toBe(true);
    expect((await called(['doctor'])).code).toBe(0);
    expect(await called(['sandbox', 'doctor'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/agent code runs.*\n.*(namespace|landlock|seccomp)/is),
    });
  }, 60_000);

  test('a run whose session fails ends 1, with one document in JSON', async () => {
    const words = ['run', PENGUINS, '--target', 'species', '--model', scripted.name, '--out', folder];
    const refused = await started(words);
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/The session ended failed in eda/) });
    const ended = await called([...words, '--format', 'json']);
    expect(ended.code).toBe(1);
    expect(documentOf(ended)).toMatchObject({ ok: false, error: { details: { state: 'failed' } } });
  }, 60_000);
});
