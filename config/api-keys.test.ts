import { join } from 'node:path';
import { findKey } from '../core/access/keys.ts';
import { LOCAL } from '../core/principal.ts';
import { configuredKeys, weakTokens } from './api-keys.ts';
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

test('this machine’s own key counts only beside others, and is the local admin’s', async () => {
  expect(configuredKeys(await load({ TEMPERA_LOCAL_KEY: 'local' }))).toEqual([]);
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
