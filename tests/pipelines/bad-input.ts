/**
 * Files that cannot be used: each refused with a sentence that names file and remedy, and nothing of it left. Of a
 * platform that has nothing yet, and has nothing afterwards.
 */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, type Database } from '../../db/index.ts';
import { createObjectStore, type ObjectStore } from '../../storage/index.ts';
import type { TestPlatform } from '../platform/platform.ts';
import { type BadTable, badTables } from './bad-tables.ts';

interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
}

const REMEDY = /\b(Upload|Export|Name|Give|Drop|Pack|Remove|Save|Convert|Quote|Close|Fill|Send|Rename)\b/;
/** The platform's MAX_UPLOAD_BYTES. */
export const UPLOAD_LIMIT = 16 * 1024 * 1024;
/** Tables of which a refused upload may leave no row. */
const TABLES = ['experiments', 'uploads', 'sessions', 'streams', 'events', 'idempotency_keys'];

/** Its tests, on the platform that `taken` gives. */
export function testBadInput(taken: () => TestPlatform): void {
  let platform: TestPlatform;
  let db: Database;
  let store: ObjectStore;
  beforeAll(() => {
    platform = taken();
    const variables = platform.variables();
    db = createDatabase({ url: variables.DATABASE_URL ?? '' });
    store = createObjectStore({
      endpoint: variables.S3_ENDPOINT ?? '',
      region: variables.S3_REGION ?? '',
      accessKey: variables.S3_ACCESS_KEY ?? '',
      secretKey: variables.S3_SECRET_KEY ?? '',
      bucket: variables.S3_BUCKET ?? '',
    });
  });
  afterAll(async () => {
    store?.close();
    await db?.close();
  });

  interface Left {
    rows: Record<string, number>;
    keys: string[];
    /** Files that a sandbox host still has. */
    held: string[];
  }

  async function left(): Promise<Left> {
    const rows: Record<string, number> = {};
    for (const table of TABLES) {
      rows[table] = (await db.query(`select 1 from ${table}`)).length;
    }
    const { items } = await store.list('', { limit: 1_000 });
    const held = readdirSync(join(platform.home, 'sandbox', 'datasets'), {
      recursive: true,
      encoding: 'utf8',
    });
    return { rows, keys: items.map((object) => object.key), held };
  }

  async function upload(path: string, table: BadTable): Promise<Problem> {
    const form = new FormData();
    for (const [name, value] of Object.entries(table.fields ?? {})) form.set(name, value);
    form.set('file', new Blob([new Uint8Array(table.bytes)]), table.name);
    const headers = { 'idempotency-key': `bad-${table.name}` };
    const answer = await platform.rest.post<Problem>(path, form, headers);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body.status).toBe(answer.status);
    return answer.body;
  }

  function expectRefusal(problem: Problem, table: BadTable): void {
    expect(problem).toMatchObject({ code: table.code, detail: expect.stringMatching(table.problem) });
    expect(problem.status).toBeGreaterThanOrEqual(400);
    expect(problem.status).toBeLessThan(500);
    expect(problem.detail).toContain(table.name);
    expect(problem.detail).toMatch(REMEDY);
    // nothing of the machine or of where the sandbox keeps files
    expect(problem.detail).not.toMatch(/\/data\/|\/tmp\/|Traceback|tempera_sandbox/);
  }

  test.each(badTables().map((table) => [table.what, table] as const))(
    '%s is refused and leaves nothing',
    async (_, table) => {
      const before = await left();
      expectRefusal(await upload('/api/experiments', table), table);
      // an upload names no target
      if (!table.fields) expectRefusal(await upload('/api/uploads', table), table);
      expect(await left()).toEqual(before);
    },
    60_000,
  );

  test.each([
    { what: 'of a kind that is not read', name: 'large.docx', status: 415, code: 'UNSUPPORTED_TYPE' },
    { what: 'over the limit', name: 'large.csv', status: 413, code: 'TOO_LARGE' },
  ])(
    'a large file $what gets its refusal, not a broken connection',
    async ({ name, status, code }) => {
      const before = await left();
      const content = new Blob([new Uint8Array(UPLOAD_LIMIT * 2).fill(0x31)]);
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const form = new FormData();
        form.set('file', content, name);
        const answer = await platform.rest.send<Problem>('POST', '/api/experiments', form);
        expect(answer).toMatchObject({ status, body: { code, detail: expect.stringContaining(name) } });
      }
      expect(await left()).toEqual(before);
    },
    60_000,
  );

  test('a wrong target of an experiment that is there changes nothing', async () => {
    const { rest } = platform;
    const experiment = await rest.createExperiment('examples/penguins.csv', { target: 'species' });
    const before = await left();
    const own = before.keys.filter((key) => !key.startsWith('classified/'));
    expect(own).toEqual([`datasets/${experiment.id}/penguins.csv`]);
    const answer = await rest.send<Problem>('PATCH', `/api/experiments/${experiment.id}`, {
      target: 'specis',
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'UNKNOWN_TARGET' } });
    expect(answer.body.detail).toMatch(/penguins\.csv: .*'specis'.*Did you mean 'species'/);
    expect(await rest.get(`/api/experiments/${experiment.id}`)).toEqual(experiment);
    const { rows, keys } = await left();
    expect({ rows, keys }).toEqual({ rows: before.rows, keys: before.keys });
    expect((await rest.send('DELETE', `/api/experiments/${experiment.id}`)).status).toBeLessThan(300);
  }, 60_000);
}
