import { join } from 'node:path';
import { findKey } from '../core/access/keys.ts';
import { LOCAL } from '../core/principal.ts';
import { areKeysRequired, configuredKeys, weakTokens } from './api-keys.ts';
import { loadConfig } from './index.ts';
import { checkForms } from './preflight-forms.ts';
import { showConfig } from './show.ts';

const load = (environment: Record<string, string>) =>
  loadConfig(environment, { root: join(__dirname, '..') });

test('keys are listed with their roles; the single one is an admin’s, and a token may hold colons', async () => {
  const config = await load({ TEMPERA_API_KEYS: 'aaa:bbb:agent, ccc : readonly', TEMPERA_API_KEY: 'ddd' });
  const keys = configuredKeys(config);
  expect(['aaa:bbb', 'ccc', 'ddd', 'aaa'].map((token) => findKey(keys, token)?.principal.role)).toEqual([
    'agent',
    'readonly',
    'admin',
    undefined,
  ]);
});

test('keys are asked for where there is one, where it is said, and where others reach the platform', async () => {
  const required = async (environment: Record<string, string>) => areKeysRequired(await load(environment));
  expect(await required({ TEMPERA_LOCAL_KEY: 'local' })).toBe(false);
  for (const host of ['localhost', '::1']) expect(await required({ TEMPERA_HOST: host })).toBe(false);
  for (const host of ['0.0.0.0', '::', '192.168.0.7'])
    expect(await required({ TEMPERA_HOST: host })).toBe(true);
  for (const name of ['TEMPERA_API_KEY', 'TEMPERA_KEYS_REQUIRED'])
    expect(await required({ [name]: 'true' })).toBe(true);
  expect(await required({ TEMPERA_API_KEYS: 'aaa:user' })).toBe(true);
});

test('this machine’s own key is the local admin’s', async () => {
  const keys = configuredKeys(await load({ TEMPERA_LOCAL_KEY: 'local', TEMPERA_API_KEY: 'ddd' }));
  expect(findKey(keys, 'local')?.principal).toEqual(LOCAL);
});

test.each([
  ['no colon', 'hidden-token'],
  ['no token', ':admin'],
  ['an unknown role', 'hidden-token:root'],
  ['an empty entry', 'hidden-token:user,'],
  ['a space within', 'hidden token:user'],
  ['two roles for one token', 'hidden-token:user,hidden-token:admin'],
])('a list of keys with %s keeps the platform from starting, and no token is shown', async (_name, keys) => {
  const config = await load({ TEMPERA_API_KEYS: keys });
  expect(() => configuredKeys(config)).toThrow(/TEMPERA_API_KEYS cannot be read: entry \d/);
  const [check] = checkForms(config);
  expect(check).toMatchObject({ level: 'deny', about: 'access.keys' });
  expect(JSON.stringify(check)).not.toMatch(/hidden/);
});

test('no token is in what is shown of the settings, and short ones are counted', async () => {
  const config = await load({ TEMPERA_API_KEYS: 'hidden-1:user', TEMPERA_API_KEY: 'hidden-2'.repeat(4) });
  expect(showConfig(config)).not.toMatch(/hidden/);
  expect(weakTokens(config)).toBe(1);
});
