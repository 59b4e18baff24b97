/** record_decision against a real Postgres: a row, once, which yields to the person; its result is what is in force. */

import { TOOL_INPUTS } from '../agents/index.ts';
import { newId } from '../core/ids.ts';
import { type Database, insertDecisions, listDecisions, type NewDecision } from '../db/index.ts';
import { startTestPostgres, type TestPostgres } from '../db/testing/postgres.ts';
import { addSession, USER_A } from '../db/testing/rows.ts';
import type { ToolCall } from '../workflows/contract/activities.ts';
import { recordDecision } from './recorded-decision.ts';

let postgres: TestPostgres;
let database: Database;

beforeAll(async () => {
  postgres = await startTestPostgres();
  database = postgres.open();
}, 60_000);
afterAll(() => postgres?.stop());

async function recorded(
  input: Record<string, unknown>,
  decided: unknown = null,
  more: Partial<NewDecision> = {},
) {
  const { session } = await addSession(database);
  const row = { session_id: session.id, stage: 'prep' as const, run: null, by: 'person' as const };
  if (decided !== null)
    await database.transaction((tx) =>
      insertDecisions(tx, [{ ...row, id: newId(), key: 'split.by', value: decided, ...more }]),
    );
  const call = {
    ...{ sessionId: session.id, owner: 'a', stage: 'prep', run: 1, turn: 2, base: null },
    call: { id: 'call', name: 'record_decision', kind: 'control' },
  } as ToolCall;
  const once = () => database.transaction((tx) => recordDecision(tx, call, { ok: true, input }));
  const results = [await once(), await once()];
  const ledger = (await listDecisions(database, USER_A, session.id)) ?? [];
  return { results, made: ledger.filter(({ step_id, run }) => step_id === null && run !== null) };
}

const INPUT = { key: 'split.by', value: 'island', reason: 'birds of one island are alike' };

test('what an agent chooses counts in its run, however often the call is walked', async () => {
  const { results, made } = await recorded(INPUT);
  expect(results.map(({ content, isError }) => [content, isError])).toEqual([
    ['Recorded.', false],
    ['Recorded.', false],
  ]);
  expect(made).toMatchObject([{ ...INPUT, stage: 'prep', run: 1, by: 'agent', standing: 'in_force' }]);
});

test.each<[string, unknown]>([
  ['target.meaning', 'observed_only'],
  ['rows.left_out', ['footnote', 'total']],
  ['column.dose.missing', ['-999', '?']],
  ['column.dose.decimal', 'thousands'],
  ['column.seen.date_order', 'day'],
  ['column.price.currencies', 'as_they_stand'],
  ['column.site.features', 'means'],
  ['file.join.sites_csv', 'leave_out'],
  ['threshold', 0.35],
])('%s is recorded with %j', async (key, value) => {
  expect(TOOL_INPUTS.record_decision.safeParse({ ...INPUT, key, value }).success).toBe(true);
  const { results, made } = await recorded({ ...INPUT, key, value });
  expect(results[0]).toMatchObject({ content: 'Recorded.', isError: false });
  expect(made).toMatchObject([{ key, value, standing: 'in_force' }]);
});

test('where the person has decided it yields, and is told what holds', async () => {
  const { results, made } = await recorded(INPUT, 'sex');
  expect(results[0]?.content).toBe('The person has decided it: "sex" holds for split.by. Follow it.');
  expect(made.map(({ standing }) => standing)).toEqual(['yielded']);
  expect(results[0]?.events).toMatchObject([{ type: 'decisions', data: { items: [{ yields: true }] } }]);
});

test('where it was kept from another session it yields, too, whoever had decided it there', async () => {
  const { results, made } = await recorded(INPUT, 'sex', { by: 'agent', inherited_from: newId() });
  expect(results[0]?.content).toBe('It is kept from another session: "sex" holds for split.by. Follow it.');
  expect(made.map(({ standing }) => standing)).toEqual(['yielded']);
});

test('what is too large is refused with a sentence, and nothing is written', async () => {
  const { results, made } = await recorded({ ...INPUT, value: 'x'.repeat(5_000) });
  expect(results[0]).toMatchObject({ isError: true, events: [] });
  expect(made).toEqual([]);
});
