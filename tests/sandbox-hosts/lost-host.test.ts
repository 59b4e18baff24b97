/** A sandbox host on another machine is lost while it trains: the session goes on on another from its checkpoint. */

import { setTimeout as delay } from 'node:timers/promises';
import { createDatabase } from '../../db/index.ts';
import { expectSound } from '../platform/invariants.ts';
import { startPlatform, type TestPlatform } from '../platform/platform.ts';
import { type RemoteHosts, startRemoteHosts } from './hosts.ts';

let hosts: RemoteHosts;
let platform: TestPlatform;

beforeAll(async () => {
  hosts = await startRemoteHosts(2);
  platform = await startPlatform({ environment: hosts.environment });
}, 180_000);
afterAll(async () => {
  await platform?.stop();
  await hosts?.stop();
}, 60_000);

/** Where the session's workspace lives. */
async function leasedAddress(session: string): Promise<string> {
  const database = createDatabase({ url: platform.variables().DATABASE_URL ?? '', poolSize: 1 });
  try {
    const [lease] = await database.query<{ address: string }>(
      'select address from leases where session_id = $1',
      [session],
    );
    return lease?.address ?? '';
  } finally {
    await database.close();
  }
}

test('kill -9 of a host in mid-training: train_done on the other one, nothing twice', async () => {
  const { rest } = platform;
  const experiment = await rest.createExperiment('examples/penguins.csv', {
    name: 'penguins',
    target: 'species',
  });
  const { id } = await rest.createSession(experiment.id, { mode: 'auto' });
  await rest.waitFor(id, ['train_running', 'train_done'], 240);
  await rest.waitForEvent(id, (event) => event.type === 'metrics_batch' && event.stage === 'train');
  const lost = await leasedAddress(id);
  await hosts.at(lost).kill();

  const others = hosts.addresses.filter((address) => address !== lost);
  // the lease is given back when the stage is done, so it is looked at while the other host works
  let now = lost;
  while (!others.includes(now) && (await rest.session(id)).state !== 'train_done') {
    await delay(50);
    now = (await leasedAddress(id)) || now;
  }
  expect(others).toContain(now);
  await rest.waitFor(id, ['train_done'], 240);
  const again = (await rest.events(id)).filter(
    (event) => event.type === 'attempt_started' && event.stage === 'train',
  );
  expect(again.some((event) => event.data.execution === 2)).toBe(true);
  await expectSound(platform, id);
  const { items } = await rest.get<{ items: { name: string; step: number; run_tag: string }[] }>(
    `/api/sessions/${id}/metrics?stage=train`,
  );
  const points = items.map(({ name, step, run_tag }) => `${run_tag} ${name} ${step}`);
  expect(points.length).toBeGreaterThan(0);
  expect(new Set(points).size).toBe(points.length);
}, 600_000);
