/** Every route and method by every role, without a key and with one that is not known: who is let in, who is not. */

import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import Fastify from 'fastify';
import { keyOf } from '../../core/access/keys.ts';
import type { Access } from '../../core/access/permissions.ts';
import { isAllowed } from '../../core/access/policies.ts';
import { newId } from '../../core/ids.ts';
import { ROLES, type Role } from '../../core/principal.ts';
import { PlatformService } from '../../proto/generated/tempera/v1/platform.ts';
import { METHOD_PERMISSIONS } from '../grpc/permissions.ts';
import { type GrpcServer, startGrpcServer } from '../grpc/server.ts';
import { guard } from '../guard.ts';
import type { RouteInfo } from '../openapi/document.ts';
import { createEndpointWatch } from '../services/endpoint-watch.ts';
import { startTestApi, type TestApi } from '../testing/api-server.ts';
import { call, json } from '../testing/client.ts';

const keys = ROLES.map((role) => keyOf(`token-of-${role}`, role));
interface Credential {
  name: string;
  headers: Record<string, string>;
  /** Null where it is nobody's. */
  role: Role | null;
}

const CREDENTIALS: Credential[] = [
  { name: 'no key', headers: {}, role: null },
  { name: 'a wrong key', headers: { authorization: 'Bearer token-of-root' }, role: null },
  { name: 'a key of another scheme', headers: { authorization: 'Basic token-of-admin' }, role: null },
  ...ROLES.map((role) => ({
    ...{ name: `the key of ${role}`, role },
    headers: { authorization: `Bearer token-of-${role}` },
  })),
];

let api: TestApi;
let grpc: GrpcServer;
let client: Client;
beforeAll(async () => {
  api = await startTestApi({ keys });
  grpc = await startGrpcServer(api.dependencies, createEndpointWatch(api.dependencies));
  client = new Client(grpc.address, credentials.createInsecure());
}, 60_000);
afterAll(async () => {
  client?.close();
  await grpc?.close();
  await api?.close();
});

/** 401, 403, or null where the request is let in. */
function refusal(permission: Access, role: Role | null): 401 | 403 | null {
  if (permission === 'open') return null;
  if (role === null) return 401;
  if (permission === 'anyone') return null;
  return isAllowed(api.dependencies.policies.current(), { role }, permission) ? null : 403;
}

const pathOf = (url: string) => url.replace('*', 'x').replace(':stage', 'eda').replace(/:\w+/g, newId());

/** Asks one route as one caller, and holds the answer against what its permission promises. */
async function askAs(
  { method, url, permission }: RouteInfo,
  { name, headers, role }: Credential,
): Promise<void> {
  const body = method === 'GET' || method === 'DELETE' ? {} : { json: {} };
  const answer = await call(api, pathOf(url), { method, headers, ...body });
  const expected = refusal(permission, role);
  const refused = answer.status === 401 || answer.status === 403 ? answer.status : null;
  const cell = `${method} ${url} with ${name}`;
  expect([cell, refused]).toEqual([cell, expected]);
  if (expected === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
  if (expected === 403) expect((await json(answer)).detail).toContain(permission);
  else await answer.body?.cancel();
}

test('REST: every route × every role, and nobody', async () => {
  for (const route of api.app.routes)
    await Promise.all(CREDENTIALS.map((credential) => askAs(route, credential)));
  expect(api.app.routes.length * CREDENTIALS.length).toBeGreaterThan(650);
}, 60_000);

/** The code with which a method answers an empty message; a stream's is that of its first answer. */
function codeOf(name: keyof typeof PlatformService, headers: Record<string, string>): Promise<status> {
  const { path, responseStream } = PlatformService[name];
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
  const same = (bytes: Buffer) => bytes;
  const empty = Buffer.alloc(0);
  return new Promise((resolve) => {
    if (responseStream) {
      const stream = client.makeServerStreamRequest(path, same, same, empty, metadata);
      stream.once('data', () => stream.cancel());
      stream.on('error', ({ code }: ServiceError) => resolve(code));
      return;
    }
    client.makeUnaryRequest(path, same, same, empty, metadata, (error) => resolve(error?.code ?? status.OK));
  });
}

test('gRPC: every method × every role, and nobody', async () => {
  const methods = Object.keys(PlatformService) as (keyof typeof PlatformService)[];
  expect(methods.sort()).toEqual(Object.keys(METHOD_PERMISSIONS).sort());
  const codes = { 401: status.UNAUTHENTICATED, 403: status.PERMISSION_DENIED };
  for (const method of methods) {
    for (const { name, headers, role } of CREDENTIALS) {
      const code = await codeOf(method, headers);
      const expected = refusal(METHOD_PERMISSIONS[method], role);
      const refused = [status.UNAUTHENTICATED, status.PERMISSION_DENIED].includes(code) ? code : null;
      const meant = expected === null ? null : codes[expected];
      expect([`${method} with ${name}`, refused]).toEqual([`${method} with ${name}`, meant]);
    }
  }
}, 60_000);

test('a route without a permission keeps the server from starting', () => {
  const bare = Fastify();
  guard(bare, api.dependencies);
  expect(() => bare.get('/api/unguarded', async () => ({}))).toThrow(
    'GET /api/unguarded names no permission.',
  );
});

test('what each key made is its own, and an admin’s key sees all', async () => {
  const as = (role: Role) => ({ authorization: `Bearer token-of-${role}` });
  const made = await call(api, '/api/uploads?name=a.csv', {
    body: 'a,b\n1,2\n',
    headers: { ...as('user'), 'content-type': 'text/csv' },
  });
  const { id } = await json<{ id: string }>(made);
  const seen = async (role: Role) => (await call(api, `/api/uploads/${id}`, { headers: as(role) })).status;
  expect(await Promise.all([seen('user'), seen('agent'), seen('admin')])).toEqual([200, 404, 200]);
});

test('a key may come as X-API-Key too, and the scheme’s name in any case', async () => {
  const ask = (headers: Record<string, string>) => call(api, '/api/sessions', { headers });
  expect((await ask({ 'x-api-key': 'token-of-user' })).status).toBe(200);
  expect((await ask({ authorization: 'bearer token-of-user' })).status).toBe(200);
  expect((await ask({ 'x-api-key': 'token-of-root' })).status).toBe(401);
});

test('two keys that differ are refused, and a refusal repeats no key', async () => {
  const headers = { authorization: 'Bearer token-of-user', 'x-api-key': 'token-of-admin' };
  const answer = await call(api, '/api/sessions', { headers });
  expect(answer.status).toBe(401);
  expect(await answer.text()).not.toMatch(/token-of/);
  expect(answer.headers.get('www-authenticate')).not.toContain('invalid_token');
});
