/**
 * An agent's code that asks for a GPU: it waits for the one that there is, in sight of everybody, sees only that,
 * and is
 * refused with what to do when there is none. The driver is made for tests, at the interface of the real one.
 */

import { expectSound } from '../platform/invariants.ts';
import { beginEda, finish, openSession, tool, VALID_EDA } from '../platform/scripted.ts';
import { until } from '../platform/wait.ts';
import { plugGpu } from './gpu.ts';
import { type Taken, takeFaultPlatform } from './taken.ts';

const DEVICE = 'import os\nprint("device", os.environ["CUDA_VISIBLE_DEVICES"], flush=True)\n';
const HOLDING = `${DEVICE}import time\ntime.sleep(600)\n`;

let taken: Taken;
/** What the next session runs first. */
let code = HOLDING;

beforeAll(async () => {
  const onGpu = () => ({
    kind: 'answer' as const,
    content: [{ ...tool('execute_code', { title: 'on the GPU', code, gpu: true }), id: 'toolu_gpu' }],
  });
  const eda = [onGpu, [tool('execute_code', { title: 'report', code: VALID_EDA })], [finish('done')]];
  taken = await takeFaultPlatform('remote', { eda });
}, 180_000);
afterAll(async () => {
  plug(true);
  await taken?.stop();
}, 60_000);

const plug = (well: boolean) => plugGpu(taken.hosts?.gpu ?? '', well);

async function begin(what: string): Promise<string> {
  code = what;
  const session = await openSession(taken);
  await beginEda(taken, session);
  return session;
}

const printed = (session: string) =>
  taken.platform.rest.waitForEvent(
    session,
    ({ type, data }) => type === 'code_output' && String(data.text).includes('device GPU-0'),
  );

test('two sessions take turns on one GPU, and the one that waits is seen to wait for it', async () => {
  const { rest } = taken.platform;
  const first = await begin(HOLDING);
  await printed(first);
  const second = await begin(DEVICE);
  await until('the second waits for a GPU', async () => {
    const { waiting } = await rest.get<{ waiting: unknown }>(`/api/sessions/${second}`);
    return JSON.stringify(waiting) === JSON.stringify({ reason: 'slot', subject: 'gpu' });
  });
  await rest.send('POST', `/api/sessions/${first}/cancel`, {});
  await rest.waitFor(second, ['eda_done']);
  await printed(second);
  const waits = (await rest.events(second)).filter(({ type }) => type === 'waiting');
  expect(waits.map(({ data }) => data)).toEqual([{ reason: 'slot', subject: 'gpu' }, { reason: null }]);
  const { waiting } = await rest.get<{ waiting: unknown }>(`/api/sessions/${second}`);
  expect(waiting).toBeNull();
  await expectSound(taken.platform, second);
}, 240_000);

test('without a GPU that works the agent is told so and does without', async () => {
  const { rest } = taken.platform;
  plug(false);
  await until('the GPU has failed', async () => {
    const { endpoints } = await rest.get<{ endpoints: { status: string }[] }>('/api/endpoints?kind=gpu');
    return endpoints[0]?.status === 'FAILED';
  });
  const session = await begin(DEVICE);
  await rest.waitFor(session, ['eda_done']);
  const [step] = (await rest.steps(session)).filter(({ tool: name }) => name === 'execute_code');
  expect(step).toMatchObject({
    state: 'failed',
    output: {
      content: expect.stringMatching(/^No sandbox host has a GPU that can be used\. Run it without one/),
    },
  });
  await expectSound(taken.platform, session);
}, 240_000);
