/** What sessions came to, and sessions side by side. */

import { newId, sha256 } from '../core/ids.ts';
import { insertMetrics, insertStageRun, updateSession, upsertArtifacts } from '../db/index.ts';
import { type TestApi, useTestApi } from './testing/api-server.ts';
import { call, json, newSession } from './testing/client.ts';

let api: TestApi;
useTestApi((started) => {
  api = started;
});

test('sessions are compared by the summaries of their newest runs', async () => {
  const [a, b] = [await newSession(api, 'dora'), await newSession(api, 'dora')];
  const foreign = await newSession(api, 'eve');
  const source = { session_id: a.id, stage: 'train' as const, step_id: newId(), execution: 1 };
  const point = (step: number, value: number) => ({ run_tag: '', name: 'loss', step, value, flag: null });
  await api.db.transaction((tx) => insertMetrics(tx, { ...source, run: 1 }, [point(0, 99)]));
  await api.db.transaction((tx) =>
    insertMetrics(tx, { ...source, run: 2 }, [point(0, 3), point(1, 1), point(2, 2)]),
  );
  const ids = [a.id, b.id, foreign.id].join(',');
  const { items } = await json<{ items: { id: string; metrics: object[] }[] }>(
    call(api, `/api/compare?sessions=${ids}`, { owner: 'dora' }),
  );
  expect(items.map(({ id }) => id).sort()).toEqual([a.id, b.id].sort());
  const found = items.find(({ id }) => id === a.id);
  const whole = { mean: null, value: 2, chosen: true };
  expect(found?.metrics).toEqual([
    {
      stage: 'train',
      run: 2,
      run_tag: '',
      name: 'loss',
      last: 2,
      min: 1,
      max: 3,
      best: 1,
      count: 3,
      ...whole,
    },
  ]);
});

test('a thousand sessions fit an address, more and nonsense are refused with what is wrong', async () => {
  const ids = (count: number) => Array.from({ length: count }, () => newId()).join(',');
  expect((await call(api, `/api/compare?sessions=${ids(1_000)}`)).status).toBe(200);
  expect((await call(api, `/api/compare?sessions=${ids(1_001)}`)).status).toBe(400);
  const nonsense = await call(api, '/api/compare?sessions=nonsense');
  expect(nonsense.status).toBe(400);
  expect(await nonsense.text()).toContain('“nonsense” in ?sessions= is not the id of a session.');
  expect((await call(api, '/api/compare')).status).toBe(400);
});

test('sessions are summed up over all of them, with the learner of each', async () => {
  const [a, b] = [await newSession(api, 'fred'), await newSession(api, 'fred')];
  for (const [session, value] of [
    [a, 0.2],
    [b, 0.1],
  ] as const) {
    const source = {
      session_id: session.id,
      stage: 'train' as const,
      run: 1,
      step_id: newId(),
      execution: 1,
    };
    const point = { run_tag: 'forest', name: 'test_log_loss', step: 1, value, flag: null };
    await api.db.transaction((tx) => insertMetrics(tx, source, [point]));
  }
  const answer = await json<{ items: { learner: string }[]; aggregates: object[] }>(
    call(api, `/api/compare?sessions=${a.id},${b.id}`, { owner: 'fred' }),
  );
  expect(answer.items.map(({ learner }) => learner)).toEqual(['forest', 'forest']);
  expect(answer.aggregates).toMatchObject([
    {
      name: 'test_log_loss',
      better: 'less',
      sessions: 2,
      best: null,
      best_session: null,
      min: 0.1,
      max: 0.2,
    },
  ]);
});

test('experiments come with what their last sessions came to, on request', async () => {
  const session = await newSession(api, 'gina');
  const source = { session_id: session.id, stage: 'train' as const, run: 1, step_id: newId(), execution: 1 };
  const points = [0.5, 0.7].map((value, step) => ({
    ...{ run_tag: 'forest', name: 'cv_f1_mean', step, value, flag: null },
  }));
  await api.db.transaction((tx) => insertMetrics(tx, source, points));
  await api.db.transaction((tx) => updateSession(tx, session.id, { state: 'train_running' }));
  const list = (query: string) =>
    json<{ items: { last?: object }[] }>(call(api, `/api/experiments${query}`, { owner: 'gina' }));
  const score = {
    metric: 'cv_f1',
    value: 0.7,
    spread: null,
    baseline: null,
    gain: null,
    final: false,
    stale: false,
  };
  expect((await list('?include=last_session')).items.map(({ last }) => last)).toEqual([
    {
      id: session.id,
      sessions: 1,
      best: null,
      cost: 0,
      tokens: 0,
      turns: {},
      results: {},
      score,
      line: [0.5, 0.7],
    },
  ]);
  expect((await list('')).items[0]).not.toHaveProperty('last');
  expect((await call(api, '/api/experiments?include=everything')).status).toBe(400);
  const sessions = (query: string, owner = 'gina') =>
    json<{ items: { outcome?: object }[] }>(call(api, `/api/sessions${query}`, { owner }));
  expect((await sessions('?include=outcome')).items.map(({ outcome }) => outcome)).toEqual([
    { cost: 0, tokens: 0, turns: {}, results: {}, score, line: [0.5, 0.7] },
  ]);
  expect((await sessions('')).items[0]).not.toHaveProperty('outcome');
  expect((await sessions('?include=outcome', 'hans')).items).toEqual([]);
  expect((await call(api, '/api/sessions?include=everything')).status).toBe(400);
});

/** A session whose training is finished with this score, as run 1. */
async function trained(owner: string, value: number) {
  const session = await newSession(api, owner);
  await finishTraining(session.id, value);
  return session;
}

async function finishTraining(session_id: string, value: number): Promise<void> {
  const metadata = { primary_metric: 'accuracy', metrics: { test: { accuracy: value } } };
  const content = Buffer.from(JSON.stringify(metadata));
  const written = { sha256: sha256(content), size: content.length };
  await api.dependencies.blobs.put(written.sha256, content, { size: written.size });
  const run = { session_id, stage: 'train' as const, run: 1 };
  const file = (path: string, type: 'metadata' | 'model') => ({
    ...{ ...run, id: newId(), step_id: null, type, path, name: path, s3_path: path, ...written },
  });
  const point = { run_tag: 'linear', name: 'test_accuracy', step: 1, value, flag: null };
  await api.db.transaction(async (tx) => {
    await insertStageRun(tx, { ...run, state: 'done' });
    const model = file('train/models/model.pkl', 'model');
    await upsertArtifacts(tx, [file('train/data/metadata.json', 'metadata'), model]);
    await insertMetrics(tx, { ...run, step_id: newId(), execution: 1 }, [point]);
    await updateSession(tx, session_id, { state: 'train_done' });
  });
}

test('a training that is run again and cancelled leaves the finished one’s result everywhere', async () => {
  const session = await trained('iris', 0.9);
  const source = { session_id: session.id, stage: 'train' as const, run: 2, step_id: newId(), execution: 1 };
  const point = { run_tag: 'forest', name: 'cv_accuracy', step: 1, value: 0.99, flag: null };
  await api.db.transaction(async (tx) => {
    await insertStageRun(tx, { session_id: session.id, stage: 'train', run: 2, state: 'cancelled' });
    await insertMetrics(tx, source, [point]);
    await updateSession(tx, session.id, { state: 'cancelled' });
  });
  const get = <T>(path: string) => json<{ items: T[] }>(call(api, path, { owner: 'iris' }));
  const score = { metric: 'accuracy', value: 0.9, final: true, stale: false };
  const results = { train: { run: 1, stale: false } };
  expect((await get('/api/sessions?include=outcome')).items).toMatchObject([{ outcome: { score, results } }]);
  expect((await get('/api/experiments?include=last_session')).items).toMatchObject([
    { last: { score, results, best: { session_id: session.id, value: 0.9 } } },
  ]);
  expect((await get('/api/models')).items).toMatchObject([{ session_id: session.id, run: 1, score: 0.9 }]);
  const compared = await get<{ metrics: object[] }>(`/api/compare?sessions=${session.id}`);
  expect(compared.items[0]?.metrics).toMatchObject([{ run: 1, name: 'test_accuracy', value: 0.9 }]);
});

test('an experiment keeps its best score while a newer session has none', async () => {
  const first = await trained('jo', 0.8);
  const again = await json<{ id: string }>(
    call(api, `/api/experiments/${first.experiment_id}/sessions`, { json: {}, owner: 'jo' }),
  );
  const list = () =>
    json<{ items: object[] }>(call(api, '/api/experiments?include=last_session', { owner: 'jo' }));
  const best = { session_id: first.id, value: 0.8 };
  expect((await list()).items).toMatchObject([{ last: { id: again.id, sessions: 2, score: null, best } }]);
  await finishTraining(again.id, 0.7);
  expect((await list()).items).toMatchObject([{ last: { id: again.id, score: { value: 0.7 }, best } }]);
});

test('points come as columns on request', async () => {
  const session = await newSession(api);
  const source = { session_id: session.id, stage: 'train' as const, run: 1, step_id: newId(), execution: 1 };
  const points = [1, null, 3].map((value, step) => ({
    ...{ run_tag: '', name: 'loss', step, value, flag: value === null ? 'NaN' : null },
  }));
  await api.db.transaction((tx) => insertMetrics(tx, source, points));
  const path = `/api/sessions/${session.id}/metrics`;
  const answer = await json<{ items: object[]; series: object[] }>(
    call(api, `${path}?form=columns&from_step=1`),
  );
  expect([answer.items, answer.series]).toEqual([
    [],
    [{ stage: 'train', run: 1, run_tag: '', name: 'loss', count: 3, steps: [1, 2], values: [null, 3] }],
  ]);
  expect(await json(call(api, path))).not.toHaveProperty('series');
  expect((await call(api, `${path}?form=rows`)).status).toBe(400);
});
