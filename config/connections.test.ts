import { join } from 'node:path';
import { configuredConnections, connectionHosts } from './connections.ts';
import { loadConfig } from './load.ts';

async function connectionsFrom(text: string) {
  return configuredConnections(await loadConfig({ TEMPERA_CONNECTIONS: text }));
}

test('connections of the settings have their credentials apart from their address', async () => {
  const { connections, problems } = await connectionsFrom(
    'sales=postgres://reader:a%2Cb%40c@db.example.org/sales?sslmode=require, ' +
      'lake=https://KEY:SECRET@s3.example.org/lake',
  );
  expect(problems).toEqual([]);
  expect(connections).toEqual([
    {
      ...{ id: 'settings/sales', name: 'sales', type: 'postgres' },
      address: 'postgres://db.example.org/sales?sslmode=require',
      credentials: { user: 'reader', password: 'a,b@c' },
    },
    {
      ...{ id: 'settings/lake', name: 'lake', type: 's3', address: 'https://s3.example.org/lake' },
      credentials: { access_key: 'KEY', secret_key: 'SECRET' },
    },
  ]);
  expect(await connectionsFrom('')).toEqual({ connections: [], problems: [] });
});

test('a wrong one is told of by its name or number, without what it holds, and leaves the others be', async () => {
  const { connections, problems } = await connectionsFrom(
    [
      'good=postgres://u:p@h/d',
      'good=postgres://u:p@h/d',
      'none=mysql://root:secret-1@h/d',
      'pass=postgres://u:secret-2',
      'secret-3@h/d',
      'other=postgres://u:secret-4@h/d?options=x',
      '=postgres://u:secret-5@h/d',
    ].join(','),
  );
  expect(connections.map(({ name }) => name)).toEqual(['good']);
  expect(problems.map(({ name }) => name)).toEqual(['good', 'none', 'pass', 'number 5', 'other', 'number 7']);
  expect(JSON.stringify(problems)).not.toMatch(/secret-\d/);
});

test('a stored connection reaches this machine where nobody else reaches the platform', async () => {
  const hosts = async (environment: Record<string, string>) =>
    connectionHosts(await loadConfig(environment, { root: join(__dirname, '..') }));
  expect(await hosts({ TEMPERA_OUTBOUND_HOSTS: 'db.internal' })).toEqual([
    ...['db.internal', 'localhost', '127.0.0.1', '::1'],
  ]);
  for (const name of ['TEMPERA_API_KEY', 'TEMPERA_KEYS_REQUIRED'])
    expect(await hosts({ [name]: 'true' })).toEqual([]);
  expect(await hosts({ TEMPERA_HOST: '0.0.0.0' })).toEqual([]);
});
