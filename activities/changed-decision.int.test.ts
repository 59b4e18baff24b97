/**
 * change_decision against a real Postgres: what a person has ordered in words is the person's row, once, with their
 * words as its reason; what nobody has said no agent can claim.
 */

import { newId } from '../core/ids.ts';
import { type Database, insertDecisions, insertMessage, listDecisions, updateSession } from '../db/index.ts';
import { startTestPostgres, type TestPostgres } from '../db/testing/postgres.ts';
import { addSession, type TestSession, USER_A } from '../db/testing/rows.ts';
import type { ToolCall } from '../workflows/contract/activities.ts';
import { changeDecision } from './changed-decision.ts';

let postgres: TestPostgres;
let database: Database;

beforeAll(async () => {
  postgres = await startTestPostgres();
  database = postgres.open();
}, 60_000);
afterAll(() => postgres?.stop());

async function says(...texts: string[]): Promise<TestSession> {
  const made = await addSession(database);
  for (const [at, text] of texts.entries())
    await database.transaction((tx) =>
      insertMessage(tx, {
        ...{ id: newId(), session_id: made.session.id, stage: 'eda', run: 1, turn: at + 1, role: 'user' },
        content: [{ type: 'text', text }],
      }),
    );
  return made;
}

async function ordered({ session }: TestSession, input: Record<string, unknown>, id = 'call') {
  const call = {
    ...{ sessionId: session.id, owner: 'a', stage: 'eda', run: 1, turn: 2, base: null },
    call: { id, name: 'change_decision', kind: 'control' },
  } as ToolCall;
  const once = () => database.transaction((tx) => changeDecision(tx, call, { ok: true, input }));
  const result = await once();
  await once();
  const ledger = (await listDecisions(database, USER_A, session.id)) ?? [];
  return { result, ledger: ledger.filter(({ by }) => by === 'person') };
}

const OUT = { key: 'column.sex.use', value: 'out' };

test('an order is the person’s row, once, with their words; undo takes it back', async () => {
  const made = await says('Please leave out sex, it is unfair.', 'undo that');
  const { result, ledger } = await ordered(made, { spoken: 'leave out sex', changes: [OUT] });
  expect(result.isError).toBe(false);
  expect(JSON.parse(result.content)).toMatchObject({ decided: [{ ...OUT, holds: 'now' }], refused: [] });
  expect(ledger).toMatchObject([
    { ...OUT, by: 'person', run: null, reason: '“leave out sex”', standing: 'in_force' },
  ]);
  expect(result.events).toMatchObject([{ type: 'decisions', data: { items: [{ ...OUT, by: 'person' }] } }]);
  const undone = await ordered(made, { spoken: 'undo that', undo: true }, 'next');
  expect(JSON.parse(undone.result.content)).toMatchObject({ undone: true, decided: [{ withdrawn: true }] });
  expect(undone.ledger.map(({ standing }) => standing)).toEqual(['superseded', 'withdrawn']);
});

test.each([
  ['words that nobody said', ['How many women are there?'], 'leave out sex'],
  ['a single word of a sentence', ['Should we leave out sex?'], 'sex'],
  ['words in another order', ['Leave sex in, not out.'], 'leave out sex'],
  ['no words', ['Leave out sex.'], '…'],
])('%s are refused, and nothing is written', async (_what, texts, spoken) => {
  const { result, ledger } = await ordered(await says(...texts), { spoken, changes: [OUT] });
  expect(result).toMatchObject({ isError: true, content: expect.stringContaining('has not said that') });
  expect(ledger).toEqual([]);
});

test('a message that no turn has taken up yet orders nothing, nor does the platform’s own', async () => {
  const made = await says();
  const row = { session_id: made.session.id, stage: null, run: null, role: 'user' as const };
  const content = [{ type: 'text', text: 'Leave out sex.' }];
  await database.transaction(async (tx) => {
    await insertMessage(tx, { ...row, id: newId(), turn: null, content });
    await insertMessage(tx, { ...row, id: newId(), turn: 1, content, metadata: { kind: 'nudge' } });
  });
  expect((await ordered(made, { spoken: 'Leave out sex.', changes: [OUT] })).ledger).toEqual([]);
});

test('in a follow-up what was made is made anew: the row waits for its end', async () => {
  const made = await says('use f1 then');
  const followUp = { n: 1, stage: 'eda' as const, run: 1, first_turn: 1 };
  await database.transaction((tx) => updateSession(tx, made.session.id, { follow_up: followUp }));
  const target = { key: 'target', value: 'island' };
  const { result, ledger } = await ordered(made, { spoken: 'use f1 then', changes: [target] });
  expect(JSON.parse(result.content)).toMatchObject({ decided: [{ ...target, holds: 'later' }] });
  expect(ledger).toMatchObject([{ ...target, standing: 'queued' }]);
});

test('what the instructions order yields to what was decided since', async () => {
  const made = await says();
  await database.query('update experiments set instructions = $2 where id = $1', [
    made.experiment.id,
    'Leave out sex and judge by accuracy.',
  ]);
  const row = { session_id: made.session.id, stage: 'prep' as const, run: null, by: 'person' as const };
  await database.transaction((tx) =>
    insertDecisions(tx, [{ ...row, id: newId(), key: 'column.sex.use', value: 'in' }]),
  );
  const changes = [OUT, { key: 'metric', value: 'accuracy' }];
  const { ledger } = await ordered(made, { spoken: 'Leave out sex and judge by accuracy.', changes });
  expect(ledger.map(({ key, value, standing }) => [key, value, standing])).toEqual([
    ['column.sex.use', 'in', 'in_force'],
    ['metric', 'accuracy', 'in_force'],
  ]);
});
