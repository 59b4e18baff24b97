/** What `tempera gpu status` and `tempera endpoints` print of a host with a GPU; its driver is made for tests. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../platform/wait.ts';
import { type Taken, takeFaultPlatform } from './taken.ts';

interface Printed {
  ok: boolean;
  data: { endpoints: { kind: string; name: string; status: string; gpu: unknown; holder: unknown }[] };
}

let taken: Taken;
beforeAll(async () => {
  taken = await takeFaultPlatform('remote', {});
}, 180_000);
afterAll(() => taken?.stop(), 60_000);

async function tempera(...words: string[]): Promise<string> {
  const program = join('build', 'cli.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words], {
    env: { ...process.env, TEMPERA_HOME: taken.platform.home },
  });
  return stdout;
}

test('a GPU is printed with its memory and use, as JSON from the one-string form too', async () => {
  await until('the GPU is healthy', async () => {
    const { endpoints } = await taken.platform.rest.get<Printed['data']>('/api/endpoints?kind=gpu');
    return endpoints[0]?.status === 'HEALTHY';
  });
  const listed: Printed = JSON.parse(await tempera('--cmd', '/gpu status', '--format', 'json'));
  expect(listed).toEqual({
    ok: true,
    data: {
      endpoints: [
        expect.objectContaining({
          kind: 'gpu',
          name: 'Fake-H0',
          status: 'HEALTHY',
          gpu: {
            index: 0,
            name: 'Fake-H0',
            memory_total_bytes: 2 ** 33,
            memory_used_bytes: 2 ** 30,
            utilisation_percent: 7,
          },
          holder: null,
        }),
      ],
    },
  });
  expect(await tempera('gpu', 'status')).toMatch(/gpu +Fake-H0 +HEALTHY .* 1\.0 of 8\.0 GiB, 7 %/);
}, 60_000);

test('endpoints are all kinds, or one', async () => {
  const printed: Printed = JSON.parse(await tempera('endpoints', '--format', 'json'));
  const kinds = printed.data.endpoints.map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['sandbox_host', 'slot', 'gpu', 'model_provider', 'worker']));
  const workers: Printed = JSON.parse(await tempera('endpoints', '--kind', 'worker', '--format', 'json'));
  expect(workers.data.endpoints).toMatchObject([{ kind: 'worker', status: 'HEALTHY' }]);
}, 60_000);
