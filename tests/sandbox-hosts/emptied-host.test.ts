/** A sandbox host is emptied while it trains: what runs ends there, the session's next step is somewhere else. */

import { expectClean, expectSound } from '../platform/invariants.ts';
import { beginEda, code, finish, openSession, VALID_EDA } from '../platform/scripted.ts';
import { until } from '../platform/wait.ts';
import { leasedAddress } from './provided.ts';
import { type Taken, takeFaultPlatform } from './taken.ts';

interface Listed {
  endpoints: { id: string; kind: string; address: string; status: string }[];
}

let taken: Taken;
/** The host that is emptied. */
let host: Listed['endpoints'][number] | undefined;

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
  taken = await takeFaultPlatform('remote', {
    eda: [[code('long', LONG)], [code('after', AFTER)], [finish('done')]],
  });
}, 180_000);
afterAll(async () => {
  if (host) await drain(false);
  await taken?.stop();
}, 60_000);

const drain = (on: boolean) =>
  taken.platform.rest.send<{ running: number }>('POST', `/api/endpoints/${host?.id}/drain`, { on });

const listed = async () =>
  (await taken.platform.rest.get<Listed>('/api/endpoints?kind=sandbox_host')).endpoints;

test('the running script ends where it runs, the next one runs elsewhere over the same files', async () => {
  const { platform, hosts } = taken;
  const { rest } = platform;
  expect((await listed()).map(({ status }) => status)).toEqual(['HEALTHY', 'HEALTHY']);
  const session = await openSession(taken);
  await beginEda(taken, session);
  await rest.waitForEvent(
    session,
    ({ type, data }) => type === 'code_output' && String(data.text).includes('begun'),
  );
  const first = await leasedAddress(platform, session);
  host = (await listed()).find(({ address }) => address === first);
  expect(await drain(true)).toMatchObject({ status: 200, body: { running: 1 } });
  await until('it is told to be stopping', async () =>
    (await listed()).some(({ id, status }) => id === host?.id && status === 'STOPPING'),
  );

  await rest.waitFor(session, ['eda_done']);
  const second = await leasedAddress(platform, session);
  expect(hosts?.addresses).toContain(second);
  expect(second).not.toBe(first);
  const events = await rest.events(session);
  expect(
    events.filter(({ type }) => type === 'attempt_started').every(({ data }) => data.execution === 1),
  ).toBe(true);
  const text = events.filter(({ type }) => type === 'code_output').map(({ data }) => String(data.text));
  expect(text.join('')).toContain('kept');
  await expectSound(platform, session);
  await expectClean(platform, session);
}, 240_000);
