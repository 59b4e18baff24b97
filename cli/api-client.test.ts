import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApiClient } from './api-client.ts';
import { exitCodeOf } from './exit-code.ts';
import { Anything } from './records.ts';

test.each([
  [400, 4],
  [403, 4],
  [404, 3],
  [409, 4],
  [413, 4],
  [422, 4],
  [429, 4],
  [500, 1],
  [502, 5],
  [503, 5],
  [504, 5],
])('status %d ends a command with %d', (status, code) => {
  expect(exitCodeOf(status)).toBe(code);
});

test('a platform that is not there ends a command with 5 and says how to start it', async () => {
  const opening = createApiClient('http://127.0.0.1:1').open('/api/live');
  await expect(opening).rejects.toMatchObject({ exitCode: 5, message: expect.stringContaining('npm start') });
});

test('what is deleted is answered without content, and a key goes with every request', async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const client = createApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      key: 'k',
    });
    expect(await client.request(Anything, '/api/keys/x', { method: 'DELETE' })).toEqual({});
    await client.open('/api/live', { headers: { accept: 'text/csv' } });
    expect(seen).toEqual(['Bearer k', 'Bearer k']);
  } finally {
    server.close();
  }
});
