/**
 * Preflight of what the platform stands on, by doing what the platform will do: Python starts, the database lets tables
 * be made, the namespace is there, the keys of S3 write. Their libraries are loaded only where a part is configured.
 */

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readEnvironment } from './load.ts';
import { deny, type PreflightCheck, wordsOf } from './preflight-check.ts';
import type { Config } from './schema.ts';
import { temporalTls } from './temporal-tls.ts';

const PYTHONS = ['3.11', '3.12', '3.13'];
const PYTHON_SECONDS = 30;
const OLDEST_POSTGRES = 150_000;

/** A library when it is needed: loading these takes longer than most commands. Its type is that of its declaration. */
const libraryOf = (root: string, name: string) => createRequire(join(root, 'package.json'))(name);

/** Programs of the parts that this machine runs itself. */
export async function checkPrograms(config: Config): Promise<PreflightCheck[]> {
  const { programs, temporal, s3, sandbox } = config;
  const local = sandbox.provider === 'local' && sandbox.address === null;
  return [
    ...(temporal.address === null
      ? programThere('programs.temporal', 'TEMPERA_TEMPORAL', programs.temporal)
      : []),
    ...(s3.endpoint === null
      ? programThere('programs.versitygw', 'TEMPERA_VERSITYGW', programs.versitygw)
      : []),
    ...(local ? await checkPython(config) : []),
  ];
}

function programThere(about: string, variable: string, program: string | null): PreflightCheck[] {
  const remedy = `\`npm start\` finds or fetches it; else set ${variable} to the program.`;
  if (program === null) return deny(about, 'The program is not known.', remedy);
  // a name alone is looked for on the PATH when it is started
  if (!program.includes('/')) return [];
  try {
    accessSync(program, constants.X_OK);
    return [];
  } catch (error) {
    return deny(about, `${program} cannot be run (${wordsOf(error)}).`, remedy);
  }
}

/** It starts, is of a version that the sandbox knows, and has the packages of the sandbox host. */
async function checkPython({ root, programs }: Config): Promise<PreflightCheck[]> {
  const about = 'programs.python';
  const there = programThere(about, 'TEMPERA_PYTHON', programs.python);
  if (there.length > 0 || programs.python === null) return there;
  const program = 'import sys, grpc, numpy, tempera_sandbox; print("%d.%d" % sys.version_info[:2])';
  const remedy =
    '`npm start` makes one that fits; unset TEMPERA_PYTHON, or set it to a Python 3.11 to ' +
    '3.13 with the packages of sandbox/requirements.lock.';
  try {
    const { stdout } = await promisify(execFile)(programs.python, ['-c', program], {
      env: {
        PATH: readEnvironment(root).PATH ?? '/usr/bin:/bin',
        PYTHONPATH: join(root, 'sandbox'),
        PYTHONDONTWRITEBYTECODE: '1',
      },
      timeout: PYTHON_SECONDS * 1_000,
    });
    const version = stdout.trim();
    return PYTHONS.includes(version) ? [] : deny(about, `${programs.python} is Python ${version}.`, remedy);
  } catch (error) {
    const output =
      typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr) : '';
    const last = output.trim().split('\n').at(-1) || wordsOf(error);
    return deny(about, `${programs.python} does not start as the sandbox needs it (${last}).`, remedy);
  }
}

/** The user may make tables in a Postgres that is new enough. */
export async function checkDatabase(
  { database, root }: Config,
  milliseconds: number,
): Promise<PreflightCheck[]> {
  if (database.url === null) return [];
  const pg: typeof import('pg') = libraryOf(root, 'pg');
  const client = new pg.Client({ connectionString: database.url, connectionTimeoutMillis: milliseconds });
  client.on('error', () => undefined); // the query rejects as well
  try {
    await client.connect();
    const { rows } = await client.query(
      `select current_setting('server_version_num')::int as version,
        has_schema_privilege(current_user, coalesce(current_schema(), 'public'), 'create') as may`,
    );
    const [{ version, may }] = rows;
    if (version < OLDEST_POSTGRES)
      return deny(
        'database.url',
        `It is Postgres ${Math.floor(version / 10_000)}.`,
        'Use Postgres 15 or newer.',
      );
    return may
      ? []
      : deny(
          'database.url',
          'Its user may not make tables.',
          'Grant it CREATE on the schema, or name another user.',
        );
  } catch (error) {
    return deny(
      'database.url',
      `The database refuses (${wordsOf(error)}).`,
      'Mend DATABASE_URL: user, password, database.',
    );
  } finally {
    await client.end().catch(() => undefined); // it may never have been connected
  }
}

/** The namespace is there and may be used. */
export async function checkNamespace(config: Config, milliseconds: number): Promise<PreflightCheck[]> {
  const { address, namespace, apiKey } = config.temporal;
  if (address === null) return [];
  const { Connection }: typeof import('@temporalio/client') = libraryOf(config.root, '@temporalio/client');
  const tls = await temporalTls(config).catch((error: unknown) => wordsOf(error));
  if (typeof tls === 'string') return deny('temporal.tls', tls, 'docs/configuration.md names the settings.');
  let connection: Awaited<ReturnType<typeof Connection.connect>> | null = null;
  try {
    connection = await Connection.connect({
      address,
      connectTimeout: milliseconds,
      tls,
      ...(apiKey === null ? {} : { apiKey, metadata: { 'temporal-namespace': namespace } }),
    });
    const { workflowService } = connection;
    await connection.withDeadline(Date.now() + milliseconds, () =>
      workflowService.describeNamespace({ namespace }),
    );
    return [];
  } catch (error) {
    return deny(
      'temporal.namespace',
      `The Temporal server at ${address} does not give the namespace '${namespace}' (${wordsOf(error)}).`,
      `Make it with: temporal operator namespace create --namespace ${namespace}, or mend ` +
        'TEMPORAL_NAMESPACE, TEMPORAL_API_KEY or the TLS settings.',
    );
  } finally {
    await connection?.close();
  }
}

/** The keys write, read and delete in the bucket, which is made where it is missing. */
export async function checkObjectStore(
  { s3, root }: Config,
  milliseconds: number,
): Promise<PreflightCheck[]> {
  if (s3.endpoint === null) return [];
  if (s3.accessKey === null || s3.secretKey === null)
    return deny(
      's3.accessKey',
      'The S3 server has an address and no keys.',
      'Set S3_ACCESS_KEY and S3_SECRET_KEY.',
    );
  const aws: typeof import('@aws-sdk/client-s3') = libraryOf(root, '@aws-sdk/client-s3');
  const { S3Client, CreateBucketCommand, DeleteObjectCommand, HeadBucketCommand, PutObjectCommand } = aws;
  const client = new S3Client({
    endpoint: s3.endpoint,
    region: s3.region,
    forcePathStyle: true,
    credentials: { accessKeyId: s3.accessKey, secretAccessKey: s3.secretKey },
    maxAttempts: 1,
  });
  const options = () => ({ abortSignal: AbortSignal.timeout(milliseconds) });
  const place = { Bucket: s3.bucket, Key: `preflight/${randomUUID()}` };
  try {
    await client.send(new HeadBucketCommand({ Bucket: s3.bucket }), options()).catch(async () => {
      await client.send(new CreateBucketCommand({ Bucket: s3.bucket }), options());
    });
    await client.send(new PutObjectCommand({ ...place, Body: 'preflight' }), options());
    await client.send(new DeleteObjectCommand(place), options());
    return [];
  } catch (error) {
    return deny(
      's3.secretKey',
      `The keys do not write to the bucket '${s3.bucket}' (${wordsOf(error)}).`,
      'Mend S3_ACCESS_KEY, S3_SECRET_KEY or S3_BUCKET, or give the keys the right to write there.',
    );
  } finally {
    client.destroy();
  }
}
