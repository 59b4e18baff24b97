/** A sandbox host is emptied while it trains: what runs ends there, the session's next step is somewhere else. */

import { createDatabase } from '../../db/index.ts';
import { expectSound } from '../platform/invariants.ts';
import {
  code,
  finish,
  openSession,
  type ScriptedPlatform,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';
import { until } from '../platform/wait.ts';
import { type RemoteHosts, startRemoteHosts } from './hosts.ts';

interface Listed {
  endpoints: { id: string; kind: string; address: string; status: string }[];
}

let hosts: RemoteHosts;
let scripted: ScriptedPlatform;

/** Runs until the test lets it end, by nothing but time: the sandbox sees no file from outside. */
const LONG = `
import time
from tempera import log
print('begun', flush=True)
for step in range(60):
    log(step, {'loss': 1 / (step + 1)})
    time.sleep(0.05)
open('eda/long', 'w').write('kept')
`;
const AFTER = `print(open('eda/long').read())\n${VALID_EDA}`;

beforeAll(async () => {
  hosts = await startRemoteHosts(2);
  const eda = [[code('long', LONG)], [code('after', AFTER)], [finish('done')]];
  scripted = await startScripted({ eda }, { environment: hosts.environment });
}, 180_000);
afterAll(async () => {
  await scripted?.stop();
  await hosts?.stop();
}, 60_000);

const endpoints = async (kind: string) =>
  (await scripted.platform.rest.get<Listed>(`/api/endpoints?kind=${kind}`)).endpoints;

async function leasedAddress(session: string): Promise<string> {
  const url = scripted.platform.variables().DATABASE_URL ?? '';
  const database = createDatabase({ url, poolSize: 1 });
  try {
    const rows = await database.query<{ address: string }>(
      'select address from leases where session_id = $1',
      [session],
    );
    return rows[0]?.address ?? '';
  } finally {
    await database.close();
  }
}

test('the running script ends where it runs, the next one runs elsewhere over the same files', async () => {
  const { rest } = scripted.platform;
  await until('both hosts are healthy', async () => {
    const listed = await endpoints('sandbox_host');
    return listed.length === 2 && listed.every(({ status }) => status === 'HEALTHY');
  });
  const session = await openSession(scripted);
  await rest.send('POST', `/api/sessions/${session}/stages/eda/start`, {});
  await rest.waitForEvent(
    session,
    ({ type, data }) => type === 'code_output' && String(data.text).includes('begun'),
  );
  const first = await leasedAddress(session);
  const host = (await endpoints('sandbox_host')).find(({ address }) => address === first);
  const drained = await rest.send<{ running: number }>('POST', `/api/endpoints/${host?.id}/drain`, {
    on: true,
  });
  expect(drained).toMatchObject({ status: 200, body: { running: 1 } });
  await until('it is told to be stopping', async () =>
    (await endpoints('sandbox_host')).some(({ id, status }) => id === host?.id && status === 'STOPPING'),
  );

  await rest.waitFor(session, ['eda_done']);
  const second = await leasedAddress(session);
  expect(hosts.addresses).toContain(second);
  expect(second).not.toBe(first);
  const events = await rest.events(session);
  expect(
    events.filter(({ type }) => type === 'attempt_started').every(({ data }) => data.execution === 1),
  ).toBe(true);
  const text = events.filter(({ type }) => type === 'code_output').map(({ data }) => String(data.text));
  expect(text.join('')).toContain('kept');
  await expectSound(scripted.platform, session);
}, 240_000);
