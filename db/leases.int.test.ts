/** Leases, hosts and workers: who holds a session's workspace, and who is alive, by the database's clock. */

import type { Database, Transaction } from './database.ts';
import {
  deleteLease,
  forgetWorker,
  freshWorkers,
  getLease,
  hasGpuSlot,
  heartbeatWorker,
  keepHostSight,
  upsertLease,
} from './leases-repository.ts';
import { useTestDatabase } from './testing/postgres.ts';
import { addSession } from './testing/rows.ts';

let db: Database;
useTestDatabase((opened) => {
  db = opened;
});

const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) => db.transaction(work);

test('a lease goes to the higher epoch; hosts and workers are alive by the database’s clock', async () => {
  const { session } = await addSession(db);
  const lease = (host: string, epoch: number) => ({
    session_id: session.id,
    host,
    address: 'x:1',
    uid: 7,
    epoch,
  });
  await inTransaction((tx) => upsertLease(tx, lease('one', 5)));
  await expect(inTransaction((tx) => upsertLease(tx, lease('two', 4)))).rejects.toMatchObject({
    code: 'SUPERSEDED',
  });
  await inTransaction((tx) => upsertLease(tx, lease('two', 6)));
  expect(await getLease(db, session.id)).toMatchObject(lease('two', 6));
  await inTransaction((tx) => deleteLease(tx, session.id));
  expect(await getLease(db, session.id)).toBeNull();
  await heartbeatWorker(db, 'w1', 'b1');
  await heartbeatWorker(db, 'w1', 'b2');
  expect(await freshWorkers(db, 10)).toBe(1);
  await db.query(`update worker_heartbeats set heartbeat_at = heartbeat_at - interval '11 s'`);
  expect(await freshWorkers(db, 10)).toBe(0);
  await heartbeatWorker(db, 'w1', 'b2');
  await forgetWorker(db, 'w1');
  expect(await freshWorkers(db, 10)).toBe(0);
});

test('a GPU is known of while its host answers', async () => {
  const sight = { id: 'h', address: 'x:1', provider: 'configured', isolation: {}, reason: null };
  const slot = { slot: 0, epoch: 1, execution: null, session_id: null, device: null };
  const see = (status: string, answered: boolean, kinds: ('slot' | 'gpu')[]) =>
    inTransaction((tx) =>
      keepHostSight(
        tx,
        { ...sight, status, answered },
        kinds.map((kind) => ({ ...slot, kind })),
      ),
    );
  await see('HEALTHY', true, ['slot']);
  expect(await hasGpuSlot(db)).toBe(false);
  await see('HEALTHY', true, ['slot', 'gpu']);
  expect(await hasGpuSlot(db)).toBe(true);
  await see('FAILED', false, []);
  expect(await hasGpuSlot(db)).toBe(false);
});
