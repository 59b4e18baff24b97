/** Preflight against real servers: what it lets pass works, and what does not is named with its setting. */

import { homedir } from 'node:os';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { startTestPostgres, type TestPostgres } from '../db/testing/postgres.ts';
import { startTestS3, type TestS3 } from '../storage/testing/s3.ts';
import { loadConfig, runPreflight } from './index.ts';

const PYTHON = process.env.TEMPERA_PYTHON || 'python3';

describe('preflight of servers of one’s own', () => {
  let postgres: TestPostgres;
  let s3: TestS3;
  let temporal: TestWorkflowEnvironment;
  beforeAll(async () => {
    const path = process.env.TEMPERA_TEMPORAL || join(homedir(), '.cache/tempera/bin/temporal');
    [postgres, s3, temporal] = await Promise.all([
      startTestPostgres(),
      startTestS3(),
      TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path } } }),
    ]);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([postgres?.stop(), s3?.stop(), temporal?.teardown()]);
  }, 60_000);

  async function denied(changed: Record<string, string> = {}): Promise<[string, string][]> {
    const config = await loadConfig(
      {
        TEMPERA_PORT: '0',
        DATABASE_URL: postgres.url,
        S3_ENDPOINT: s3.options.endpoint,
        S3_ACCESS_KEY: s3.options.accessKey,
        S3_SECRET_KEY: s3.options.secretKey,
        TEMPORAL_ADDRESS: temporal.address,
        TEMPERA_PYTHON: PYTHON,
        ...changed,
      },
      { root: process.cwd() },
    );
    const checks = await runPreflight(config);
    return checks.filter(({ level }) => level === 'deny').map(({ about, message }) => [about, message]);
  }

  test('nothing stands in the way of what works, and a bucket that is missing is made', async () => {
    expect(await denied({ S3_BUCKET: 'another' })).toEqual([]);
  }, 60_000);

  test.each<[string, string, string, RegExp]>([
    ['TEMPORAL_NAMESPACE', 'nowhere', 'temporal.namespace', /namespace 'nowhere'/],
    ['S3_SECRET_KEY', 'wrong', 's3.secretKey', /do not write to the bucket 'tempera'/],
    ['TEMPERA_PYTHON', process.execPath, 'programs.python', /does not start as the sandbox needs it/],
    ['TEMPERA_PYTHON', '/nowhere/python', 'programs.python', /cannot be run/],
    ['S3_ENDPOINT', 'http://127.0.0.1:1', 's3.endpoint', /cannot be reached/],
  ])(
    '%s=%s is denied at its setting',
    async (variable, value, about, words) => {
      expect(await denied({ [variable]: value })).toEqual([[about, expect.stringMatching(words)]]);
    },
    60_000,
  );

  test('a database that refuses is denied, without its password', async () => {
    const url = new URL(postgres.url);
    url.pathname = '/nowhere';
    const found = await denied({ DATABASE_URL: url.toString() });
    expect(found).toEqual([['database.url', expect.stringMatching(/refuses .*nowhere/)]]);
  }, 60_000);

  test('a user who may not make tables is denied', async () => {
    const database = postgres.open();
    await database.query(`create role reader login password 'reader'`);
    const url = new URL(postgres.url);
    Object.assign(url, { username: 'reader', password: 'reader' });
    expect(await denied({ DATABASE_URL: url.toString() })).toEqual([
      ['database.url', 'Its user may not make tables.'],
    ]);
  }, 60_000);
});
