/**
 * What goes over the wire: text is compressed where the caller takes it, files are their bytes, lists carry no
 * profiles.
 */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { newId } from '../core/ids.ts';
import { LOCAL } from '../core/principal.ts';
import type { ListedExperiment } from '../core/records.ts';
import { insertExperiment } from '../db/index.ts';
import { startTestApi, type TestApi } from './testing/api-server.ts';
import { call, json, newSession, storeCheckpoint } from './testing/client.ts';

/** Experiments of a page that lists all of a person's, each of a table with 50 columns. */
const MANY = 200;
const COLUMNS = 50;
/** Bytes on the wire of their list. */
const MOST_LISTED = 60_000;

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  const columns = Array.from({ length: COLUMNS }, (_, place) => ({
    name: `column ${place}`,
    kind: 'number',
    examples: randomBytes(60).toString('hex').match(/.{10}/g),
  }));
  await api.db.transaction(async (tx) => {
    for (let place = 0; place < MANY; place += 1) {
      await insertExperiment(tx, LOCAL, {
        id: newId(),
        name: `experiment ${place}`,
        dataset_ref: `s3://tempera/datasets/${place}/`,
        dataset: { files: [], profile: { rows: 344, columns } },
      });
    }
  });
}, 60_000);

afterAll(async () => {
  await api?.close();
});

/** An answer as it came, without what a client undoes. */
async function wire(
  path: string,
  encoding: string,
): Promise<{ headers: IncomingHttpHeaders; bytes: Buffer }> {
  const sent = get(`${api.url}${path}`, { headers: { 'accept-encoding': encoding } });
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { headers: response.headers, bytes: await buffer(response) };
}

test('a list says the extent of each table and is small on the wire; one experiment has its profile', async () => {
  const path = `/api/experiments?limit=${MANY}`;
  const { items } = await json<{ items: ListedExperiment[] }>(call(api, path));
  expect(items).toHaveLength(MANY);
  expect(items[0]?.dataset).toEqual({ files: [], shape: { rows: 344, columns: COLUMNS } });
  expect((await wire(path, 'br')).bytes.length).toBeLessThan(MOST_LISTED);
  const one = await json(call(api, `/api/experiments/${items[0]?.id}`));
  expect(one).toMatchObject({ dataset: { profile: { rows: 344, columns: { length: COLUMNS } } } });
});

test('text is compressed for who takes it, and said to differ by that', async () => {
  for (const encoding of ['br', 'gzip']) {
    const { headers, bytes } = await wire('/api/openapi.json', encoding);
    expect([headers['content-encoding'], headers.vary]).toEqual([
      encoding,
      expect.stringMatching(/accept-encoding/i),
    ]);
    const plain = await wire('/api/openapi.json', 'identity');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(bytes.length).toBeLessThan(plain.bytes.length / 4);
    if (encoding === 'gzip') expect(gunzipSync(bytes)).toEqual(plain.bytes);
  }
});

test('a file comes as its bytes, whole and in ranges', async () => {
  const session = await newSession(api);
  const text = 'as written\n'.repeat(1000);
  await storeCheckpoint(api, session, { 'eda/report.md': text });
  const path = `/api/sessions/${session.id}/files/eda/report.md`;
  const { headers, bytes } = await wire(path, 'br, gzip');
  expect([headers['content-encoding'], headers['content-length']]).toEqual([undefined, `${text.length}`]);
  expect(bytes.toString()).toBe(text);
  const range = await call(api, path, { headers: { range: 'bytes=3-9' } });
  expect([range.status, await range.text()]).toEqual([206, text.slice(3, 10)]);
});
