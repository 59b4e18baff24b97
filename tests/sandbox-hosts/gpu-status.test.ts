/** What `tempera gpu status` and `tempera endpoints` print of a host with a GPU; its driver is made for tests. */

import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startTestHost, type TestHost } from '../../sandbox-client/testing/host.ts';
import { startPlatform, type TestPlatform } from '../platform/platform.ts';
import { until } from '../platform/wait.ts';

interface Printed {
  ok: boolean;
  data: { endpoints: { kind: string; name: string; status: string; gpu: unknown; holder: unknown }[] };
}

let folder: string;
let host: TestHost;
let platform: TestPlatform;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tempera-gpu-'));
  const library = join(folder, 'libfake-nvml.so');
  execFileSync('cc', ['-shared', '-fPIC', '-o', library, join('sandbox', 'tests', 'fake_nvml.c')]);
  writeFileSync(join(folder, 'gpus'), `GPU-0 Fake-H0 0 ${2 ** 33} ${2 ** 30} 7\n`);
  writeFileSync(join(folder, 'nvidia0'), '');
  process.env.FAKE_NVML = join(folder, 'gpus');
  host = await startTestHost({ arguments: ['--nvml', library, '--gpu-nodes', folder, '--slots', '1'] });
  const environment = { SANDBOX_ADDRESS: host.address, SANDBOX_TOKEN: host.token };
  platform = await startPlatform({ environment });
}, 180_000);
afterAll(async () => {
  await platform?.stop();
  await host?.stop();
  delete process.env.FAKE_NVML;
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function tempera(...words: string[]): Promise<string> {
  const program = join('build', 'cli.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words], {
    env: { ...process.env, TEMPERA_HOME: platform.home },
  });
  return stdout;
}

test('a GPU is printed with its memory and use, as JSON from the one-string form too', async () => {
  const listed = await until('the GPU is healthy', async () => {
    const printed: Printed = JSON.parse(await tempera('--cmd', '/gpu status', '--format', 'json'));
    return printed.data.endpoints[0]?.status === 'HEALTHY' ? printed : null;
  });
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
