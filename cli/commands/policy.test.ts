import { resolve } from 'node:path';
import { loadConfig } from '../../config/index.ts';
import { PERMISSIONS } from '../../core/access/permissions.ts';
import { runProgram } from '../program.ts';
import { writtenTerminal } from '../testing/written-terminal.ts';

async function explain(...words: string[]) {
  const { terminal, written } = writtenTerminal();
  const config = () => loadConfig({}, { root: resolve('.') });
  const { signal } = new AbortController();
  const code = await runProgram(['policy', 'explain', ...words], { config, terminal, signal });
  return { code, ...written };
}

test('tempera policy explain says whether a role may, who may, and how often', async () => {
  expect(await explain('user', 'session:write')).toEqual({
    code: 0,
    out:
      'user may make, change, steer and remove experiments and sessions (session:write), ' +
      'within 60 requests a minute. Allowed to: admin, agent, user.\n',
    err: '',
  });
  const { out } = await explain('readonly', 'endpoints:drain', '--format', 'json');
  expect(JSON.parse(out).data).toMatchObject({ allowed: false, roles: ['admin'], requests_per_minute: 30 });
});

test('a role or action that there is not is answered with those that there are', async () => {
  expect(await explain('root', 'execute')).toMatchObject({
    code: 2,
    err: expect.stringContaining('admin, agent'),
  });
  const { code, err } = await explain('user', 'everything');
  expect([code, err]).toEqual([2, expect.stringContaining(Object.keys(PERMISSIONS).join(', '))]);
});
