/**
 * Awkward tables through the whole platform: what was decided stands in plan, splits and metadata; predicting the
 * upload is the model on the splits' rows, by the platform and by the model's folder alone in an environment of its
 * own. `npm test` takes one of them, `npm run test:long` all, and usual tables too.
 */

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { LONG } from '../platform/lengths.ts';
import type { TestPlatform } from '../platform/platform.ts';
import { takePlatform } from '../platform/shared.ts';
import { AWKWARD_CASES, type AwkwardCase, CASES_FOLDER, USUAL_CASES } from './awkward-cases.ts';
import { type Finished, readText, runPipeline } from './pipeline.ts';

const execute = promisify(execFile);
const PYTHON = process.env.TEMPERA_PYTHON ?? 'python3';
/** In any form: a group split with a wheel's own reading of German numbers. */
const SHORT = ['08-german-cars.csv'];
const chosen = [
  ...AWKWARD_CASES.filter(({ file }) => LONG || SHORT.includes(file)).map((one) => ({
    ...one,
    file: join(CASES_FOLDER, one.file),
  })),
  ...(LONG ? USUAL_CASES : []),
];
const present = chosen.filter(({ file }) => existsSync(file));

const MetadataSchema = z.looseObject({
  problem_type: z.string(),
  target_column: z.string(),
  feature_columns: z.array(z.string()),
  dropped_columns: z.record(z.string(), z.string()),
  classes: z.array(z.unknown()).nullable(),
  dataset_rows: z.number(),
  total_rows: z.number(),
  dropped_rows: z.record(z.string(), z.number()),
  split: z.looseObject({ strategy: z.string() }),
});

describe('awkward tables', () => {
  let platform: TestPlatform;
  let installer: string;
  const folder = mkdtempSync(join(tmpdir(), 'tempera-pip-'));
  beforeAll(async () => {
    platform = await takePlatform();
    installer = await newInstaller(folder);
  }, 600_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await platform?.stop();
  }, 60_000);

  // as many at once as the configuration says: one session computes while another one is read
  test.concurrent.each(present.map((one): [string, AwkwardCase] => [one.file, one]))(
    '%s is decided about as it should be, and its predictions read as training did',
    async (file, expected) => {
      const { target, testFile } = expected;
      const beside = testFile === undefined ? [] : [join(dirname(file), testFile)];
      const fields = { target, ...(testFile === undefined ? {} : { test_file: testFile }) };
      if (expected.asks) return await expectAsked(platform, file, expected.asks, fields);
      const finished = await runPipeline(platform, [file, ...beside], { fields });
      await expectDecided(platform, finished, expected);
      await expectRoundTrip(platform, finished, { file, installer });
    },
    600_000,
  );

  for (const { file } of chosen.filter((one) => !present.includes(one))) {
    test.skip(`${file} (it is not at hand: its licence keeps it out of the repository)`, () => undefined);
  }
});

/** It waits for an answer and has trained nothing. */
async function expectAsked(
  { rest }: TestPlatform,
  file: string,
  asks: RegExp,
  fields: Record<string, string>,
): Promise<void> {
  const experiment = await rest.createExperiment(file, fields);
  const { id } = await rest.createSession(experiment.id);
  const { data } = await rest.waitForEvent(id, ({ type }) => type === 'question');
  expect(data.text).toMatch(asks);
  await rest.send('POST', `/api/sessions/${id}/cancel`, {});
}

async function expectDecided(
  { rest }: TestPlatform,
  { session, reports }: Finished,
  expected: AwkwardCase,
): Promise<void> {
  const text = await readText(rest.url, session.id, 'prep/data/metadata.json');
  const metadata = MetadataSchema.parse(JSON.parse(text));
  expect([metadata.target_column, metadata.problem_type]).toEqual([expected.target, expected.problem]);
  if (expected.strategy) expect(metadata.split.strategy).toBe(expected.strategy);
  if (expected.classes) expect(metadata.classes).toEqual(expected.classes);
  if (expected.rows) expect(metadata.dataset_rows - (metadata.dropped_rows.no_data ?? 0)).toBe(expected.rows);
  expect(Object.keys(metadata.dropped_columns)).toEqual(expect.arrayContaining(expected.dropped ?? []));
  expect(metadata.feature_columns).toEqual(expect.arrayContaining(expected.used ?? []));
  expect(metadata.feature_columns.filter((name) => expected.dropped?.includes(name))).toEqual([]);
  // every row of the file is in a split or left out for a reason
  const left = Object.values(metadata.dropped_rows).reduce((sum, count) => sum + count, 0);
  expect(metadata.total_rows + left).toBe(metadata.dataset_rows);
  if (expected.says) expect(Object.values(reports).join('\n')).toMatch(expected.says);
}

/** The upload itself, predicted by the platform and by the folder alone, against the model on the splits' rows. */
async function expectRoundTrip(
  platform: TestPlatform,
  { session }: Finished,
  { file, installer }: { file: string; installer: string },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tempera-awkward-'));
  try {
    const at = (name: string) => join(folder, name);
    writeFileSync(at('platform.csv'), await predictedByPlatform(platform, session.id, file));
    const archive = await fetch(`${platform.rest.url}/api/sessions/${session.id}/archive.zip`);
    writeFileSync(at('session.zip'), Buffer.from(await archive.arrayBuffer()));
    const models = at('train/models');
    const python = await newEnvironment(folder, installer);
    await python([join(models, 'predict.py'), file, at('own.csv')]);
    const script = join('tests', 'pipelines', 'round_trip.py');
    const { stdout } = await python([script, folder, file, at('platform.csv'), at('own.csv')]);
    const answers: Record<string, unknown> = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(answers).toMatchObject({
      as_the_splits: true,
      as_by_itself: true,
      as_alone: true,
      in_any_order: true,
    });
    expect(answers.rows).toBeGreaterThanOrEqual(Number(answers.split_rows));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function predictedByPlatform({ rest }: TestPlatform, session: string, file: string): Promise<string> {
  const { items } = await rest.get<{ items: { id: string; session_id: string }[] }>('/api/models');
  const model = items.find(({ session_id }) => session_id === session);
  const answer = await fetch(
    `${rest.url}/api/models/${model?.id}/predict-file?name=${encodeURIComponent(file.split('/').at(-1) ?? '')}`,
    {
      method: 'POST',
      body: readFileSync(file),
      headers: { 'content-type': 'application/octet-stream' },
    },
  );
  const text = await answer.text();
  expect([answer.status, answer.status === 200 ? '' : text]).toEqual([200, '']);
  const notes: Record<string, unknown> = JSON.parse(
    decodeURIComponent(answer.headers.get('tempera-notes') ?? ''),
  );
  expect(notes).toMatchObject({ missing: [] });
  return text;
}

/** An environment that has pip, which takes seconds to make: one is enough for all. @returns its interpreter */
async function newInstaller(folder: string): Promise<string> {
  await execute(PYTHON, ['-m', 'venv', folder]);
  return join(folder, 'bin', 'python');
}

/**
 * A new environment with the session unpacked beside it and the model's library installed; packages of others are those
 * that the platform has.
 */
async function newEnvironment(
  folder: string,
  installer: string,
): Promise<(words: string[]) => Promise<{ stdout: string }>> {
  await execute(PYTHON, ['-m', 'zipfile', '-e', join(folder, 'session.zip'), folder]);
  await execute(PYTHON, ['-m', 'venv', '--without-pip', join(folder, 'venv')]);
  const own = join(folder, 'venv', 'bin', 'python');
  const place = "import sysconfig; print(sysconfig.get_path('purelib'))";
  const [packages, sites] = await Promise.all(
    [PYTHON, own].map(async (each) => (await execute(each, ['-c', place])).stdout.trim()),
  );
  writeFileSync(join(sites ?? '', 'packages.pth'), `${packages}\n`);
  const models = join(folder, 'train', 'models');
  const install = ['install', '--no-deps', '--no-index', '--find-links', models, wheelIn(models)];
  await execute(installer, ['-m', 'pip', '--python', own, ...install]);
  // nothing of the platform's own: neither its folder nor its settings
  const env = { PATH: process.env.PATH ?? '', HOME: folder, OMP_NUM_THREADS: '1' };
  return (words) => execute(own, words, { env, timeout: 120_000, maxBuffer: 16 * 1024 * 1024 });
}

function wheelIn(folder: string): string {
  const wheels = readdirSync(folder).filter((name) => name.endsWith('.whl'));
  expect(wheels).toHaveLength(1);
  const [name = '', version = ''] = wheels[0]?.split('-') ?? [];
  return `${name}==${version}`;
}
