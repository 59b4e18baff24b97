/** Classification by gRPC over the real workflow: a run started once, its status, sources and datasets, and to whom. */

import { credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { newId } from '../../core/ids.ts';
import { PlatformClient } from '../../proto/generated/tempera/v1/platform.ts';
import { errorInfoOf } from '../../sandbox-client/status-details.ts';
import { fixedTables } from '../../sources/testing/fixed-tables.ts';
import { until } from '../../tests/platform/wait.ts';
import { createEndpointWatch } from '../services/endpoint-watch.ts';
import { type ClassifyingApi, startClassifyingApi } from '../testing/classification.ts';
import { storeRun } from '../testing/stored-run.ts';
import { type GrpcServer, startGrpcServer } from './server.ts';

const TABLES = { sample: { clients: { email: ['ada@example.com'] } } };
let classifying: ClassifyingApi;
let server: GrpcServer;
let client: PlatformClient;
let letGo = (): void => undefined;
const held = new Promise<void>((resolve) => {
  letGo = resolve;
});

beforeAll(async () => {
  classifying = await startClassifyingApi(fixedTables(TABLES, async () => await held));
  const { dependencies } = classifying.api;
  server = await startGrpcServer(dependencies, createEndpointWatch(dependencies));
  client = new PlatformClient(server.address, credentials.createInsecure());
  await classifying.work();
}, 120_000);
afterAll(async () => {
  client?.close();
  await server?.close();
  await classifying?.close();
}, 60_000);

function by(more: Record<string, string> = {}): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(more)) metadata.set(name, value);
  return metadata;
}

type Answer<T> = (error: ServiceError | null, response: T) => void;
const answered = <T>(ask: (answer: Answer<T>) => unknown): Promise<T> =>
  new Promise((resolve, reject) => ask((error, response) => (error ? reject(error) : resolve(response))));

const start = (metadata = by(), settings?: Record<string, unknown>) =>
  answered<{ runId: string; state: string }>((answer) =>
    client.startClassification({ sourceId: '', settings }, metadata, answer),
  );
const statusOf = (sourceId = '', metadata = by()) =>
  answered<{ runId: string; state: string; startedAt?: string | undefined; progressJson: string }>((answer) =>
    client.getFsmStatus({ sourceId }, metadata, answer),
  );
const infoOf = ({ metadata }: ServiceError) =>
  errorInfoOf(Buffer.from(metadata.get('grpc-status-details-bin')[0] ?? ''));
const refusalOf = async (asked: Promise<unknown>): Promise<ServiceError> =>
  await asked.then(
    () => Promise.reject(new Error('it was not refused')),
    (refused) => refused,
  );

test('a run is started once a key, its status told, and a second start names it', async () => {
  await storeRun(classifying.api);
  expect(await statusOf()).toMatchObject({ runId: '', state: 'IDLE', progressJson: '{}' });
  const key = by({ 'idempotency-key': newId() });
  const { runId } = await start(key, { seed: 7 });
  expect((await start(key, { seed: 7 })).runId).toBe(runId);
  const second = await refusalOf(start());
  expect(second.code).toBe(status.ALREADY_EXISTS);
  expect(infoOf(second)).toMatchObject({ reason: 'ALREADY_RUNNING', metadata: { run_id: runId } });
  const unknown = await refusalOf(start(by(), { colour: 1 }));
  expect([unknown.code, unknown.details]).toEqual([
    status.INVALID_ARGUMENT,
    expect.stringContaining('colour'),
  ]);
  letGo();
  await until('the run has ended', async () => ['CONVERGED', 'STOPPED'].includes((await statusOf()).state));
  const ended = await statusOf();
  expect([ended.runId, JSON.parse(ended.progressJson).columns_fused]).toEqual([runId, 1]);
  expect(new Date(ended.startedAt ?? '').getTime()).not.toBeNaN();
  const { datasets } = await answered<{ datasets: { id: string }[] }>((answer) =>
    client.listDatasets({ sourceId: 'sample' }, by(), answer),
  );
  expect(datasets).toMatchObject([{ id: runId, versionNumber: 1, isActive: true, sourceId: 'sample' }]);
}, 60_000);

test('sources are the caller’s and shared ones; another’s is absent, and a reader starts none', async () => {
  const { source } = await storeRun(classifying.api, {
    owner: { id: 'ann', role: 'user' },
    scope: 'private',
  });
  const seen = async (owner: string) => {
    const { dataSources } = await answered<{ dataSources: { id: string }[] }>((answer) =>
      client.listDataSources({}, by({ 'x-test-owner': owner }), answer),
    );
    return dataSources.map(({ id }) => id);
  };
  expect(await seen('ann')).toEqual(expect.arrayContaining([source, 'sample']));
  expect(await seen('bob')).not.toContain(source);
  const other = await refusalOf(statusOf(source, by({ 'x-test-owner': 'bob' })));
  expect(other.code).toBe(status.NOT_FOUND);
  const reader = await refusalOf(start(by({ 'x-test-owner': 'rita', 'x-test-role': 'readonly' })));
  expect(reader.code).toBe(status.PERMISSION_DENIED);
});
