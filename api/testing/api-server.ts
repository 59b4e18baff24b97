/** The API over a real Postgres and a real S3 server, for tests. Headers x-test-owner and x-test-role tell who asks. */

import { resolve } from 'node:path';
import { createQuestions } from '../../classification/questions/answers.ts';
import { policyFile, readPolicies } from '../../config/index.ts';
import type { AccessKey } from '../../core/access/keys.ts';
import { type LimitsOf, UNLIMITED } from '../../core/access/limits.ts';
import type { PolicySource } from '../../core/access/policies.ts';
import { TemperaError } from '../../core/errors.ts';
import type { ColumnSources } from '../../core/ports/column-sources.ts';
import type { Connections } from '../../core/ports/connections.ts';
import { LOCAL, type Principal, ROLES } from '../../core/principal.ts';
import { credentialSeal } from '../../core/sealed-credentials.ts';
import { createEventHub, type Database, freshWorkers, openConnections } from '../../db/index.ts';
import { startTestPostgres, type TestPostgres } from '../../db/testing/postgres.ts';
import { createFileSamples } from '../../sandbox-client/file-samples.ts';
import { createSandboxHosts } from '../../sandbox-client/hosts.ts';
import { createListedProvider } from '../../sandbox-client/providers/listed.ts';
import { createColumnSources, createOutbound } from '../../sources/index.ts';
import { createBlobStore, createObjectStore, type ObjectStore } from '../../storage/index.ts';
import { startTestS3 } from '../../storage/testing/s3.ts';
import { type Authenticate, authenticateByKey } from '../access/authenticate.ts';
import { createCredentialWatch } from '../access/credential-watch.ts';
import { createManagedKeys } from '../access/managed-keys.ts';
import { createSignIns } from '../access/sign-ins.ts';
import { type App, createApp } from '../app.ts';
import { createAuditLog } from '../audit/audit-log.ts';
import type { ConnectionParts } from '../connection-parts.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { ApiSettings } from '../settings.ts';
import { StartProblems } from '../start-problems.ts';
import { createTemporalGateway, type TemporalGateway } from '../temporal-gateway.ts';
import { TEST_SETTINGS } from './api-settings.ts';
import { createFakeTools, type FakeTools } from './fake-tools.ts';

export interface TestApi {
  url: string;
  app: App;
  db: Database;
  postgres: TestPostgres;
  store: ObjectStore;
  tools: FakeTools;
  dependencies: ApiDependencies;
  /** Keys in the object store below a prefix. */
  keys(prefix: string): Promise<string[]>;
  close(): Promise<void>;
}

export interface TestApiOptions {
  settings?: Partial<ApiSettings>;
  /** host:port of a Temporal server; without it the gateway finds nobody. */
  temporalAddress?: string;
  /** Tables of data sources. Default: those of the bundled adapters. */
  columnSources?: ColumnSources;
  /** Who is let in. Default: whom the headers name. */
  authenticate?: Authenticate;
  /** Keys of the settings; with them, and those that are made, one is let in, and not by headers. */
  keys?: readonly AccessKey[];
  /** Of the settings. */
  connections?: Partial<ConnectionParts>;
  /** Default: nobody is limited. */
  limitsOf?: LimitsOf;
}

/** An API for the tests of a file; `onStart` is handed it before they run. */
export function useTestApi(onStart: (api: TestApi) => unknown): void {
  let api: TestApi | undefined;
  beforeAll(async () => {
    api = await startTestApi();
    await onStart(api);
  }, 60_000);
  afterAll(() => api?.close());
}

/** Starts the servers and listens on a free port. */
export async function startTestApi({
  settings,
  temporalAddress = '127.0.0.1:1',
  columnSources,
  connections: given,
  authenticate: givenAuthenticate,
  keys,
  limitsOf = () => UNLIMITED,
}: TestApiOptions = {}): Promise<TestApi> {
  // a killed server must not lose what it has confirmed
  const durable = { settings: ['synchronous_commit=on'] };
  const [postgres, s3] = await Promise.all([startTestPostgres(durable), startTestS3()]);
  const store = createObjectStore(s3.options);
  const db = postgres.open();
  const chosen = { ...TEST_SETTINGS, ...settings };
  const gateway = testGateway(db, temporalAddress, chosen);
  const tools = createFakeTools(store);
  const hub = createEventHub(db, { pollMilliseconds: 200 });
  const outbound = createOutbound({ allowed: ['127.0.0.1', 'localhost'] });
  const connections = {
    ...noConnections(),
    reach: outbound.resolve,
    seal: credentialSeal('a key of the tests that is long enough'),
    ...given,
  };
  const audit = createAuditLog(db, { gatherMilliseconds: 1, report: () => undefined });
  const signIns = keys && createSignIns(db, keys);
  const dependencies = {
    db,
    store,
    blobs: createBlobStore(store),
    hub,
    gateway,
    tools,
    classifier: createQuestions(chosen.classificationFolder),
    columnSources: columnSources ?? testSources(store, openConnections(db, connections)),
    connections,
    startProblems: new StartProblems(),
    outbound,
    settings: chosen,
    authenticate:
      givenAuthenticate ??
      (keys && signIns ? authenticateByKey({ keys, managed: createManagedKeys(db), signIns }) : byHeaders),
    ...(signIns && { signIns }),
    policies: testPolicies(),
    limitsOf,
    audit,
    credentials: createCredentialWatch(db, hub),
  };
  const app = createApp(dependencies);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    ...{ url, app, db, postgres, store, tools, dependencies },
    keys: async (prefix) => (await store.list(prefix, { limit: 1_000 })).items.map((item) => item.key),
    async close() {
      dependencies.credentials.close();
      await app.close();
      await audit.close();
      await Promise.allSettled([hub.close(), gateway.close()]);
      store.close();
      await Promise.allSettled([postgres.stop(), s3.stop()]);
    },
  };
}

/** Those of the repository. */
export function testPolicies(): PolicySource {
  const policies = readPolicies(policyFile(resolve('.')));
  return { current: () => policies };
}

/** None of the settings, and no key. */
export const noConnections = (): ConnectionParts => ({
  reach: createOutbound({ allowed: [] }).resolve,
  ...{ configured: [], problems: [], seal: null, probes: new Map() },
});

/** Every adapter; what needs a sandbox finds none. */
function testSources(store: ObjectStore, connections: Connections): ColumnSources {
  const hosts = createSandboxHosts(
    createListedProvider({ provider: 'local', addresses: [], token: 'none', tls: null }),
  );
  return createColumnSources({
    ...{
      sampleFolder: resolve('classification', 'sample'),
      folders: [],
      bucket: 'tempera',
      store,
      connections,
    },
    makeStore: (address) => createObjectStore({ ...address, attempts: 1 }),
    samples: createFileSamples(hosts, { fileBytes: 1_000_000, unpackedBytes: 1_000_000 }),
  });
}

function testGateway(db: Database, address: string, settings: ApiSettings): TemporalGateway {
  return createTemporalGateway({
    address,
    namespace: 'default',
    apiKey: null,
    commandTimeoutSeconds: settings.commandTimeoutSeconds,
    waitingCommands: settings.waitingCommands,
    freshWorkers: () => freshWorkers(db, settings.workerLostSeconds),
  });
}

function byHeaders({ headers }: { headers: Record<string, unknown> }): Principal {
  const owner = headers['x-test-owner'];
  if (owner === undefined) return LOCAL;
  if (typeof owner !== 'string') throw new TemperaError('FORBIDDEN', 'one owner');
  return { id: owner, role: ROLES.find((role) => role === headers['x-test-role']) ?? 'user' };
}
