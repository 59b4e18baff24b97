/** A sandbox host on another machine is lost while it trains: the session goes on on another from its checkpoint. */

import { expectClean, expectSound } from '../platform/invariants.ts';
import { beginEda, code, finish, openSession, VALID_EDA } from '../platform/scripted.ts';
import { until } from '../platform/wait.ts';
import { leasedAddress } from './provided.ts';
import { type Taken, takeFaultPlatform } from './taken.ts';

const STEPS = 60;
/** Writes what no other run of it would write. */
const FIRST = `
import pathlib, secrets
pathlib.Path('eda').mkdir(exist_ok=True)
pathlib.Path('eda/once.txt').write_text(secrets.token_hex(16))
print(pathlib.Path('eda/once.txt').read_text())
`;
const TRAINING = `
import time
from tempera import log
for step in range(${STEPS}):
    log(step, {'loss': 1 / (step + 1)})
    time.sleep(0.05)
print(open('eda/once.txt').read())
${VALID_EDA}
`;

let taken: Taken;
beforeAll(async () => {
  taken = await takeFaultPlatform('remote', {
    eda: [[code('first', FIRST)], [code('training', TRAINING)], [finish('done')]],
  });
}, 180_000);
afterAll(() => taken?.stop(), 60_000);

test('kill -9 of a host in mid-training: done on the other one from the checkpoint, nothing twice', async () => {
  const { platform, hosts } = taken;
  const { rest } = platform;
  const session = await openSession(taken);
  await beginEda(taken, session);
  await rest.waitForEvent(session, (event) => event.type === 'metrics_batch');
  const lost = await leasedAddress(platform, session);
  expect(hosts?.addresses).toContain(lost);
  await hosts?.kill(lost);

  const others = hosts?.addresses.filter((address) => address !== lost) ?? [];
  await until('the session has the other host', async () =>
    others.includes(await leasedAddress(platform, session)),
  );
  await rest.waitFor(session, ['eda_done']);
  const steps = (await rest.steps(session)).filter((step) => step.tool === 'execute_code');
  // the step that was over is not run again, and its file is there on the other host
  expect(steps.map(({ execution }) => execution)).toEqual([1, 2]);
  const [first, training] = steps.map((step) => String(step.output?.stdout).trim());
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(training).toBe(first);
  const { items } = await rest.get<{ items: { step: number }[] }>(
    `/api/sessions/${session}/metrics?name=loss`,
  );
  expect(items.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, step) => step));
  await expectSound(platform, session);
  await expectClean(platform, session);
}, 240_000);
