/** faults.md 31: what a URL from outside may lead to, over real sockets. */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createOutbound } from './outbound.ts';

const TIME = { timeoutMs: 5_000 };
let server: Server;
let port: number;
const seen: IncomingMessage[] = [];
const redirects = new Map<string, string>();

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request);
    const location = redirects.get(request.url ?? '');
    if (location === undefined) response.end('secret');
    else response.writeHead(302, { location }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());
beforeEach(() => {
  seen.length = 0;
  redirects.clear();
});

/** `in.example` alone is let through; every other name leads to this machine all the same. */
const guarded = (addresses: Record<string, string[]> = {}) =>
  createOutbound({
    allowed: ['in.example'],
    addressesOf: async (name) => addresses[name] ?? ['127.0.0.1'],
  });

test.each([
  ...[
    'http://in.example@out.example/',
    'https://user:word@in.example/',
    'ftp://in.example/',
    'file:///etc/passwd',
  ],
  ...[
    'http://out.example/',
    'no url',
    '',
    'https://169.254.169.254/latest',
    'https://[::1]/',
    'https://[fe80::1]/',
  ],
  ...['https://2130706433/', 'https://0177.0.0.1/', 'https://0x7f000001/', 'https://127.1/', 'https://0/'],
  ...['https://[::ffff:7f00:1]/', 'https://[64:ff9b::7f00:1]/', 'https://localhost/', 'https://metadata/'],
  ...['https://127.0.0.1.nip.example/', 'https://①②⑦.⓪.⓪.①/'],
])('faults.md 31: %s leads nowhere', async (url) => {
  await expect(guarded().request(url, TIME)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await expect(guarded().check(url)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(seen).toEqual([]);
});

test('faults.md 31: what the settings allow is reached, by its own name', async () => {
  const answer = await guarded().request(`http://in.example:${port}/a?b=c`, TIME);
  expect([answer.status, await text(answer.body)]).toEqual([200, 'secret']);
  expect([seen[0]?.url, seen[0]?.headers.host]).toEqual(['/a?b=c', `in.example:${port}`]);
});

test('faults.md 31: a redirect is followed where that is asked for, and checked like the first address', async () => {
  redirects.set('/away', `http://out.example:${port}/`);
  redirects.set('/metadata', 'http://169.254.169.254/latest');
  redirects.set('/here', '/there');
  redirects.set('/round', '/round');
  const get = (path: string, redirected?: number) =>
    guarded().request(`http://in.example:${port}${path}`, {
      ...TIME,
      headers: { authorization: 'word' },
      redirects: redirected,
    });
  for (const path of ['/away', '/metadata', '/round'])
    await expect(get(path, 3)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  seen.length = 0;
  const followed = await get('/here', 3);
  expect(await text(followed.body)).toBe('secret');
  expect(seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['/here', 'word'],
    ['/there', undefined],
  ]);
  const plain = await get('/away');
  plain.body.destroy();
  expect(plain.status).toBe(302);
});

test('faults.md 31: a name that leads elsewhere when it is asked again has been asked once', async () => {
  const answers = [['93.184.216.34'], ['127.0.0.1']];
  let asked = 0;
  const outbound = createOutbound({
    allowed: [],
    addressesOf: async () => {
      asked += 1;
      return answers[asked - 1] ?? [];
    },
  });
  expect(await outbound.resolve('rebinding.example')).toBe('93.184.216.34');
  expect(asked).toBe(1);
  const mixed = guarded({ 'both.example': ['93.184.216.34', '10.0.0.1'] });
  await expect(mixed.resolve('both.example')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await expect(guarded({ 'no.example': [] }).resolve('no.example')).rejects.toMatchObject({
    message: expect.stringContaining('TEMPERA_OUTBOUND_HOSTS'),
  });
});
