/** `tempera classify` over a real API, Temporal server and workflow: runs, results, the review queue, exit codes. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClassifyingApi, startClassifyingApi } from '../../api/testing/classification.ts';
import { storeRun } from '../../api/testing/stored-run.ts';
import { loadConfig } from '../../config/index.ts';
import { thisProcess } from '../../platform/setup/process.mjs';
import { writePlatformStatus } from '../../platform/supervisor/platform-status.ts';
import { fixedTables } from '../../sources/testing/fixed-tables.ts';
import { runProgram } from '../program.ts';
import { writtenTerminal } from '../testing/written-terminal.ts';

const EMAILS = ['ada@example.com', 'bob@example.org'];
const TABLES = {
  sample: {
    // alike but for their names
    clients_1: { email: EMAILS, zq: ['q', 'w'] },
    clients_2: { email: EMAILS, zq: ['q', 'w'] },
  },
};
let classifying: ClassifyingApi;
let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tempera-classify-'));
  classifying = await startClassifyingApi(fixedTables(TABLES));
  await storeRun(classifying.api);
  const nowhere = { temporal: null, temporalUi: null, s3: null, sandbox: null, postgres: null };
  writePlatformStatus(home, {
    ...{ ...thisProcess(), state: 'ready', startedAt: new Date(0).toISOString(), home },
    ...{ addresses: { api: classifying.api.url, ...nowhere }, processes: [] },
  });
  await classifying.work();
}, 120_000);
afterAll(async () => {
  await classifying?.close();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

async function classify(...words: string[]) {
  const { terminal, written } = writtenTerminal();
  const config = () => loadConfig({ TEMPERA_ROOT: process.cwd(), TEMPERA_HOME: home });
  const program = { config, terminal, signal: new AbortController().signal };
  return { code: await runProgram(['classify', ...words], program), ...written };
}

const data = async (...words: string[]) => {
  const { code, out, err } = await classify(...words, '--json');
  expect([words, code, err.includes('tempera:')]).toEqual([words, 0, false]);
  return JSON.parse(out).data;
};

test('a run is started, shown while it goes, and its results are pointed to', async () => {
  expect(await classify('results')).toMatchObject({
    code: 3,
    err: expect.stringContaining('npm start -- classify start --source sample'),
  });
  expect((await data('status')).state).toBe('IDLE');
  const { code, out, err } = await classify('start', '--follow', '--set', 'seed=3');
  expect(code).toBe(0);
  expect(out).toMatch(/state +(CONVERGED|STOPPED)\ncolumns +4\n/);
  for (const part of ['SAMPLING: ', 'columns fused 4', 'classify results --run '])
    expect(err).toContain(part);
  const { run_id, state, progress } = await data('status');
  expect([/CONVERGED|STOPPED/.test(state), progress.columns_fused]).toEqual([true, 4]);
  const { runs } = await data('runs', '--source', 'sample');
  expect(runs).toMatchObject([{ id: run_id, settings: { seed: 3 } }]);
  // it has ended: 4 is what was refused
  expect(await classify('cancel')).toMatchObject({ code: 4, err: expect.stringContaining('has ended') });
  expect((await data('evaluate')).evaluation).toBeNull();
}, 60_000);

test('results are listed by filters, as a table and as documents', async () => {
  const found = await data('results', '--code', 'CONTACT', '--limit', '10');
  expect(found.results.map(({ id, predicted_code }: Record<string, string>) => [id, predicted_code])).toEqual(
    [
      ['0.0', 'EMAIL'],
      ['1.0', 'EMAIL'],
    ],
  );
  const { out, err } = await classify('results', '--limit', '1');
  expect(out).toMatch(/^id +table +column +code/);
  expect(err).toContain('There are more than these 1');
  expect(await classify('results', '--code', 'NO_SUCH')).toMatchObject({
    code: 4,
    err: expect.stringContaining('NO_SUCH'),
  });
  expect((await classify('results', '--run', 'x')).code).toBe(3);
});

test('review lists what settles most first and decides columns, with those like them', async () => {
  const { queue, undecided } = await data('review');
  expect([queue[0].column_name, queue[0].settles, undecided]).toEqual(['zq', 2, expect.any(Number)]);
  const { reviews } = await data('review', queue[0].id, '--correct', 'CITY', '--similar', '--note', 'towns');
  expect(reviews).toMatchObject([
    { decision: 'correct', code: 'CITY', note: 'towns', table_name: 'clients_1' },
    { decision: 'correct', code: 'CITY', table_name: 'clients_2' },
  ]);
  expect((await data('review')).undecided).toBe(undecided - 2);
  expect(await classify('review', '0.0', '--correct', 'NO_SUCH')).toMatchObject({
    code: 4,
    err: expect.stringContaining('no term of the vocabulary'),
  });
});

test('what attaches to a term is listed, changed and undone', async () => {
  const attached = async (...words: string[]) => (await data('attachments', ...words)).attachments;
  const ofEmail = async () =>
    (await attached()).flatMap(({ meaning, code }: Record<string, string>) =>
      meaning === 'email' ? [code] : [],
    );
  expect(await ofEmail()).toEqual(['EMAIL']);
  const { changes } = await data('attachments', 'tempera', '--detach', 'email=EMAIL');
  expect(changes).toMatchObject([{ meaning: 'email', code: 'EMAIL', change: 'detach', by: 'local' }]);
  expect(await ofEmail()).toEqual([]);
  expect((await classify('attachments', '--changes')).out).toMatch(/detach +email +EMAIL +local/);
  expect((await data('attachments', '--undo', changes[0].id)).changes).toMatchObject([
    { undone_by: 'local' },
  ]);
  expect(await ofEmail()).toEqual(['EMAIL']);
  expect(await classify('attachments', '--attach', 'email=EMAIL')).toMatchObject({
    code: 4,
    err: expect.stringContaining('already'),
  });
});

test.each([
  [['attachments', '--attach', 'email'], '--attach takes MEANING=CODE'],
  [['attachments', '--attach', 'a=b', '--undo', 'x'], 'Give one of --attach'],
  [['review', '0.0'], 'Decide 0.0 by one of --accept'],
  [['review', '--accept'], 'Name the COLUMN'],
  [['review', '0.0', '--accept', '--none'], 'Give one of --accept'],
  [['start', '--set', 'seed'], '--set takes SETTING=VALUE'],
  [['start', '--set', 'seed=x'], 'The setting seed'],
  [['start', '--set', 'colour=1'], 'colour'],
  [['results', '--order', 'size'], '--order takes position, doubt'],
  [['runs', '--limit', '0'], '--limit takes a whole number'],
])('%j is wrong usage', async (words, sentence) => {
  expect(await classify(...words)).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining(sentence),
  });
});
