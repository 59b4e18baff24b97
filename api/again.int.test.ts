/** A session's decisions on a new file over REST: told before anything is written, asked about, kept. */

import type { Decision } from '../core/decisions.ts';
import { newId } from '../core/ids.ts';
import type { Experiment, Session } from '../core/records.ts';
import { insertDecisions } from '../db/index.ts';
import type { AgainAnswer } from './services/again.ts';
import { startTestApi, type TestApi } from './testing/api-server.ts';
import { type CallOptions, call, form, json } from './testing/client.ts';

const TABLE = 'species,island,mass,age\nadelie,dream,1,2\n';
const RENAMED = 'species,island,mass,age_years,depth\nadelie,dream,1,2,3\n';
const FIELDS = { target: 'species', seed: '5', instructions: 'be brief', data_sharing: 'aggregates' };

let api: TestApi;
let origin: Session;

beforeAll(async () => {
  api = await startTestApi();
  const experiment = await json<Experiment>(call(api, '/api/experiments', { body: form(FIELDS, TABLE) }));
  const decisions = [
    { key: 'column.age.use', value: 'out' },
    { key: 'budget.turns', value: 12 },
  ];
  const path = `/api/experiments/${experiment.id}/sessions`;
  origin = await json<Session>(call(api, path, { json: { decisions } }));
  const row = { session_id: origin.id, stage: 'prep' as const, run: null, by: 'agent' as const };
  await api.db.transaction((tx) =>
    insertDecisions(tx, [
      { ...row, id: newId(), key: 'split.by', value: 'island', reason: 'they are alike' },
    ]),
  );
}, 60_000);
afterAll(() => api?.close());

const again = (options: CallOptions) => call(api, `/api/sessions/${origin.id}/again`, options);
const ledgerOf = async ({ id }: Session) => {
  const path = `/api/sessions/${id}/decisions?history=true`;
  const { items } = await json<{ items: Decision[] }>(call(api, path));
  return items.map(({ key, value, by, inherited_from, standing, to_confirm }) => [
    ...[key, value, by, inherited_from === origin.id, standing],
    ...(to_confirm ? ['to confirm'] : []),
  ]);
};
const count = async () =>
  [
    (await json<{ items: unknown[] }>(call(api, '/api/experiments'))).items.length,
    (await json<{ items: unknown[] }>(call(api, '/api/sessions'))).items.length,
    (await api.keys('datasets/')).length,
  ] as const;

test('a new file of the same form: an experiment as before, a ledger that says by whom and from where', async () => {
  const answer = await again({ body: form({}, TABLE, 'june.csv') });
  const session = await json<Session>(answer);
  expect([answer.status, answer.headers.get('location')]).toEqual([201, `/api/sessions/${session.id}`]);
  expect(session).toMatchObject({
    state: 'created',
    mode: 'manual',
    model: origin.model,
    limits: { turns: 12 },
  });
  const experiment = await json<Experiment>(call(api, `/api/experiments/${session.experiment_id}`));
  expect(experiment).toMatchObject({
    ...{ name: 'june', target: 'species', seed: 5, instructions: 'be brief', data_sharing: 'aggregates' },
    excluded_columns: ['age'],
    dataset: { files: [{ name: 'june.csv' }] },
  });
  expect(experiment.dataset.files[0]?.s3_path).toContain(experiment.id);
  expect(await ledgerOf(session)).toEqual([
    ['target', 'species', 'person', true, 'in_force'],
    ['column.age.use', 'out', 'person', true, 'in_force'],
    ['budget.turns', 12, 'person', true, 'in_force'],
    ['split.by', 'island', 'agent', true, 'in_force'],
  ]);
});

test('a dry run tells what is kept, asked and new, and nothing is written', async () => {
  const before = await count();
  const answer = await again({ body: form({ dry_run: 'true' }, RENAMED) });
  expect(answer.status).toBe(200);
  const preview = await json<AgainAnswer>(answer);
  expect(preview).toMatchObject({
    ...{ dry_run: true, unfit: [], missing_columns: ['age'], new_columns: ['age_years', 'depth'] },
    questions: [
      { id: 'column.age', choices: [{ answer: 'age_years' }, { answer: 'gone' }], safe: 'age_years' },
    ],
  });
  expect(preview.inherited.map(({ key, by, to_confirm }) => [key, by, to_confirm])).toEqual([
    ['target', 'person', false],
    ['budget.turns', 'person', false],
    ['split.by', 'agent', false],
    ['column.age_years.use', 'person', true],
  ]);
  expect(await count()).toEqual(before);
});

test('what does not fit has to be answered before anything is written; in auto the safe choice is taken', async () => {
  const before = await count();
  const refused = await json(again({ body: form({}, RENAMED) }));
  expect(refused).toMatchObject({
    ...{ status: 422, code: 'INVALID_DECISION', details: { questions: [{ id: 'column.age' }] } },
    detail: expect.stringMatching(/no column age.*answers\.column\.age: age_years \(.*age_years is left out/),
  });
  expect(await count()).toEqual(before);
  const answers = JSON.stringify({ 'column.age': 'gone' });
  const answered = await json<Session>(again({ body: form({ answers }, RENAMED) }));
  expect((await ledgerOf(answered)).map(([key]) => key)).toEqual(['target', 'budget.turns', 'split.by']);
  // nothing runs here that could start a stage: the session is written all the same, and says so
  const auto = await json(again({ body: form({ mode: 'auto' }, RENAMED) }));
  expect(auto).toMatchObject({ status: 503, details: { session_id: expect.any(String) } });
  const { details } = auto as { details: { session_id: string } };
  const inherited = await ledgerOf({ id: details.session_id } as Session);
  expect(inherited.at(-1)).toEqual(['column.age_years.use', 'out', 'person', true, 'in_force', 'to confirm']);
});

test('what cannot be kept stays to be seen, and an answer that nobody offered is refused', async () => {
  const table = 'species,mass,age\nadelie,1,2\n';
  const answers = JSON.stringify({ 'column.island': 'gone' });
  const session = await json<Session>(again({ body: form({ answers }, table) }));
  expect((await ledgerOf(session)).slice(-2)).toEqual([
    ['budget.turns', 12, 'person', true, 'in_force'],
    ['split.by', 'island', 'agent', true, 'unfit'],
  ]);
  const wrong = JSON.stringify({ 'column.island': 'mass' });
  expect(await json(again({ body: form({ answers: wrong }, table) }))).toMatchObject({
    ...{ status: 422, details: { key: 'column.island', possible: ['gone'] } },
  });
  expect((await again({ body: form({ answers: '[1]' }, table) })).status).toBe(400);
});

test('a target that is gone has no safe choice: in auto, too, it has to be named', async () => {
  const table = 'island,mass,age\ndream,1,2\n';
  const refused = await json(again({ body: form({ mode: 'auto' }, table) }));
  expect(refused).toMatchObject({ status: 422, details: { questions: [{ id: 'target', safe: null }] } });
});

test('an upload becomes the new file, and the same key makes one experiment', async () => {
  const headers = { 'content-type': 'text/csv' };
  const upload = await json(call(api, '/api/uploads?name=july.csv', { body: TABLE, headers }));
  const send = () =>
    again({ json: { upload_id: upload.id, name: 'July' }, headers: { 'idempotency-key': 'again' } });
  const [first, second] = [await json<Session>(send()), await json<Session>(send())];
  expect(second.id).toBe(first.id);
  const { name } = await json<Experiment>(call(api, `/api/experiments/${first.experiment_id}`));
  expect(name).toBe('July');
});
