/** Members learn from what people have decided, in a real sandbox, and speak for columns that nobody looked at. */

import { newId } from '../../core/ids.ts';
import * as db from '../../db/index.ts';
import { createSandboxHosts } from '../../sandbox-client/hosts.ts';
import { createListedProvider } from '../../sandbox-client/providers/listed.ts';
import { startTestHost, type TestHost } from '../../sandbox-client/testing/host.ts';
import { type FixedTable, fixedSources } from './fixed-tables.ts';
import { type Classifying, OWNER, startClassifying } from './running.ts';

const MODULES = ['--modules', 'tempera,trainable,tempera_sandbox.tools.label_columns'];
const TERMS = { AGE: 'vlim', PRICE: 'krut', CITY: 'posz' };

/** Tables of a house that calls its columns in its own way; their values are only numbers of its own. */
const HOUSE: FixedTable[] = Array.from({ length: 8 }, (_, at) => ({
  table: `blatt_${at}`,
  columns: Object.fromEntries(
    Object.values(TERMS).map((word) => [`zz_${word}_${at}`, [`q${word}${at}`, `q${word}x`, `q${word}y`]]),
  ),
}));

let running: Classifying;
let host: TestHost;
let sandbox: ReturnType<typeof createSandboxHosts>;
beforeAll(async () => {
  [running, host] = await Promise.all([startClassifying(), startTestHost({ arguments: MODULES })]);
  sandbox = createSandboxHosts(
    createListedProvider({ provider: 'local', addresses: [host.address], token: host.token, tls: null }),
  );
}, 120_000);
afterEach(() => running.rest());
afterAll(async () => {
  await running?.close();
  await sandbox?.close();
  await host?.stop();
}, 60_000);

test('what people decided of some columns decides like ones, with its reason; the states are told', async () => {
  const source = await running.addSource();
  await running.work(fixedSources(HOUSE), { sandbox });
  const first = await running.start(source);
  await running.end(first.id);
  const open = await db.listResults(running.api.db, OWNER, { run_id: first.id, limit: 200 });
  expect(open?.items.map(({ predicted_code }) => predicted_code)).toEqual(Array(24).fill(null));
  const reviews = HOUSE.slice(0, 6).flatMap(({ table, columns }) =>
    Object.keys(columns).map((column_name, at) => ({
      ...{
        id: newId(),
        source_id: source,
        run_id: first.id,
        database: 'main',
        table_name: table,
        column_name,
      },
      ...{
        decision: 'correct' as const,
        code: Object.keys(TERMS)[at] ?? null,
        suggested_code: null,
        note: '',
      },
    })),
  );
  await running.api.db.transaction((tx) => db.insertReviews(tx, OWNER, reviews));

  const second = await running.start(source);
  const run = await running.end(second.id);
  expect(run).toMatchObject({ error: null, progress: { labels: 18, labelled_terms: 3 } });
  const page = await db.listResults(running.api.db, OWNER, {
    run_id: second.id,
    table: 'blatt_7',
    limit: 10,
  });
  expect(page?.items.map(({ predicted_code, reviewed }) => [predicted_code, reviewed])).toEqual(
    Object.keys(TERMS).map((code) => [code, null]),
  );
  const column = await db.getColumn(running.api.db, OWNER, {
    ...{ run_id: second.id, table_position: 7, column_position: 0 },
  });
  expect(column?.learned?.map(({ source: member }) => member)).toEqual(['svm', 'catboost']);
  expect(column?.learned?.[0]?.reasons.join(' ')).toMatch(/learned from 18 labelled columns.*Age/);
}, 180_000);
