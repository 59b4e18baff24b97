import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { sha256 } from '../core/ids.ts';
import { createBlobStore } from './blob-store.ts';
import { artifactKey, blobKey } from './keys.ts';
import type { ObjectStore } from './object-store.ts';
import { createObjectStore } from './s3-object-store.ts';
import { type Fault, startFlakyProxy, startTestS3, type TestS3 } from './testing/s3.ts';

const MIB = 1024 * 1024;

let s3: TestS3;
let store: ObjectStore;

beforeAll(async () => {
  s3 = await startTestS3();
  store = createObjectStore(s3.options);
}, 60_000);
afterAll(async () => {
  store?.close();
  await s3?.stop();
});

const bytes = (size: number, seed = 1) => Buffer.alloc(size, `${seed} some bytes that repeat `);
const keys = async (prefix: string) =>
  (await store.list(prefix, { limit: 1_000 })).items.map((item) => item.key);

async function read(body: Readable): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A store behind a proxy that does `fault` to its requests. */
async function behind(fault: (index: number, line: string) => Fault, attempts?: number) {
  const proxy = await startFlakyProxy(s3.options, fault);
  const flaky = createObjectStore({ ...proxy.options, attempts });
  return {
    ...{ store: flaky, seen: proxy.seen },
    stop: async () => {
      flaky.close();
      await proxy.stop();
    },
  };
}

test('what is put comes back, whole and by range, with its type and hash', async () => {
  const body = bytes(100_000);
  const written = await store.put('a/b c/ü.csv', body, { contentType: 'text/csv' });
  expect(written).toEqual({ size: 100_000, sha256: sha256(body) });
  expect(await store.head('a/b c/ü.csv')).toEqual({ size: 100_000, contentType: 'text/csv' });
  const whole = await store.get('a/b c/ü.csv');
  expect(whole).toMatchObject({
    size: 100_000,
    length: 100_000,
    contentType: 'text/csv',
    sha256: written.sha256,
  });
  expect((await read(whole.body)).equals(body)).toBe(true);
  const part = await store.get('a/b c/ü.csv', { range: { start: 10, end: 19 } });
  expect(part).toMatchObject({ size: 100_000, length: 10 });
  expect((await read(part.body)).equals(body.subarray(10, 20))).toBe(true);
  expect(await read((await store.get('a/b c/ü.csv', { range: { start: 99_990 } })).body)).toHaveLength(10);
});

test('empty objects, copies, deletion', async () => {
  await store.put('empty', new Uint8Array());
  await store.put('empty-stream', Readable.from([]), { size: 0, sha256: sha256('') });
  expect(await read((await store.get('empty')).body)).toHaveLength(0);
  expect(await read((await store.get('empty-stream')).body)).toHaveLength(0);
  await store.put('from ü', bytes(10));
  await store.copy('from ü', 'to');
  expect((await read((await store.get('to')).body)).equals(bytes(10))).toBe(true);
  await store.delete(['to', 'never-there']);
  expect(await store.head('to')).toBeNull();
  await store.delete([]);
});

test('lists are paged and fold folders', async () => {
  for (const name of ['1', '2', '3', 'sub/4']) await store.put(`list/${name}`, bytes(1));
  const first = await store.list('list/', { limit: 2 });
  const second = await store.list('list/', { limit: 2, cursor: first.next_cursor });
  expect([...first.items, ...second.items].map((item) => item.key)).toEqual([
    ...['list/1', 'list/2', 'list/3', 'list/sub/4'],
  ]);
  expect(second.next_cursor).toBeNull();
  const folded = await store.list('list/', { limit: 10, delimiter: '/' });
  expect(folded).toMatchObject({ prefixes: ['list/sub/'], items: [{ size: 1 }, {}, {}] });
});

test('absent objects, ranges outside and wrong keys each have their code', async () => {
  await expect(store.get('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(store.copy('nothing', 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await store.put('short', bytes(5));
  const outside = store.get('short', { range: { start: 9 } });
  await expect(outside).rejects.toMatchObject({ code: 'RANGE_NOT_SATISFIABLE' });
  const intruder = createObjectStore({ ...s3.options, secretKey: 'wrong' });
  await expect(intruder.get('short')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  intruder.close();
  const nowhere = createObjectStore({ ...s3.options, endpoint: 'http://127.0.0.1:1', attempts: 2 });
  await expect(nowhere.get('short')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  await expect(nowhere.head('short')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  nowhere.close();
});

test('making the bucket twice, and at once, is fine', async () => {
  const other = createObjectStore({ ...s3.options, bucket: 'other' });
  await Promise.all([other.ensureBucket(), other.ensureBucket()]);
  await other.ensureBucket();
  other.close();
});

test('503 and cut connections are retried, for small objects, parts and reads', async () => {
  const flaky = await behind((index) => (index % 3 === 0 ? 'unavailable' : index % 3 === 1 ? 'cut' : 'pass'));
  const body = bytes(100_000);
  await flaky.store.put('flaky/small', body);
  expect((await read((await flaky.store.get('flaky/small')).body)).equals(body)).toBe(true);
  const large = bytes(20 * MIB);
  await flaky.store.put('flaky/large', Readable.from(inChunks(large)), { size: large.length });
  expect((await read((await store.get('flaky/large')).body)).equals(large)).toBe(true);
  await flaky.stop();
}, 30_000);

test('a store that stays down is STORAGE_UNAVAILABLE after its retries', async () => {
  const down = await behind(() => 'unavailable', 3);
  await expect(down.store.put('down', bytes(10))).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
    retryAfter: 2,
  });
  expect(down.seen.length).toBe(3);
  await down.stop();
  expect(await store.head('down')).toBeNull();
}, 30_000);

test('a download that breaks off goes on where it stood', async () => {
  const body = bytes(3 * MIB);
  await store.put('resumed', body);
  const flaky = await behind((index) => (index < 2 ? { cutAnswerAt: MIB } : 'pass'));
  expect((await read((await flaky.store.get('resumed')).body)).equals(body)).toBe(true);
  expect(flaky.seen).toHaveLength(3);
  const slice = await flaky.store.get('resumed', { range: { start: 5, end: 2 * MIB } });
  expect((await read(slice.body)).equals(body.subarray(5, 2 * MIB + 1))).toBe(true);
  await flaky.stop();
});

test('a download that keeps breaking off fails, and never ends as if it were whole', async () => {
  await store.put('broken', bytes(MIB));
  const flaky = await behind(() => ({ cutAnswerAt: 1_000 }));
  const { body } = await flaky.store.get('broken');
  await expect(read(body)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  await flaky.stop();
});

test.each([1_000, 20 * MIB])('a body of %d bytes that breaks off or lies is not listed', async (size) => {
  const body = bytes(size);
  async function* broken() {
    yield body.subarray(0, size - 1);
    throw new Error('the sender went away');
  }
  const wrongs: [Readable, { size?: number; sha256?: string }][] = [
    [Readable.from(broken()), {}],
    [Readable.from(inChunks(body.subarray(1))), { size }],
    [Readable.from(inChunks(body)), { size: size - 1 }],
    [Readable.from(inChunks(body)), { size, sha256: sha256('other') }],
  ];
  for (const [stream, expected] of wrongs) {
    await expect(store.put(`wrong/${size}`, stream, expected)).rejects.toThrow();
  }
  await expect(store.put(`wrong/${size}`, body, { sha256: sha256('other') })).rejects.toThrow('hash');
  expect(await keys('wrong/')).toEqual([]);
});

test('a stream of 200 MiB takes flat memory in both directions', async () => {
  const size = 200 * MIB;
  const hash = createHash('sha256');
  const chunk = bytes(MIB);
  let most = 0;
  const watch = () => {
    most = Math.max(most, process.memoryUsage().rss);
  };
  async function* source() {
    for (let sent = 0; sent < size; sent += chunk.length) {
      hash.update(chunk);
      watch();
      yield chunk;
    }
  }
  const before = process.memoryUsage().rss;
  const written = await store.put('large', Readable.from(source()));
  expect(written).toEqual({ size, sha256: hash.digest('hex') });
  const back = createHash('sha256');
  for await (const part of (await store.get('large')).body as AsyncIterable<Uint8Array>) {
    back.update(part);
    watch();
  }
  expect(back.digest('hex')).toBe(written.sha256);
  expect((most - before) / MIB).toBeLessThan(140);
  await store.delete(['large']);
}, 60_000);

test('a blob is kept only under its own hash, and a damaged one is noticed', async () => {
  const blobs = createBlobStore(store);
  const text = JSON.stringify({ files: [1, 2, 3] });
  const hash = sha256(text);
  expect(await blobs.has(hash)).toBe(false);
  await blobs.put(hash, Readable.from([Buffer.from(text)]), { size: text.length });
  expect(await blobs.has(hash)).toBe(true);
  expect(await blobs.readJson(hash)).toEqual({ files: [1, 2, 3] });
  const other = sha256('other');
  await expect(blobs.put(other, Buffer.from(text), { size: text.length })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  expect(await blobs.has(other)).toBe(false);
  await store.put(blobKey(other), Buffer.from(text));
  await expect(read(blobs.get(other))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  await expect(read(blobs.get(sha256('absent')))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

function* inChunks(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length; start += 100_000) yield body.subarray(start, start + 100_000);
}

test('what is mostly zeros takes little, and comes back as it was: whole, by range, copied', async () => {
  const size = 64 * MIB;
  const body = Buffer.alloc(size);
  body.write('first', 0);
  body.write('last', size - 4);
  const hash = sha256(body);
  await createBlobStore(store).put(hash, Readable.from([body]), { size, compress: true });
  const listed = await store.list(blobKey(hash), { limit: 1 });
  expect(listed.items[0]?.size).toBeLessThan(MIB);
  await store.copy(blobKey(hash), 'copies/holes');
  for (const key of [blobKey(hash), 'copies/holes']) {
    expect(await store.head(key)).toMatchObject({ size });
    const whole = await store.get(key);
    expect(whole).toMatchObject({ size, length: size, sha256: hash });
    const digest = createHash('sha256');
    for await (const chunk of whole.body as AsyncIterable<Uint8Array>) digest.update(chunk);
    expect(digest.digest('hex')).toBe(hash);
    const tail = await store.get(key, { range: { start: size - 6, end: size - 1 } });
    expect(tail).toMatchObject({ size, length: 6 });
    expect(await read(tail.body)).toEqual(Buffer.from('\0\0last'));
    const head = await store.get(key, { range: { start: 0, end: 4 } });
    expect(await read(head.body)).toEqual(Buffer.from('first'));
    await expect(store.get(key, { range: { start: size } })).rejects.toMatchObject({
      code: 'RANGE_NOT_SATISFIABLE',
    });
  }
}, 60_000);

test('a compressed body that is not what was announced, or breaks off, is not stored', async () => {
  const body = bytes(1_000_000);
  const wrong = { size: body.length, sha256: sha256('other'), compress: true };
  await expect(store.put('compressed/wrong', Readable.from([body]), wrong)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  async function* breaking() {
    yield body.subarray(0, 500_000);
    throw new Error('the sender is gone');
  }
  const right = { size: body.length, sha256: sha256(body), compress: true };
  await expect(store.put('compressed/broken', Readable.from(breaking()), right)).rejects.toThrow(
    'the sender is gone',
  );
  expect(await keys('compressed/')).toEqual([]);
});

test.each(['a\\b', 'a\nb\u0001', 'x '.repeat(120).trim(), 'ü'.repeat(500), ' ', 'a~%2e%2e', '\u202e'])(
  'a file of any name has an object: %j',
  async (name) => {
    const key = artifactKey({ sessionId: 's', stage: 'eda', run: 1 }, `eda/${name}/${name}`);
    await store.put(key, Buffer.from(name));
    expect(await keys(key)).toEqual([key]);
    await store.copy(key, `${key}.copy`);
    expect(String(await read((await store.get(`${key}.copy`)).body))).toBe(name);
  },
);
