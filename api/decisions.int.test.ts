/** The ledger over REST: what was given is in it from the start, and its history shows what counts no more. */

import type { Decision } from '../core/decisions.ts';
import { newId } from '../core/ids.ts';
import type { Experiment, Session } from '../core/records.ts';
import { insertDecisions } from '../db/index.ts';
import { startTestApi, type TestApi } from './testing/api-server.ts';
import { call, form, json, newSession } from './testing/client.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
}, 60_000);
afterAll(async () => {
  await api?.close();
});

interface Ledger {
  items: Decision[];
  queued: Decision[];
}
const ledgerOf = ({ id }: Session, query = '') =>
  json<Ledger>(call(api, `/api/sessions/${id}/decisions${query}`));
const shown = ({ items }: Ledger) =>
  items.map(({ stage, run, key, value, by, standing }) => [stage, run, key, value, by, standing]);

test('what was given with an experiment and its session is the person’s', async () => {
  const fields = { target: 'species', metric: 'accuracy', excluded_columns: '[]' };
  const experiment = await json<Experiment>(call(api, '/api/experiments', { body: form(fields) }));
  const path = `/api/experiments/${experiment.id}/sessions`;
  const session = await json<Session>(call(api, path, { json: { limits: { cost: 2 } } }));
  expect(shown(await ledgerOf(session))).toEqual([
    ['eda', null, 'target', 'species', 'person', 'in_force'],
    ['train', null, 'metric', 'accuracy', 'person', 'in_force'],
    [null, null, 'budget.cost', 2, 'person', 'in_force'],
  ]);
});

test('an answer to a repeated request writes no second ledger', async () => {
  const { experiment_id } = await newSession(api);
  const create = () =>
    json<Session>(
      call(api, `/api/experiments/${experiment_id}/sessions`, {
        json: {},
        headers: { 'Idempotency-Key': 'k' },
      }),
    );
  const [first, again] = [await create(), await create()];
  expect(again.id).toBe(first.id);
  expect((await ledgerOf(first, '?history=true')).items.map(({ key }) => key)).toEqual(['target']);
});

test('the history has what was superseded, and what waits stands apart', async () => {
  const session = await newSession(api);
  const row = {
    session_id: session.id,
    stage: 'eda' as const,
    run: null,
    key: 'target',
    by: 'person' as const,
  };
  await api.db.transaction((tx) =>
    insertDecisions(tx, [
      { ...row, id: newId(), value: 'mass' },
      { ...row, id: newId(), value: 'island', queued: true },
    ]),
  );
  const ledger = await ledgerOf(session);
  expect(shown(ledger)).toEqual([['eda', null, 'target', 'mass', 'person', 'in_force']]);
  expect(ledger.queued.map(({ value, standing }) => [value, standing])).toEqual([['island', 'queued']]);
  const { items } = await ledgerOf(session, '?history=true');
  expect(items.map(({ value, standing }) => [value, standing])).toEqual([
    ['species', 'superseded'],
    ['mass', 'in_force'],
    ['island', 'queued'],
  ]);
  expect(items[0]?.superseded_by).toBe(items[1]?.id);
  expect((await call(api, `/api/sessions/${session.id}/decisions?history=maybe`)).status).toBe(400);
});

test('a session may decide from its start what another one had decided', async () => {
  const { experiment_id } = await newSession(api);
  const create = (decisions: unknown) =>
    call(api, `/api/experiments/${experiment_id}/sessions`, { json: { decisions } });
  const decisions = [
    { key: 'column.mass.use', value: 'in' },
    { key: 'imputation.method', value: 'median', stage: 'prep' },
    { key: 'budget.turns', value: 12 },
  ];
  const session = await json<Session>(create(decisions));
  expect(session.limits.turns).toBe(12);
  expect(shown(await ledgerOf(session)).map(([stage, , key, value, by]) => [stage, key, value, by])).toEqual([
    ['eda', 'target', 'species', 'person'],
    ['prep', 'column.mass.use', 'in', 'person'],
    ['prep', 'imputation.method', 'median', 'person'],
    [null, 'budget.turns', 12, 'person'],
  ]);
  const refused = await create([{ key: 'column.weight.use', value: 'out' }]);
  expect(refused.status).toBe(422);
  expect(await json(refused)).toMatchObject({
    code: 'INVALID_DECISION',
    details: { possible: ['species', 'mass'] },
  });
  expect((await create([{ key: 'No key', value: 1 }])).status).toBe(422);
  expect(await json(create([{ key: 'splt.by', value: 'mass' }]))).toMatchObject({
    ...{ code: 'INVALID_DECISION', details: { key: 'splt.by', possible: ['split.by'] } },
    detail: expect.stringContaining("There is no decision 'splt.by'. Did you mean 'split.by'"),
  });
  expect((await create([{ key: 'target' }])).status).toBe(400);
  expect((await create([...decisions, decisions[0]])).status).toBe(400);
});

test('what is kept from another session says by whom; without the session it is the caller’s own', async () => {
  const { experiment_id } = await newSession(api);
  const other = newId();
  const by = { by: 'agent', reason: 'it tells most' };
  const decisions = [
    { key: 'model.choice', value: 'a learner of its own', ...by, inherited_from: other },
    { key: 'metric', value: 'f1_macro', by: 'person', inherited_from: other, to_confirm: true },
    { key: 'target', value: 'mass', ...by },
  ];
  const path = `/api/experiments/${experiment_id}/sessions`;
  const session = await json<Session>(call(api, path, { json: { decisions } }));
  const { items } = await ledgerOf(session, '?history=true');
  expect(
    items.map(({ key, by, inherited_from, to_confirm }) => [key, by, inherited_from, to_confirm]),
  ).toEqual([
    ['model.choice', 'agent', other, false],
    ['metric', 'person', other, true],
    ['target', 'person', null, false],
  ]);
  expect(items.map(({ reason }) => reason)).toEqual([
    ...['it tells most', 'it was decided before', 'it tells most'],
  ]);
});
