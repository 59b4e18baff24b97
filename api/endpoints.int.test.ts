/** Endpoints on every face: a status or kind that is added to the proto and forgotten somewhere fails here. */

import { endpointRow } from '../cli/commands/endpoints.ts';
import { ENDPOINT_KINDS, type Endpoint, EndpointSchema, PROCESS_STATUSES } from '../core/endpoints.ts';
import { heartbeatWorker, keepHostSight } from '../db/index.ts';
import { EndpointKind, Endpoint as Message, ProcessStatus } from '../proto/generated/tempera/v1/endpoints.ts';
import { endpointRows, STATUS_LABELS } from '../ui/src/pages/status/endpoints.ts';
import { startTestApi, type TestApi } from './testing/api-server.ts';
import { call, json } from './testing/client.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
}, 60_000);
afterAll(() => api?.close());

const sight = (status: string) => ({
  id: 'host-1',
  address: '198.51.100.1:7500',
  provider: 'remote',
  status,
  reason: null,
  answered: true,
  isolation: { provider: 'remote', policy: 'required', level: 'strong', missing: [] },
});
const device = {
  index: 0,
  name: 'Fake-H0',
  memory_total_bytes: 2 ** 33,
  memory_used_bytes: 2 ** 30,
  utilisation_percent: 7,
};
const leases = [
  { kind: 'slot' as const, slot: 0, epoch: 5, execution: null, session_id: null, device: null },
  {
    kind: 'gpu' as const,
    slot: 0,
    epoch: 6,
    execution: 's1/1',
    session_id: 'session-1',
    device: { ...device, problem: '' },
  },
];

const listed = async (query = '', owner?: string): Promise<Endpoint[]> => {
  const path = `/api/endpoints${query}`;
  const answer = await json<{ endpoints: Endpoint[] }>(call(api, path, owner === undefined ? {} : { owner }));
  return answer.endpoints.map((endpoint) => EndpointSchema.parse(endpoint));
};

test.each(PROCESS_STATUSES)(
  'the status %s is the same over proto, REST, CLI and in the web UI',
  async (status) => {
    await api.db.transaction((tx) => keepHostSight(tx, sight(status), leases));
    const [host] = await listed('?kind=sandbox_host');
    expect(host?.status).toBe(status);
    if (!host) return;
    const message = Message.fromPartial({ id: host.id, status: ProcessStatus[status] });
    expect(Message.decode(Message.encode(message).finish()).status).toBe(`PROCESS_STATUS_${status}`);
    expect(endpointRow(host)).toMatchObject({
      status,
      kind: 'sandbox host',
      isolation: 'strong (policy required)',
    });
    expect(endpointRows([host])[0]?.label).toBe(STATUS_LABELS[status]);
    expect(STATUS_LABELS[status].word).not.toBe('');
  },
);

test('every kind of the proto has its place over REST, in the CLI and in the web UI', async () => {
  await api.db.transaction((tx) => keepHostSight(tx, sight('HEALTHY'), leases));
  await heartbeatWorker(api.db, 'worker-1', 'b');
  const all = await listed();
  const kinds = new Set(all.map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(ENDPOINT_KINDS.filter((kind) => kind !== 'unspecified').sort());
  expect(Object.keys(EndpointKind).map((name) => name.toLowerCase())).toEqual(ENDPOINT_KINDS);
  const held = {
    ...all.find(({ kind }) => kind === 'slot'),
    holder: { execution_id: 'e', session_id: '', epoch: 1 },
  };
  const rows = endpointRows([...all.filter(({ kind }) => kind !== 'slot'), EndpointSchema.parse(held)]);
  expect(rows.every(({ kind, label }) => kind !== '' && label.word !== '')).toBe(true);
  expect(new Set(rows.map(({ kind }) => kind)).size).toBe(kinds.size);
});

test('a GPU tells its memory, its use and who holds it, and the last to an operator alone', async () => {
  await api.db.transaction((tx) => keepHostSight(tx, sight('HEALTHY'), leases));
  const [gpu] = await listed('?kind=gpu');
  expect(gpu).toMatchObject({
    name: 'Fake-H0',
    gpu: device,
    holder: { execution_id: 's1/1', session_id: 'session-1', epoch: 6 },
  });
  const [seen] = await listed('?kind=gpu', 'ann');
  expect(seen?.holder).toEqual({ execution_id: '', session_id: '', epoch: 6 });
});

test('the word of a look that came late changes no lease, and a host that is gone holds none', async () => {
  await api.db.transaction((tx) => keepHostSight(tx, sight('HEALTHY'), leases));
  const older = leases.map((lease) => ({ ...lease, epoch: lease.epoch - 1, execution: 'old/1' }));
  await api.db.transaction((tx) => keepHostSight(tx, sight('HEALTHY'), older));
  expect((await listed('?kind=gpu'))[0]?.holder?.execution_id).toBe('s1/1');
  await api.db.transaction((tx) => keepHostSight(tx, { ...sight('FAILED'), answered: false }, []));
  expect(await listed('?kind=gpu')).toEqual([]);
  const [host] = await listed('?kind=sandbox_host');
  expect(host).toMatchObject({ status: 'FAILED', isolation: { level: 'strong' } });
});

test('a host that no worker looks at any more is not taken for well, and a silent worker is gone', async () => {
  await api.db.transaction((tx) => keepHostSight(tx, sight('HEALTHY'), leases));
  await api.db.query(`update sandbox_hosts set checked_at = checked_at - interval '30 s'`);
  await heartbeatWorker(api.db, 'worker-1', 'b');
  await api.db.query(`update worker_heartbeats set heartbeat_at = heartbeat_at - interval '60 s'`);
  const [host] = await listed('?kind=sandbox_host');
  expect(host).toMatchObject({
    status: 'UNHEALTHY',
    reason: expect.stringMatching(/No worker has looked at it for 3\d s/),
  });
  expect((await listed('?kind=worker'))[0]?.status).toBe('FAILED');
});

test('an unknown kind is refused, and nobody but an operator empties a host', async () => {
  expect((await call(api, '/api/endpoints?kind=toaster')).status).toBe(400);
  const drained = await call(api, '/api/endpoints/host-1/drain', { owner: 'ann', json: { on: true } });
  expect(drained.status).toBe(404);
});
