/** Builds the api's real parts from the settings. Nothing is asked of them yet: each may still be starting. */

import { join } from 'node:path';
import { createThreadedQuestions } from '../classification/questions/in-thread.ts';
import {
  type Config,
  configuredConnections,
  configuredKeys,
  connectedParts,
  connectionHosts,
  createPolicyReader,
  policyFile,
  temporalTls,
} from '../config/index.ts';
import { limitsByPolicy } from '../core/access/limits.ts';
import { logLine } from '../core/redaction.ts';
import { credentialSeal } from '../core/sealed-credentials.ts';
import { createDatabase, createEventHub, freshWorkers, openConnections } from '../db/index.ts';
import { createColumnSources, createOutbound } from '../sources/index.ts';
import { createBlobStore, createObjectStore } from '../storage/index.ts';
import { authenticateByKey, authenticateLocal } from './access/authenticate.ts';
import { createCredentialWatch } from './access/credential-watch.ts';
import { createManagedKeys } from './access/managed-keys.ts';
import { createSignIns } from './access/sign-ins.ts';
import { createApp } from './app.ts';
import { createAuditLog } from './audit/audit-log.ts';
import type { ConnectionParts } from './connection-parts.ts';
import { startGrpcServer } from './grpc/server.ts';
import { connectTools } from './sandbox.ts';
import { registerAnnotations } from './services/classification/annotations.ts';
import { registerBundled } from './services/classification/bundled.ts';
import { probeConfigured } from './services/connections.ts';
import { createEndpointWatch } from './services/endpoint-watch.ts';
import { finishRemovals } from './services/removal.ts';
import { apiSettings } from './settings.ts';
import { StartProblems } from './start-problems.ts';
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
  const connections = connectionParts(config);
  const outbound = createOutbound({ allowed: config.outbound.allowedHosts });
  const columnSources = createColumnSources({
    ...{ sampleFolder: join(config.root, 'classification', 'sample'), folders: config.sources.folders },
    ...{ bucket: config.s3.bucket, store, samples: sandbox.samples },
    makeStore: (address) => createObjectStore({ ...address, attempts: 2 }),
    connections: openConnections(db, connections),
  });
  const policies = createPolicyReader(policyFile(config.root), {
    warn: (message) => logEvent({ level: 'warn', what: 'policies', message }),
  });
  const audit = createAuditLog(db, { report: (event) => logEvent({ level: 'error', ...event }) });
  const keys = configuredKeys(config);
  const signIns = createSignIns(db, keys);
  const dependencies = {
    ...{ db, store, blobs, hub, gateway, tools, classifier, columnSources, connections, settings },
    startProblems: new StartProblems(),
    outbound,
    authenticate: settings.keysRequired
      ? authenticateByKey({ keys, managed: createManagedKeys(db), signIns })
      : authenticateLocal,
    ...(settings.keysRequired && { signIns }),
    credentials: createCredentialWatch(db, hub),
    ...{ policies, limitsOf: limitsByPolicy(policies), audit },
  };
  const app = createApp(dependencies);
  const grpc = await startGrpcServer(dependencies, createEndpointWatch(dependencies));
  const url = await app.listen({ host: settings.host, port: settings.port });
  // in the background: what does not answer keeps nobody waiting
  probeConfigured(dependencies, logEvent).catch((error: unknown) =>
    logEvent({ level: 'error', what: 'connection', message: String(error) }),
  );
  const closing = new AbortController();
  const tell = (event: object) => logEvent({ level: 'warn', ...event });
  const registered = Promise.all([
    registerBundled(dependencies, closing.signal, tell),
    registerAnnotations(dependencies, closing.signal, tell),
    finishRemovals(dependencies, closing.signal, tell),
  ]);
  return {
    address: new URL(url).host,
    grpcAddress: grpc.address,
    async close() {
      closing.abort();
      policies.close();
      dependencies.credentials.close();
      await Promise.all([app.close(), grpc.close(), registered]);
      await audit.close();
      sandbox.close();
      store.close();
      await Promise.allSettled([hub.close(), gateway.close()]);
      await db.close();
    },
  };
}

const logEvent = (event: object): void => console.error(logLine(event));

function connectionParts(config: Config): ConnectionParts {
  const { connections: configured, problems } = configuredConnections(config);
  const { credentialsKey } = config.sources;
  const seal = credentialsKey === null ? null : credentialSeal(credentialsKey);
  const { resolve: reach } = createOutbound({ allowed: connectionHosts(config) });
  return { configured, problems, seal, reach, probes: new Map() };
}
