import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../db/testing/postgres.ts';
import { createObjectStore } from '../../storage/index.ts';

export async function startTestS3() {
  const folder = await mkdtemp(join(tmpdir(), 'tempera-api-s3-'));
  const port = await freePort();
  const server = spawn(
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      join(homedir(), '.cache/tempera/bin/versitygw'),
      '--access',
      'test',
      '--secret',
      'testtest',
      '--port',
      `127.0.0.1:${port}`,
      'posix',
      folder,
    ],
    { stdio: 'ignore' },
  );
  const store = createObjectStore({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    bucket: 'tempera',
    accessKey: 'test',
    secretKey: 'testtest',
  });
  for (let tries = 0; ; tries += 1) {
    try {
      await store.ensureBucket();
      break;
    } catch (error) {
      if (tries > 20) throw error;
    }
  }
  return {
    store,
    async stop() {
      store.close();
      server.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
