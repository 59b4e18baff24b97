/** Which blobs go, in a real database and a real store. */

import { sha256 } from '../core/ids.ts';
import * as repositories from '../db/index.ts';
import { startTestPostgres, type TestPostgres } from '../db/testing/postgres.ts';
import { addSession, USER_A } from '../db/testing/rows.ts';
import { blobKey, createBlobStore, createObjectStore } from '../storage/index.ts';
import * as keys from '../storage/keys.ts';
import { startTestS3, type TestS3 } from '../storage/testing/s3.ts';
import { collectBlobs } from './blob-collection.ts';

const KEEP_HOURS = 24;

let postgres: TestPostgres;
let s3: TestS3;

beforeAll(async () => {
  [postgres, s3] = await Promise.all([startTestPostgres(), startTestS3()]);
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  await s3?.stop();
}, 30_000);

const AT_ONCE = 50;
/** More than one round removes. */
const MANY = 550;

test('all blobs of a deleted session go, and those of an upload that nobody told of; what ' +
  'another one names stays', async () => {
  const database = postgres.open();
  const objects = createObjectStore(s3.options);
  const blobs = createBlobStore(objects);
  const contents = (count: number, what: string) =>
    Array.from({ length: count }, (_, index) => Buffer.from(`${what} ${index}`));
  const stored = async (bodies: Buffer[], recorded: boolean) => {
    const rows = bodies.map((body) => ({ sha256: sha256(body), size: body.length }));
    await database.transaction((tx) => repositories.touchBlobs(tx, rows));
    // not all at once: what waits for a connection is given up after a while
    for (let at = 0; at < bodies.length; at += AT_ONCE)
      await Promise.all(
        bodies.slice(at, at + AT_ONCE).map((body) => blobs.put(sha256(body), body, { size: body.length })),
      );
    if (recorded) await database.transaction((tx) => repositories.addBlobs(tx, rows));
    return rows.map((row) => row.sha256);
  };
  const [gone, stays] = [await addSession(database), await addSession(database)];
  const shared = await stored(contents(3, 'shared'), true);
  const own = await stored(contents(MANY, 'own'), true);
  const cut = await stored(contents(5, 'cut off'), false);
  await database.transaction(async (tx) => {
    await repositories.referToBlobs(tx, gone.session.id, [...shared, ...own]);
    await repositories.referToBlobs(tx, stays.session.id, shared);
  });
  const age = () => database.query(`update blobs set last_used_at = last_used_at - interval '2 days'`);
  await age();
  const ports = { database, objects, keys };
  expect(await collectBlobs(ports, KEEP_HOURS)).toBe(cut.length);
  await database.transaction((tx) => repositories.deleteSession(tx, USER_A, gone.session.id));
  expect(await collectBlobs(ports, KEEP_HOURS)).toBe(own.length);
  expect((await objects.list('blobs/', { limit: 1_000 })).items.map(({ key }) => key).sort()).toEqual(
    shared.map(blobKey).sort(),
  );
  objects.close();
}, 60_000);
