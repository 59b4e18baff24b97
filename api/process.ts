/** Builds the api's real parts from the settings. Nothing is asked of them yet: each may still be starting. */

import { join } from 'node:path';
import { createThreadedQuestions } from '../classification/questions/in-thread.ts';
import { type Config, connectedParts, temporalTls } from '../config/index.ts';
import { createDatabase, createEventHub, freshWorkers } from '../db/index.ts';
import { sourcesByType } from '../sources/index.ts';
import { createBlobStore, createObjectStore } from '../storage/index.ts';
import { authenticateLocal, createApp } from './app.ts';
import { startGrpcServer } from './grpc/server.ts';
import { connectTools } from './sandbox.ts';
import { registerBundled } from './services/classification/bundled.ts';
import { createEndpointWatch } from './services/endpoint-watch.ts';
import { apiSettings } from './settings.ts';
import { createTemporalGateway } from './temporal-gateway.ts';

export interface ApiProcess {
  /** host:port it listens on. */
  address: string;
  /** host:port of the gRPC service. */
  grpcAddress: string;
  close(): Promise<void>;
}

/** Starts to listen. @throws when the port is taken */
export async function apiProcess(config: Config, version: string): Promise<ApiProcess> {
  const parts = connectedParts(config);
  const settings = apiSettings(config, version);
  const db = createDatabase({ url: parts.databaseUrl, poolSize: config.database.poolSize });
  const store = createObjectStore(parts.s3);
  const blobs = createBlobStore(store);
  const hub = createEventHub(db, { pollMilliseconds: config.timing.readerPollMilliseconds });
  const gateway = createTemporalGateway({
    address: parts.temporalAddress,
    namespace: config.temporal.namespace,
    apiKey: config.temporal.apiKey,
    tls: await temporalTls(config),
    commandTimeoutSeconds: settings.commandTimeoutSeconds,
    waitingCommands: settings.waitingCommands,
    freshWorkers: () => freshWorkers(db, settings.workerLostSeconds),
  });
  const sandbox = connectTools(parts.sandbox, { db, store, blobs }, config.limits);
  const { tools } = sandbox;
  const classifier = createThreadedQuestions(join(config.root, 'build', 'questions.mjs'), {
    folder: settings.classificationFolder,
  });
  const columnSources = sourcesByType({});
  const dependencies = {
    ...{ db, store, blobs, hub, gateway, tools, classifier, columnSources, settings },
    authenticate: authenticateLocal,
  };
  const app = createApp(dependencies);
  const grpc = await startGrpcServer(dependencies, createEndpointWatch(dependencies));
  const url = await app.listen({ host: settings.host, port: settings.port });
  const closing = new AbortController();
  const registered = registerBundled(dependencies, closing.signal, (event) =>
    console.error(JSON.stringify({ level: 'warn', ...event })),
  );
  return {
    address: new URL(url).host,
    grpcAddress: grpc.address,
    async close() {
      closing.abort();
      await Promise.all([app.close(), grpc.close(), registered]);
      sandbox.close();
      store.close();
      await Promise.allSettled([hub.close(), gateway.close()]);
      await db.close();
    },
  };
}
