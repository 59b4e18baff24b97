/**
 * The platform's gRPC service over a real database: what it serves, to whom, and what a client without our proto
 * finds.
 */

import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { ENDPOINT_KINDS, type Endpoint, PROCESS_STATUSES } from '../../core/endpoints.ts';
import { heartbeatWorker, keepHostSight } from '../../db/index.ts';
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as Serving,
} from '../../proto/generated/grpc/health/v1/health.ts';
import {
  type ServerReflectionRequest,
  type ServerReflectionResponse,
  ServerReflectionService,
} from '../../proto/generated/grpc/reflection/v1/reflection.ts';
import {
  EndpointKind,
  type ListEndpointsResponse,
  ProcessStatus,
} from '../../proto/generated/tempera/v1/endpoints.ts';
import { PlatformClient } from '../../proto/generated/tempera/v1/platform.ts';
import { errorInfoOf } from '../../sandbox-client/status-details.ts';
import { createEndpointWatch } from '../services/endpoint-watch.ts';
import { startTestApi, type TestApi } from '../testing/api-server.ts';
import { call, json } from '../testing/client.ts';
import { LEASES, sightOf } from '../testing/seen-host.ts';
import { toMessage } from './platform.ts';
import { REFLECTION_V1ALPHA } from './reflection.ts';
import { type GrpcServer, startGrpcServer } from './server.ts';

let api: TestApi;
let server: GrpcServer;
let client: PlatformClient;

beforeAll(async () => {
  api = await startTestApi();
  server = await startGrpcServer(api.dependencies, createEndpointWatch(api.dependencies));
  client = new PlatformClient(server.address, credentials.createInsecure());
}, 60_000);
afterAll(async () => {
  client?.close();
  await server?.close();
  await api?.close();
});

const sight = (state: string) => sightOf(state, { level: 'strong', missing: ['cgroups'] });
const seen = (state = 'HEALTHY') => api.db.transaction((tx) => keepHostSight(tx, sight(state), LEASES));

const by = (owner?: string): Metadata => {
  const metadata = new Metadata();
  if (owner !== undefined) metadata.set('x-test-owner', owner);
  return metadata;
};
const list = (kind: EndpointKind = EndpointKind.UNSPECIFIED, metadata = by()) =>
  new Promise<ListEndpointsResponse>((resolve, reject) => {
    client.listEndpoints({ kind }, metadata, (error, response) =>
      error ? reject(error) : resolve(response),
    );
  });

test('endpoints are those of REST, all or of one kind', async () => {
  await seen();
  await heartbeatWorker(api.db, 'worker-1', 'b');
  const { endpoints } = await list();
  const rest = await json<{ endpoints: Endpoint[] }>(call(api, '/api/endpoints'));
  const stable = <T extends { lastHeartbeat: string | undefined }>({ lastHeartbeat: _, ...each }: T) => each;
  expect(endpoints.map(stable)).toEqual(rest.endpoints.map(toMessage).map(stable));
  expect(endpoints[0]).toMatchObject({
    id: 'host-1',
    kind: EndpointKind.SANDBOX_HOST,
    status: ProcessStatus.HEALTHY,
    isolation: { level: 'strong', missing: ['cgroups'] },
  });
  const kinds = new Set(endpoints.map(({ kind }) => kind));
  expect(kinds.size).toBe(ENDPOINT_KINDS.length - 1);
  for (const kind of kinds) {
    const { endpoints: some } = await list(kind);
    expect(some.length).toBeGreaterThan(0);
    expect(some.every((each) => each.kind === kind)).toBe(true);
  }
});

test.each(PROCESS_STATUSES)('the status %s comes as it is', async (state) => {
  await seen(state);
  const { endpoints } = await list(EndpointKind.SANDBOX_HOST);
  expect(endpoints[0]?.status).toBe(ProcessStatus[state]);
});

test('who works on a GPU is told to an operator alone, and a call that REST refuses is refused here', async () => {
  await seen();
  const [operator] = (await list(EndpointKind.GPU)).endpoints;
  expect(operator?.holder).toEqual({ executionId: 's1/1', sessionId: 'session-1', epoch: 6 });
  const [user] = (await list(EndpointKind.GPU, by('ann'))).endpoints;
  expect(user?.holder).toEqual({ executionId: '', sessionId: '', epoch: 6 });
  const page = by();
  page.set('origin', 'https://evil.example');
  const refused: ServiceError = await list(EndpointKind.GPU, page).catch((error) => error);
  expect(refused.code).toBe(status.PERMISSION_DENIED);
  const [details] = refused.metadata.get('grpc-status-details-bin');
  expect(errorInfoOf(details as Buffer)).toMatchObject({ reason: 'WRONG_ORIGIN' });
});

test('a name that is not served here is refused, as by a page that turned its own name to this machine', async () => {
  const rebound = new PlatformClient(server.address, credentials.createInsecure(), {
    'grpc.default_authority': 'evil.example',
  });
  const error = await new Promise<ServiceError | null>((resolve) => {
    rebound.listEndpoints({ kind: EndpointKind.UNSPECIFIED }, (failed) => resolve(failed));
  });
  rebound.close();
  expect(error?.code).toBe(status.PERMISSION_DENIED);
});

test('a watcher gets them at once and again when one changes, not at a mere heartbeat', async () => {
  await seen('HEALTHY');
  const watching = client.watchEndpoints({ kind: EndpointKind.SANDBOX_HOST });
  const statuses: string[] = [];
  try {
    for await (const { endpoints } of watching) {
      statuses.push(endpoints[0]?.status ?? '');
      if (statuses.length === 1) {
        await seen('HEALTHY');
        await seen('STOPPING');
      } else break;
    }
  } finally {
    watching.cancel();
  }
  expect(statuses).toEqual([ProcessStatus.HEALTHY, ProcessStatus.STOPPING]);
});

test('health is told by the platform’s own call and by gRPC’s', async () => {
  const own = await new Promise((resolve, reject) =>
    client.healthCheck({}, (error, response) => (error ? reject(error) : resolve(response))),
  );
  expect(own).toEqual({ status: 'healthy', version: api.dependencies.settings.version });
  const health = new HealthClient(server.address, credentials.createInsecure());
  const check = (service: string) =>
    new Promise((resolve) =>
      health.check({ service }, (error, response) => resolve(error ? error.code : response.status)),
    );
  expect(await check('tempera.v1.Platform')).toBe(Serving.SERVING);
  expect(await check('')).toBe(Serving.SERVING);
  expect(await check('other')).toBe(status.NOT_FOUND);
  health.close();
});

describe('reflection', () => {
  const ask = (path: string, messageRequest: ServerReflectionRequest['messageRequest']) =>
    new Promise<ServerReflectionResponse['messageResponse']>((resolve, reject) => {
      const plain = new Client(server.address, credentials.createInsecure());
      const { requestSerialize, responseDeserialize } = ServerReflectionService.serverReflectionInfo;
      const call = plain.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
      call.on('data', (response: ServerReflectionResponse) => resolve(response.messageResponse));
      call.on('error', reject);
      call.on('end', () => plain.close());
      call.write({ host: '', messageRequest });
      call.end();
    });
  const paths = [
    ServerReflectionService.serverReflectionInfo.path,
    REFLECTION_V1ALPHA.serverReflectionInfo?.path ?? '',
  ];

  test.each(paths)('%s lists the services', async (path) => {
    const answer = await ask(path, { $case: 'listServices', value: '*' });
    expect(answer).toEqual({
      $case: 'listServicesResponse',
      value: {
        service: [
          { name: 'tempera.v1.Platform' },
          { name: 'grpc.health.v1.Health' },
          { name: 'grpc.reflection.v1.ServerReflection' },
        ],
      },
    });
  });

  test('a method’s file comes with all that it imports, and what is not there is said', async () => {
    const [path = ''] = paths;
    const symbol = 'tempera.v1.Platform.WatchEndpoints';
    const answer = await ask(path, { $case: 'fileContainingSymbol', value: symbol });
    const files = answer?.$case === 'fileDescriptorResponse' ? answer.value.fileDescriptorProto : [];
    const text = files.map((file) => file.toString('latin1'));
    // itself, endpoints, decisions, and of Google's own two
    expect(text).toHaveLength(6);
    expect(text[0]).toContain('WatchEndpoints');
    expect(text.some((each) => each.includes('google/protobuf/timestamp.proto'))).toBe(true);
    expect(await ask(path, { $case: 'fileByFilename', value: 'nothing.proto' })).toEqual({
      $case: 'errorResponse',
      value: { errorCode: 5, errorMessage: 'There is no [nothing.proto] here.' },
    });
  });
});
