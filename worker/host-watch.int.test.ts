/** The heartbeats of a real host, kept in a real database: three missed make it unhealthy, its end failed. */

import { listSeenHosts, listSlotLeases } from '../db/index.ts';
import { startTestPostgres, type TestPostgres } from '../db/testing/postgres.ts';
import { createSandboxHosts } from '../sandbox-client/hosts.ts';
import { createListedProvider } from '../sandbox-client/providers/listed.ts';
import { FEW_MODULES, startTestHost } from '../sandbox-client/testing/host.ts';
import { createHostWatch } from './host-watch.ts';

/** Time for one change of status, above all for the imports of a starting zygote. */
const STATUS_MILLISECONDS = 60_000;

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop(), 30_000);

test('a host starts, is well, keeps silent, comes back, is emptied and dies', async () => {
  const db = postgres.open();
  const host = await startTestHost({ arguments: [...FEW_MODULES, '--slots', '2'] });
  const hosts = createSandboxHosts(
    createListedProvider({
      provider: 'local',
      addresses: [host.address, '127.0.0.1:1'],
      token: host.token,
      tls: null,
    }),
  );
  const watch = createHostWatch(hosts, db);
  const seen = async () => {
    await watch.beat();
    return (await listSeenHosts(db)).find(({ address }) => address === host.address);
  };
  const untilStatus = async (status: string) => {
    // by the clock: a look at a host that is still importing is answered at once, so a number of looks is no time
    const deadline = performance.now() + STATUS_MILLISECONDS;
    for (let beats = 0; performance.now() < deadline; beats += 1) {
      const now = await seen();
      if (now?.status === status) return { now, beats };
    }
    throw new Error(`The host was never ${status}.`);
  };
  try {
    const { now: well } = await untilStatus('HEALTHY');
    expect(well).toMatchObject({ provider: 'local', reason: null, isolation: { policy: 'required' } });
    expect(await listSlotLeases(db)).toMatchObject([
      { host: well.id, kind: 'slot', slot: 0, execution: null },
      { host: well.id, kind: 'slot', slot: 1, execution: null },
    ]);
    const nobody = (await listSeenHosts(db)).find(({ address }) => address === '127.0.0.1:1');
    expect(nobody).toMatchObject({ id: '127.0.0.1:1', status: 'FAILED', heartbeat_at: null });

    process.kill(host.pid, 'SIGSTOP');
    const { beats } = await untilStatus('UNHEALTHY');
    process.kill(host.pid, 'SIGCONT');
    // the third look without an answer
    expect(beats).toBe(2);
    expect(await listSlotLeases(db)).toEqual([]);
    expect((await untilStatus('HEALTHY')).now.since).not.toBe(well.since);

    await hosts.drain(well.id, true);
    expect(await seen()).toMatchObject({ status: 'STOPPING', reason: 'It is being emptied.' });
    await host.kill();
    expect(await seen()).toMatchObject({ id: well.id, status: 'FAILED' });
  } finally {
    hosts.close();
    await host.stop();
  }
}, 240_000);
