/**
 * Budgets over a real Postgres: calls of two workers together never go beyond one, what they use is settled by the
 * rows themselves, an admin raises it.
 */

import { reserveBudget } from '../../activities/budgets.ts';
import { NO_BUDGET } from '../../core/budgets.ts';
import { TemperaError } from '../../core/errors.ts';
import type { ModelRequest } from '../../core/ports/model.ts';
import {
  beginModelCall,
  failModelCall,
  finishModelCall,
  loseDelivery,
  rememberPrincipal,
  reserveCall,
} from '../../db/index.ts';
import { addSession, type TestSession } from '../../db/testing/rows.ts';
import { type TestApi, useTestApi } from '../testing/api-server.ts';
import { call, json } from '../testing/client.ts';

let api: TestApi;
useTestApi((started) => {
  api = started;
});

const DAY_LIMIT = 5;
const budgetOf = () => ({ ...NO_BUDGET, dollars_day: DAY_LIMIT });
const usage = { input: 60, output: 40, cacheRead: 0, cacheWrite: 0 };
const answer = { content: [], stopReason: 'end_turn' as const, usage, cost: 2 };

interface Standing {
  id: string;
  source: string;
  state: string;
  used: Record<string, number>;
}
async function standing(id: string): Promise<Standing | undefined> {
  const { items } = await json<{ items: Standing[] }>(call(api, '/api/budgets'));
  return items.find((each) => each.id === id);
}

async function sessionOf(id: string): Promise<TestSession> {
  const principal = { id, role: 'user' as const };
  await rememberPrincipal(api.db, principal);
  return await addSession(api.db, principal);
}

/** A turn's call, reserved with what it may use and begun, in one transaction as the activity does it. */
async function begin({ session }: TestSession, turn: number, dollars: number) {
  const key = { session_id: session.id, stage: 'eda' as const, run: 1, turn, request_sha256: `r${turn}` };
  const reason = await api.db.transaction(async (tx) => {
    const most = { dollars, tokens: 100 };
    const name = `session/${session.id}/eda/1/${turn}`;
    const refused = await reserveCall(tx, { call: name, owner: session.owner, most }, budgetOf);
    if (refused === null) await beginModelCall(tx, { ...key, model: 'm' });
    return refused;
  });
  return { key, reason };
}

test('calls at once are reserved against one budget, however many workers send them', async () => {
  const made = await sessionOf('ann');
  const begun = await Promise.all([1, 2, 3, 4, 5].map((turn) => begin(made, turn, 2)));
  const reserved = begun.filter(({ reason }) => reason === null);
  expect(reserved).toHaveLength(2);
  expect(begun.find(({ reason }) => reason !== null)?.reason).toMatch(
    /budget of 5\.00 dollars a day .* an admin/,
  );
  expect(await standing('ann')).toMatchObject({ used: { dollars_day: 4 } });
});

test('what a call used is settled by its row: an answer, a lost one, a failure that used nothing', async () => {
  const made = await sessionOf('bea');
  const [first, second, third] = [await begin(made, 1, 3), await begin(made, 2, 1), await begin(made, 3, 1)];
  await api.db.transaction((tx) => finishModelCall(tx, first.key, { answer, usage, cost: 2 }));
  await api.db.transaction(async (tx) => {
    await failModelCall(tx, second.key, 'cut off');
    await loseDelivery(tx, second.key, { used: { usage, cost: 0.5 }, counts: true });
    await failModelCall(tx, third.key, 'refused');
  });
  const used = { dollars_day: 2.5, dollars_month: 2.5, tokens_day: 200, tokens_month: 200 };
  expect(await standing('bea')).toMatchObject({ state: 'ok', used });
  await api.db.transaction((tx) => finishModelCall(tx, first.key, { answer, usage, cost: 2 }));
  await api.db.query('delete from sessions where id = $1', [made.session.id]);
  expect(await standing('bea')).toMatchObject({ used });
});

test('a repeated attempt reserves once, and a reservation that nobody settles ends by itself', async () => {
  const made = await sessionOf('cleo');
  for (let attempt = 0; attempt < 3; attempt += 1) expect((await begin(made, 1, 4)).reason).toBeNull();
  expect((await begin(made, 2, 4)).reason).not.toBeNull();
  await api.db.query(`update budget_reservations set reserved_at = reserved_at - interval '61 minutes'`);
  expect((await begin(made, 2, 4)).reason).toBeNull();
});

test('a reached budget is a wait like for a quota, until an admin raises it or takes it back', async () => {
  const made = await sessionOf('dora');
  await begin(made, 1, DAY_LIMIT);
  const request: ModelRequest = { model: 'm', system: '', messages: [], tools: [], maxTokens: 1 };
  const model = {
    complete: () => Promise.reject(new Error('nothing is asked of it')),
    list: async () => [],
    bound: () => ({ usage, cost: 1 }),
  };
  const reserve = () =>
    api.db.transaction((tx) =>
      reserveBudget({ budgetOf }, tx, { call: 'session/x', owner: made.session.owner, model, request }),
    );
  const refused: unknown = await reserve().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(TemperaError);
  expect(refused).toMatchObject({ code: 'MODEL_QUOTA', details: { cause: 'quota' } });
  const budget = { ...NO_BUDGET, dollars_day: 7 };
  const put = (owner?: string) => call(api, '/api/budgets/dora', { method: 'PUT', owner, json: budget });
  expect((await put('dora')).status).toBe(403);
  expect((await put()).status).toBe(204);
  await reserve();
  expect(await standing('dora')).toMatchObject({ source: 'own', state: 'warning', used: { dollars_day: 6 } });
  expect((await call(api, '/api/budgets/dora', { method: 'DELETE' })).status).toBe(204);
  expect(await standing('dora')).toMatchObject({ source: 'role', budget: NO_BUDGET });
});

test('a caller sees its own budget, and no other’s', async () => {
  await sessionOf('eve');
  const { items } = await json<{ items: Standing[] }>(call(api, '/api/budgets', { owner: 'eve' }));
  expect(items.map(({ id }) => id)).toEqual(['eve']);
});
