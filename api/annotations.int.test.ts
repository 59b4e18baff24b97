/** Vocabularies of connected databases become sources at the start; what cannot be used holds up nothing. */

import type { OpenedConnection } from '../core/ports/connections.ts';
import { listDataSources, listVocabularies } from '../db/index.ts';
import { registerAnnotations } from './services/classification/annotations.ts';
import { SYSTEM } from './services/classification/at-start.ts';
import { startTestApi, type TestApi } from './testing/api-server.ts';

let api: TestApi;
const configured: OpenedConnection[] = [];
beforeAll(async () => {
  api = await startTestApi({ connections: { configured } });
  const url = new URL(api.postgres.url);
  const warehouse = {
    ...{ id: 'settings/warehouse', name: 'warehouse', type: 'postgres' as const },
    ...{ address: `postgres://${url.host}${url.pathname}`, credentials: { user: url.username } },
  };
  configured.push(warehouse, { ...warehouse, name: 'away', address: 'postgres://127.0.0.1:1/x' });
  await api.db.query('create schema glossary');
  await api.db.query('create table glossary.terms (code text, label text, description text)');
  await api.db.query(
    `insert into glossary.terms values ('MAIL', 'e-mail', 'An address'), ('TEL', 'phone', '')`,
  );
  await api.db.query('create table glossary.broken (code text, label text, parent_code text)');
  await api.db.query(`insert into glossary.broken values ('A', 'a', 'B'), ('B', 'b', 'A')`);
}, 60_000);
afterAll(() => api?.close());

const NEVER = new AbortController().signal;
const ofGlossary = <T extends { display_name?: string; name?: string }>(rows: T[]) =>
  rows.filter(({ display_name, name }) => (display_name ?? name ?? '').startsWith('warehouse: glossary.'));

test('a vocabulary in a connected database is registered once as a source, and follows its table', async () => {
  const events: Record<string, unknown>[] = [];
  await registerAnnotations(api.dependencies, NEVER, (event) => events.push(event));
  expect(events).toEqual([
    expect.objectContaining({ connection: 'away', message: expect.stringContaining('does not answer') }),
    expect.objectContaining({ name: 'warehouse: glossary.broken' }),
  ]);
  const problems = api.dependencies.startProblems.list().map(({ what, is_retried }) => [what, is_retried]);
  expect(problems).toEqual([
    ['looking for vocabularies in the connection away', false],
    ['registering the vocabulary warehouse: glossary.broken', false],
  ]);
  const [source, ...others] = ofGlossary(await listDataSources(api.db, SYSTEM));
  expect(others).toEqual([]);
  expect(source).toMatchObject({ connection: 'warehouse', source_type: 'postgres', vocabulary_mode: 'tree' });
  const [vocabulary] = ofGlossary(await listVocabularies(api.db, SYSTEM));
  expect(vocabulary).toMatchObject({
    id: source?.vocabulary_id,
    terms: expect.any(Number),
    scope: 'private',
  });
  expect(await listDataSources(api.db, { id: 'ann', role: 'user' })).toEqual([]);

  await api.db.query(`insert into glossary.terms values ('FAX', 'fax', 'Old')`);
  await registerAnnotations(api.dependencies, NEVER);
  expect(ofGlossary(await listDataSources(api.db, SYSTEM))).toEqual([source]);
  const [now] = ofGlossary(await listVocabularies(api.db, SYSTEM));
  expect(now?.sha256).not.toBe(vocabulary?.sha256);
});
