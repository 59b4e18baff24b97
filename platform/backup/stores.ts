/** Postgres and object store: of a platform that runs, or started alone for as long as something is restored. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Config, Environment } from '../../config/index.ts';
import { TemperaError } from '../../core/errors.ts';
import { type Database, createDatabase as openDatabase } from '../../db/index.ts';
import { createObjectStore, type ObjectStore } from '../../storage/index.ts';
import type { PlatformContext } from '../supervisor/context.ts';
import { objectServerPart } from '../supervisor/embedded-servers.ts';
import { openHome } from '../supervisor/home.ts';
import { connectionVariables, embeddedParts } from '../supervisor/own-processes.ts';
import { readPlatformStatus } from '../supervisor/platform-status.ts';
import { choosePorts } from '../supervisor/ports.ts';
import { createDatabase, initializePostgres, postgresPart } from '../supervisor/postgres-server.ts';
import { type WatchedPart, WatchedProcess } from '../supervisor/watched-process.ts';

export interface Stores {
  database: Database;
  objects: ObjectStore;
}

/** One statement may read a whole table. */
const STATEMENT_MILLISECONDS = 3_600_000;

/** The stores of what runs; with addresses in the settings nothing of ours has to. @throws TemperaError CONFLICT */
export async function withRunning<T>(config: Config, work: (stores: Stores) => Promise<T>): Promise<T> {
  const { postgres, s3 } = embeddedParts({ config });
  const file = join(config.home, 'tempera.env');
  if ((postgres || s3) && (readPlatformStatus(config.home) === null || !existsSync(file)))
    throw new TemperaError('CONFLICT', 'The platform does not run. Start it first: npm start -- start');
  const variables = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return await opened(config, variables, work);
}

/** Starts what has no address, in an own home that nothing else runs in, and ends it again. */
export async function withStarted<T>(
  config: Config,
  environment: Environment,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  const home = openHome(config.home);
  const ports = await choosePorts(home.path('ports.json'), { preferred: false });
  const context: PlatformContext = { config, environment, home, ports };
  const embedded = embeddedParts(context);
  const running: WatchedProcess[] = [];
  const start = async (part: WatchedPart) => {
    const guardFile = join(config.root, 'platform', 'guard.mjs');
    const watched = new WatchedProcess(part, { ...config.timing, guardFile });
    running.push(watched);
    watched.start();
    await watched.healthy;
  };
  try {
    if (embedded.postgres) {
      await initializePostgres(context);
      await start(postgresPart(context));
      await createDatabase(context);
    }
    if (embedded.s3) await start(objectServerPart(context));
    return await opened(config, connectionVariables(context, embedded), work);
  } finally {
    await Promise.all(running.map((each) => each.stop()));
  }
}

async function opened<T>(
  { database, s3 }: Config,
  variables: Record<string, string | undefined>,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  const db = openDatabase({
    url: database.url ?? variables.DATABASE_URL ?? '',
    ...{ poolSize: 2, statementTimeoutMilliseconds: STATEMENT_MILLISECONDS },
  });
  const objects = createObjectStore({
    ...{ endpoint: s3.endpoint ?? variables.S3_ENDPOINT ?? '', region: s3.region, bucket: s3.bucket },
    accessKey: s3.accessKey ?? variables.S3_ACCESS_KEY ?? '',
    secretKey: s3.secretKey ?? variables.S3_SECRET_KEY ?? '',
  });
  try {
    return await work({ database: db, objects });
  } finally {
    objects.close();
    await db.close();
  }
}
