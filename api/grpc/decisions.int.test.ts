/** The ledger by gRPC over a real database: the rows and refusals of REST, and to whom. */

import { credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Decision } from '../../core/decisions.ts';
import { newId } from '../../core/ids.ts';
import type { Session } from '../../core/records.ts';
import { insertDecisions } from '../../db/index.ts';
import type {
  ChangeDecisionsRequest,
  ChangeDecisionsResponse,
  ListDecisionsResponse,
} from '../../proto/generated/tempera/v1/decisions.ts';
import { PlatformClient } from '../../proto/generated/tempera/v1/platform.ts';
import { errorInfoOf } from '../../sandbox-client/status-details.ts';
import { createEndpointWatch } from '../services/endpoint-watch.ts';
import { startTestApi, type TestApi } from '../testing/api-server.ts';
import { call, json, newSession } from '../testing/client.ts';
import { toMessage } from './decisions.ts';
import { type GrpcServer, startGrpcServer } from './server.ts';

let api: TestApi;
let server: GrpcServer;
let client: PlatformClient;
let session: Session;

beforeAll(async () => {
  api = await startTestApi();
  server = await startGrpcServer(api.dependencies, createEndpointWatch(api.dependencies));
  client = new PlatformClient(server.address, credentials.createInsecure());
  session = await newSession(api, 'ann');
  const row = { session_id: session.id, stage: 'eda' as const, run: null, by: 'person' as const };
  const alternatives = [{ value: null, changes: 'rows are dealt one by one' }];
  const evidence = { by_rows: 0.93, query: 'SELECT 1', nested: [{ a: null }] };
  const explained = { alternatives, evidence, confidence: 0, reason: 'birds of an island are alike' };
  await api.db.transaction((tx) =>
    insertDecisions(tx, [
      { ...row, id: newId(), key: 'split.by', value: null },
      { ...row, id: newId(), key: 'split.by', value: 'mass', ...explained },
      { ...row, id: newId(), key: 'thresholds', value: { low: 1.5, names: ['a', true] }, run: 1, by: 'rule' },
      { ...row, id: newId(), key: 'metric', value: 'accuracy', stage: 'train', queued: true },
    ]),
  );
}, 60_000);
afterAll(async () => {
  client?.close();
  await server?.close();
  await api?.close();
});

function by(owner: string, more: Record<string, string> = {}): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries({ 'x-test-owner': owner, ...more })) metadata.set(name, value);
  return metadata;
}
const READONLY = { 'x-test-role': 'readonly' };

const list = (history: boolean, metadata = by('ann')) =>
  new Promise<ListDecisionsResponse>((resolve, reject) => {
    client.listDecisions({ sessionId: session.id, history }, metadata, (error, response) =>
      error ? reject(error) : resolve(response),
    );
  });
interface Asked {
  key: string;
  value?: unknown;
  withdraw?: boolean;
}
type ChangeRequest = Omit<ChangeDecisionsRequest, 'changes'> & { changes: Asked[] };
const change = ({ changes = [], ...request }: Partial<ChangeRequest>, metadata = by('ann')) =>
  new Promise<ChangeDecisionsResponse>((resolve, reject) => {
    const usual = { sessionId: session.id, how: '', dryRun: false };
    const listed = changes.map(({ key, value, withdraw = false }) => ({ key, value, withdraw }));
    client.changeDecisions({ ...usual, ...request, changes: listed }, metadata, (error, response) =>
      error ? reject(error) : resolve(response),
    );
  });
const refusalOf = async (asked: Promise<unknown>): Promise<[status, string]> => {
  const error: ServiceError = await asked.then(
    () => Promise.reject(new Error('it was not refused')),
    (refused) => refused,
  );
  const [details] = error.metadata?.get('grpc-status-details-bin') ?? [];
  return [error.code, errorInfoOf(details as Buffer)?.reason ?? ''];
};

test.each([false, true])('the rows are those of REST, with history %s', async (history) => {
  const path = `/api/sessions/${session.id}/decisions?history=${history}`;
  const rest = await json<Record<'items' | 'queued', Decision[]>>(call(api, path, { owner: 'ann' }));
  const listed = await list(history);
  // a timestamp has another form on the wire
  const comparable = (rows: ListDecisionsResponse['items']) =>
    rows.map(({ createdAt, ...row }) => ({ ...row, at: Date.parse(createdAt ?? '') }));
  expect(rest.items.length).toBe(history ? 5 : 3);
  expect(comparable(listed.items)).toEqual(comparable(rest.items.map(toMessage)));
  expect(comparable(listed.queued)).toEqual(comparable(rest.queued.map(toMessage)));
  const row = listed.items.findLast(({ key }) => key === 'split.by');
  expect([row?.value, row?.confidence, row?.evidence?.nested]).toEqual(['mass', 0, [{ a: null }]]);
});

test.each<[string, Asked[], unknown[]]>([
  [
    'two values',
    [
      { key: 'split.by', value: null },
      { key: 'target', value: 'mass' },
    ],
    ['prep', 'eda'],
  ],
  ['a decision that is withdrawn', [{ key: 'split.by', withdraw: true }], ['prep']],
])('a dry run says of %s what REST says, in a fork where no way is named', async (_, changes, stages) => {
  const path = `/api/sessions/${session.id}/decisions`;
  const {
    session: where,
    dry_run,
    ...rest
  } = await json<{ changes: object[] } & Record<string, unknown>>(
    call(api, path, { owner: 'ann', json: { changes, dry_run: true } }),
  );
  const { sessionId, ...fields } = await change({ changes, dryRun: true });
  const listed = rest.changes.map((each) => ({ withdraw: false, ...each }));
  expect([sessionId, fields]).toEqual([where, { ...rest, changes: listed, dryRun: dry_run }]);
  expect(fields.changes.map(({ stage }) => stage)).toEqual(stages);
});

test.each<[string, Partial<ChangeRequest>, status, string]>([
  ['no change', {}, status.INVALID_ARGUMENT, 'INVALID_INPUT'],
  ['a value that is not set', { changes: [{ key: 'target', value: undefined }] }, 3, 'INVALID_INPUT'],
  ['a way that is none', { changes: [{ key: 'target', value: 'mass' }], how: 'here' }, 3, 'INVALID_INPUT'],
  ['half a character', { changes: [{ key: 'target', value: 'a\0' }] }, 3, 'INVALID_INPUT'],
  ['an impossible value', { changes: [{ key: 'target', value: 'x' }], dryRun: true }, 3, 'INVALID_DECISION'],
])('%s is refused by name', async (_, request, code, reason) => {
  expect(await refusalOf(change(request))).toEqual([code, reason]);
});

test('another’s session is not there, and who may only read is told and changes nothing', async () => {
  const changes = [{ key: 'target', value: 'mass' }];
  for (const asked of [list(true, by('bob')), change({ changes }, by('bob'))])
    expect(await refusalOf(asked)).toEqual([status.NOT_FOUND, 'NOT_FOUND']);
  expect(await refusalOf(change({ changes, dryRun: true }, by('bob')))).toEqual([
    status.NOT_FOUND,
    'NOT_FOUND',
  ]);
  const reader = by('ann', READONLY);
  const before = await list(true, reader);
  expect((await change({ changes, dryRun: true }, reader)).stage).toBe('eda');
  expect(await refusalOf(change({ changes }, reader))).toEqual([status.PERMISSION_DENIED, 'FORBIDDEN']);
  expect(await list(true, reader)).toEqual(before);
});

test('a key that is none is refused as REST refuses it', async () => {
  const changes = [{ key: 'target', value: 'mass' }];
  const metadata = by('ann', { 'idempotency-key': 'with a space' });
  expect(await refusalOf(change({ changes }, metadata))).toEqual([status.INVALID_ARGUMENT, 'INVALID_INPUT']);
});
