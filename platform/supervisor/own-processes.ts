/** Our own processes: worker and api, with every address in their environment. */

import { join } from 'node:path';
import { reachedAt } from '../../config/index.ts';
import { createDatabase, freshWorkers } from '../../db/index.ts';
import { type PlatformContext, spawnRequest } from './context.ts';
import { embeddedDatabaseUrl } from './postgres-server.ts';
import { httpProbe } from './probes.ts';
import type { WatchedPart } from './watched-process.ts';

/** Milliseconds that a question to the database may take. */
const ANSWERS_SOON = { connectTimeoutMilliseconds: 2_000, statementTimeoutMilliseconds: 2_000 };

/** Which parts have no address configured and are therefore started here. */
export interface Embedded {
  postgres: boolean;
  temporal: boolean;
  s3: boolean;
  sandbox: boolean;
}

export function embeddedParts({ config }: Pick<PlatformContext, 'config'>): Embedded {
  return {
    postgres: config.database.url === null,
    temporal: config.temporal.address === null,
    s3: config.s3.endpoint === null,
    sandbox: config.sandbox.provider === 'local' && config.sandbox.address === null,
  };
}

/** The variables by which a process of ours finds every part; over those that the platform was started with. */
export function connectionVariables(context: PlatformContext, embedded: Embedded): Record<string, string> {
  const { config, home, ports } = context;
  return {
    TEMPERA_ROOT: config.root,
    TEMPERA_HOME: home.folder,
    TEMPERA_PORT: String(apiPort(context)),
    TEMPERA_GRPC_PORT: String(grpcPort(context)),
    ...(embedded.postgres ? { DATABASE_URL: embeddedDatabaseUrl(context) } : {}),
    ...(embedded.temporal ? { TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}` } : {}),
    ...(embedded.s3
      ? {
          S3_ENDPOINT: `http://127.0.0.1:${ports.s3}`,
          S3_ACCESS_KEY: home.secrets.s3AccessKey,
          S3_SECRET_KEY: home.secrets.s3SecretKey,
        }
      : {}),
    ...(config.sources.credentialsKey === null
      ? { TEMPERA_CREDENTIALS_KEY: home.secrets.credentialsKey }
      : {}),
    ...(config.access.localKey === null ? { TEMPERA_LOCAL_KEY: home.secrets.localKey } : {}),
    S3_BUCKET: config.s3.bucket,
    S3_REGION: config.s3.region,
    ...(embedded.sandbox
      ? { SANDBOX_ADDRESS: `127.0.0.1:${ports.sandbox}`, SANDBOX_TOKEN: home.secrets.sandboxToken }
      : {}),
  };
}

/** The port of UI and REST: the configured one, or where that is 0 the one that this home keeps. */
export function apiPort({ config, ports }: PlatformContext): number {
  return config.port === 0 ? ports.api : config.port;
}

/** The port of the gRPC service: the configured one, or where neither is configured the one that this home keeps. */
export function grpcPort({ config, ports }: PlatformContext): number {
  return config.grpcPort === 0 ? ports.grpc : config.grpcPort;
}

export const apiUrl = (context: PlatformContext): string =>
  `http://${reachedAt(context.config.host)}:${apiPort(context)}`;

export function apiPart(context: PlatformContext, variables: Record<string, string>): WatchedPart {
  const probe = httpProbe(`${apiUrl(context)}/api/live`, (status) => status === 200);
  return nodePart(context, { name: 'api', address: apiUrl(context), probe, variables });
}

/** Nobody calls a worker: it is well while heartbeats of one are in the database. */
export function workerPart(context: PlatformContext, variables: Record<string, string>): WatchedPart {
  const { config } = context;
  const url = config.database.url ?? embeddedDatabaseUrl(context);
  // one connection for all questions, and one attempt for each: the next question is the repetition
  const database = createDatabase({ url, poolSize: 1, attempts: 1, ...ANSWERS_SOON });
  const probe = async () => {
    if ((await freshWorkers(database, config.timing.workerLostSeconds)) === 0) {
      throw new Error('no worker has told for a while that it lives');
    }
  };
  return nodePart(context, { name: 'worker', address: null, probe, variables });
}

function nodePart(
  context: PlatformContext,
  part: Pick<WatchedPart, 'name' | 'address' | 'probe'> & { variables: Record<string, string> },
): WatchedPart {
  const { variables, ...rest } = part;
  return {
    ...rest,
    server: spawnRequest(context, {
      name: part.name,
      command: process.execPath,
      arguments: ['--enable-source-maps', join(context.config.root, 'build', `${part.name}.mjs`)],
      environment: { ...context.environment, ...variables },
    }),
  };
}
