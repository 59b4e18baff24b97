/** A page of a trusted origin (TEMPERA_ORIGINS) may send every request and read every answer; no other page may. */

import { startTestApi, type TestApi } from './testing/api-server.ts';
import { call, newSession, raw } from './testing/client.ts';

const ORIGIN = 'http://localhost:5173';
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ settings: { origins: [ORIGIN] } });
}, 60_000);
afterAll(() => api?.close());

const asked = (method: string) => ({
  origin: ORIGIN,
  'access-control-request-method': method,
  'access-control-request-headers': 'content-type,idempotency-key,last-event-id',
});

test('a browser that asks first is let through on every route, for what the route takes', async () => {
  for (const route of api.app.routeList) {
    const [method = '', path = ''] = route.split(' ');
    const answer = await call(api, path, { method: 'OPTIONS', headers: asked(method) });
    expect([route, answer.status, await answer.text()]).toEqual([route, 204, '']);
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(answer.headers.get('access-control-allow-methods')).toContain(method);
    const allowed = answer.headers.get('access-control-allow-headers');
    for (const name of ['content-type', 'idempotency-key', 'last-event-id', 'range'])
      expect(allowed).toContain(name);
  }
});

test('its answers may be read: data, refusals, files and streams', async () => {
  const session = await newSession(api);
  const headers = { origin: ORIGIN };
  const answers = await Promise.all([
    call(api, '/api/experiments', { headers }),
    call(api, '/api/sessions/none', { headers }),
    call(api, `/api/sessions/${session.id}/cancel`, { headers, json: { no: 'such field' } }),
    call(api, `/api/sessions/${session.id}/stream`, { headers }),
    call(api, '/api/none', { headers }),
  ]);
  for (const answer of answers) {
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(answer.headers.get('vary')).toMatch(/origin/i);
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-request-id');
    await answer.body?.cancel();
  }
});

test(
  'a page elsewhere is refused before anything else, and a caller without an origin is ' +
    'told nothing of them',
  async () => {
    for (const method of ['OPTIONS', 'GET', 'POST']) {
      const headers = { ...asked('POST'), origin: 'http://evil.example' };
      const answer = await raw(api, '/api/experiments', { method, headers });
      expect([method, answer.status]).toEqual([method, 403]);
    }
    const plain = await call(api, '/api/experiments');
    expect(plain.headers.get('access-control-allow-origin')).toBeNull();
  },
);
