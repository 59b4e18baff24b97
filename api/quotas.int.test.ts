/** Quotas: what is new is refused when it would be too much, also at once; what is deleted makes room. */

import { type AccessLimits, UNLIMITED } from '../core/access/limits.ts';
import type { Experiment } from '../core/records.ts';
import { startTestApi, type TestApi } from './testing/api-server.ts';
import { CSV, call, form, json } from './testing/client.ts';

let api: TestApi;
let limits: AccessLimits = UNLIMITED;
beforeAll(async () => {
  api = await startTestApi({ limitsOf: () => limits });
}, 60_000);
afterAll(() => api?.close());
beforeEach(() => {
  limits = UNLIMITED;
});

const experiment = (owner: string) =>
  call(api, '/api/experiments', { body: form({ target: 'species' }), owner });
const session = (id: string, owner: string) =>
  call(api, `/api/experiments/${id}/sessions`, { json: {}, owner });

test('sessions of an owner are counted, also those made at once, and of another owner not', async () => {
  limits = { ...UNLIMITED, sessionsStored: 2 };
  const { id } = await json<Experiment>(experiment('ann'));
  const made = await Promise.all([1, 2, 3, 4].map(() => session(id, 'ann')));
  expect(made.map(({ status }) => status).sort()).toEqual([201, 201, 429, 429]);
  const refused = made.find(({ status }) => status === 429);
  expect(await json(refused ?? made[0] ?? (await session(id, 'ann')))).toMatchObject({
    ...{ code: 'LIMIT_REACHED', detail: expect.stringContaining('2 of 2 sessions are in use') },
  });
  const other = await json<Experiment>(experiment('bob'));
  expect((await session(other.id, 'bob')).status).toBe(201);
  expect((await call(api, `/api/experiments/${id}`, { method: 'DELETE', owner: 'ann' })).status).toBe(204);
  const again = await json<Experiment>(experiment('ann'));
  expect((await session(again.id, 'ann')).status).toBe(201);
});

test('bytes of an owner are counted; what is refused leaves nothing, and the use is shown with the quota', async () => {
  limits = { ...UNLIMITED, bytesStored: 2 * CSV.length };
  const headers = { 'content-type': 'application/octet-stream' };
  const upload = () => call(api, '/api/uploads?name=a.csv', { owner: 'carl', body: CSV, headers });
  expect((await upload()).status).toBe(201);
  expect((await experiment('carl')).status).toBe(201);
  const before = [...(await api.keys('uploads/')), ...(await api.keys('datasets/'))];
  for (const refused of [await upload(), await experiment('carl')])
    expect([refused.status, (await json(refused)).code]).toEqual([429, 'LIMIT_REACHED']);
  expect([...(await api.keys('uploads/')), ...(await api.keys('datasets/'))]).toEqual(before);
  expect(await json(call(api, '/api/usage', { owner: 'carl' }))).toEqual({
    ...{ sessions: 0, bytes: 2 * CSV.length },
    limits: { sessions: null, bytes: 2 * CSV.length },
  });
});
