/** A session's tables and files to whoever asks: what is there works, what is abuse is refused and harms nothing. */

import { request } from 'node:http';
import { code, finish, type ScriptedPlatform, startEda, VALID_EDA } from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';
import { finishedRun } from './finished-run.ts';
import { type Finished, readFinished } from './pipeline.ts';

/** Links that lead out of the session, in circles and within it, and a table that is none. */
const LINKS = `
import os
${VALID_EDA}
os.symlink('/etc/passwd', 'eda/absolute')
os.symlink('../../../../../../etc/passwd', 'eda/up')
os.symlink('/data/datasets', 'eda/folder')
os.symlink('circle', 'eda/circle')
os.symlink('report.md', 'eda/inside')
pathlib.Path('eda/data').mkdir(exist_ok=True)
pathlib.Path('eda/data/good.csv').write_text('a,b\\n1,2\\n')
pathlib.Path('eda/data/broken.parquet').write_bytes(b'PAR1 and then nothing')
`;

const REFUSED_SQL = [
  `SELECT * FROM read_csv('/etc/passwd')`,
  `SELECT * FROM read_text('/etc/passwd')`,
  `SELECT * FROM read_blob('/proc/self/environ')`,
  `SELECT * FROM '/etc/passwd'`,
  `SELECT * FROM glob('/*')`,
  `SELECT getenv('SANDBOX_TOKEN')`,
  `SELECT * FROM query('SELECT 1')`,
  `WITH x AS (SELECT * FROM parquet_scan('/data/**/*.parquet')) SELECT * FROM x`,
  `ATTACH '/tmp/other.db'`,
  `COPY (SELECT 1) TO '/tmp/out.csv'`,
  `COPY train FROM '/etc/passwd'`,
  `EXPORT DATABASE '/tmp/all'`,
  `INSTALL httpfs`,
  `LOAD httpfs`,
  `SET lock_configuration = false`,
  `PRAGMA enable_external_access`,
  `CREATE TABLE mine (a INTEGER)`,
  `DELETE FROM train`,
  `DROP VIEW train`,
  `CALL pragma_version()`,
  `SELECT 1; SELECT 2`,
  `SELECT 1; DROP VIEW train`,
  `SELECT * FROM train WHERE`,
  `SELECT * FROM no_such_table`,
  `SELECT '\0'`,
  `-- nothing`,
];

const ENDLESS = [
  // without end in time alone: what fills its memory first is refused for that
  'SELECT max(a.range) FROM range(1000000000000) a WHERE a.range % 11 = 12',
  'SELECT max(a.range) FROM range(1000000000000) a WHERE a.range % 7 = 8',
];

const REFUSED_PATHS = [
  '../../../../etc/passwd',
  'eda/../../../../../etc/passwd',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '..%2f..%2fetc%2fpasswd',
  '%252e%252e%252f%252e%252e%252fetc%252fpasswd',
  '/etc/passwd',
  '%2fetc%2fpasswd',
  '%252fetc%252fpasswd',
  '..%5c..%5cetc%5cpasswd',
  'C:%5cwindows',
  'eda/report.md%00.png',
  'eda/report.md%2500.png',
  `${'a/'.repeat(600)}b`,
];

interface Query {
  columns: { name: string; type: string }[];
  rows: unknown[][];
  truncated: boolean;
}
interface Problem {
  code: string;
  detail: string;
}

describe('after a finished session', () => {
  let scripted: ScriptedPlatform;
  let finished: Finished;
  beforeAll(async () => {
    scripted = await takeScripted({ eda: [[code('links', LINKS)], [finish('links')]] });
    const { session } = await finishedRun(scripted.platform);
    finished = await readFinished(scripted.platform.rest, session);
  }, 300_000);
  afterAll(() => scripted?.stop(), 60_000);

  const ask = <T>(sql: string, limit = 100, session = finished.session.id) =>
    scripted.platform.rest.send<T>('POST', `/api/sessions/${session}/sql`, { sql, limit });
  const rowsOf = async (sql: string): Promise<unknown[][]> => (await ask<Query>(sql)).body.rows;

  /** A path exactly as written: fetch would resolve its dots. */
  function raw(path: string): Promise<{ status: number; text: string }> {
    const { hostname, port } = new URL(scripted.platform.rest.url);
    return new Promise((resolve, reject) => {
      const asked = request({ hostname, port, path }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }),
        );
      });
      asked.once('error', reject);
      asked.end();
    });
  }

  test('SQL reads the splits and the upload', async () => {
    const { train = 0, val = 0, test: held = 0 } = finished.training.rows;
    const counts =
      'SELECT (SELECT count(*) FROM train), (SELECT count(*) FROM val), (SELECT count(*) FROM test)';
    expect(await rowsOf(counts)).toEqual([[train, val, held]]);
    expect(await rowsOf('SELECT count(*) FROM dataset')).toEqual([[344]]);
    const species = 'SELECT species FROM train UNION SELECT species FROM test ORDER BY 1';
    expect(await rowsOf(species)).toEqual([['Adelie'], ['Chinstrap'], ['Gentoo']]);
    const cut = await ask<Query>('SELECT * FROM train', 5);
    expect(cut).toMatchObject({ status: 200, body: { truncated: true } });
    expect(cut.body.rows).toHaveLength(5);
    expect(cut.body.columns.map((column) => column.name)).toContain('species');
    const path = `/api/sessions/${finished.session.id}`;
    const tables = await scripted.platform.rest.get<{ items: { name: string; rows: number }[] }>(
      `${path}/tables`,
    );
    expect(tables.items).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'train', rows: train })]),
    );
    const columns = await scripted.platform.rest.get<{ items: unknown[] }>(`${path}/columns/train`);
    expect(columns.items).toHaveLength(cut.body.columns.length);
  }, 60_000);

  test.each(REFUSED_SQL)('SQL refuses %j', async (sql) => {
    const answer = await ask<Problem>(sql);
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.body.code).toMatch(/^INVALID_(SQL|INPUT)$/);
    expect(JSON.stringify(answer.body)).not.toMatch(/root:|PATH=|Traceback/);
    expect(answer.body.detail.length).toBeGreaterThan(20);
  });

  test('a query over its time is 504 with a sentence that says how to ask for less, also two at once', async () => {
    const { run, rest } = scripted.platform;
    const parts = run().processes.map((part) => [part.name, part.pid]);
    const asked = Date.now();
    const answers = await Promise.all(ENDLESS.map((sql) => ask<Problem>(sql)));
    expect(Date.now() - asked).toBeLessThan(20_000);
    for (const answer of answers) {
      expect([answer.status, answer.body.code]).toEqual([504, 'QUERY_TIMEOUT']);
      expect(answer.body.detail).toMatch(/did not end within .* Narrow it: fewer rows/);
    }
    expect(run().processes.map((part) => [part.name, part.pid])).toEqual(parts);
    expect(await rowsOf('SELECT count(*) FROM dataset')).toEqual([[344]]);
    expect((await rest.send('GET', '/api/ready')).status).toBe(200);
  }, 60_000);

  test('a query that wants all memory is refused, and the next one works', async () => {
    const answer = await ask<Problem>(
      `SELECT length(list(repeat('x', 1000000))::VARCHAR) FROM range(100000)`,
    );
    expect([400, 429, 504]).toContain(answer.status);
    expect(await rowsOf('SELECT 1')).toEqual([[1]]);
  }, 60_000);

  test.each(REFUSED_PATHS)('the files route refuses %s', async (path) => {
    const session = finished.session.id;
    for (const url of [
      `/api/sessions/${session}/files/${path}`,
      `/api/sessions/${session}/files?path=${path}`,
    ]) {
      const { status, text } = await raw(url);
      expect([400, 403, 404, 414]).toContain(status);
      expect(text).not.toMatch(/root:|Palmer|# /);
      expect(JSON.parse(text)).toMatchObject({ status });
    }
  });

  describe('beside another session', () => {
    let session: string;
    beforeAll(async () => {
      session = await startEda(scripted);
      await scripted.platform.rest.waitFor(session, ['eda_done']);
    }, 60_000);

    test('a session’s path does not open another session', async () => {
      const { status } = await raw(
        `/api/sessions/${session}/files/../../${finished.session.id}/files/train/report.md`,
      );
      expect([400, 403, 404]).toContain(status);
    }, 60_000);

    test('links are followed within a session and never out of it', async () => {
      const open = (path: string) => raw(`/api/sessions/${session}/files/${path}`);
      for (const path of ['eda/absolute', 'eda/up', 'eda/circle', 'eda/folder', 'eda/folder/penguins.csv']) {
        const { status, text } = await open(path);
        expect([400, 403, 404]).toContain(status);
        expect(text).not.toMatch(/root:|Adelie/);
      }
      expect(await open('eda/inside')).toMatchObject({
        status: 200,
        text: expect.stringContaining('# Report'),
      });
      const cut = await fetch(`${scripted.platform.rest.url}/api/sessions/${session}/files/eda/report.md`, {
        headers: { range: 'bytes=2-7' },
      });
      expect([cut.status, await cut.text()]).toEqual([206, 'Report']);
      // a file that only looks like a table keeps nobody from the others
      expect((await ask<Query>('SELECT * FROM eda_good', 10, session)).body.rows).toEqual([[1, 2]]);
      expect(await ask<Problem>('SELECT * FROM eda_broken', 10, session)).toMatchObject({ status: 422 });
      const tables = await scripted.platform.rest.send<{ items: { name: string }[] }>(
        'GET',
        `/api/sessions/${session}/tables`,
      );
      expect(tables.status).toBe(200);
      expect(tables.body.items.map((table) => table.name)).toEqual(
        expect.arrayContaining(['eda_good', 'dataset']),
      );
    }, 60_000);
  });
});
