import { derivedId, newId, sha256 } from '../core/ids.ts';
import type { Message } from '../core/records.ts';
import { upsertArtifacts } from './artifacts-repository.ts';
import {
  addBlobs,
  blobsToCollect,
  deleteBlobs,
  getCheckpoint,
  insertCheckpoint,
  latestCheckpoint,
  lockBlobsToDelete,
  touchBlobs,
} from './checkpoints-repository.ts';
import type { Database, Transaction } from './database.ts';
import { claimKey, deleteOldKeys, storeResponse } from './idempotency-repository.ts';
import {
  consumePending,
  getMessages,
  insertMessage,
  listMessages,
  pendingUserMessages,
} from './messages-repository.ts';
import { beginModelCall, failModelCall, finishModelCall, sessionUsage } from './model-calls-repository.ts';
import { answerQuestion, insertQuestion, openQuestions } from './questions-repository.ts';
import type { Page } from './sql.ts';
import { markStale } from './stage-runs-repository.ts';
import { useTestDatabase } from './testing/postgres.ts';
import { readBack } from './testing/read-back.ts';
import { addSession, USER_A, USER_B } from './testing/rows.ts';

let db: Database;
useTestDatabase((opened) => {
  db = opened;
});

const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) => db.transaction(work);

test('messages keep their order of writing; a turn takes each pending one once', async () => {
  const { session, stepId } = await addSession(db);
  const ids = ['c', 'a', 'b'].map((name) => derivedId(session.id, name));
  await inTransaction(async (tx) => {
    for (const id of ids) {
      const content = [{ type: 'text', text: id }];
      const message = {
        id,
        session_id: session.id,
        stage: null,
        run: null,
        turn: null,
        role: 'user' as const,
        content,
      };
      await insertMessage(tx, message);
      await insertMessage(tx, { ...message, content: [] });
    }
  });
  expect((await pendingUserMessages(db, session.id)).map((message) => message.id)).toEqual(ids);
  const consume = () => inTransaction((tx) => consumePending(tx, { id: stepId }));
  expect((await consume()).map((message) => [message.id, message.turn])).toEqual(ids.map((id) => [id, 1]));
  const late = { id: newId(), session_id: session.id, stage: null, run: null, turn: null, content: [] };
  await inTransaction((tx) => insertMessage(tx, { ...late, role: 'user' }));
  // a further attempt at the step asks what its first one did
  expect(await consume()).toEqual([]);
  await db.query('delete from messages where id = $1', [late.id]);
  expect(await pendingUserMessages(db, session.id)).toEqual([]);
  const requested = [ids[2], ids[0]].filter((id) => id !== undefined);
  expect((await getMessages(db, requested)).map((message) => message.id)).toEqual(requested);
  await expect(getMessages(db, [...requested, newId()])).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const read = async (request: Omit<Parameters<typeof listMessages>[2], 'session'>) =>
    readBack<Page<Message>>(await listMessages(db, USER_A, { session: session.id, ...request }));
  const page = await read({ limit: 2 });
  expect(page?.items.map((message) => message.id)).toEqual([ids[2], ids[1]]);
  const rest = await read({ limit: 2, cursor: page?.next_cursor });
  expect(rest).toMatchObject({ items: [{ id: ids[0], content: [{ text: ids[0] }] }], next_cursor: null });
  const oldest = await read({ limit: 2, order: 'oldest' });
  expect(oldest?.items.map((message) => message.id)).toEqual(ids.slice(0, 2));
});

test('a model call counts its requests until it is done, then gives the stored answer', async () => {
  const { session } = await addSession(db);
  const key = {
    session_id: session.id,
    stage: 'eda' as const,
    run: 1,
    turn: 1,
    request_sha256: sha256('request'),
  };
  const begin = () => inTransaction((tx) => beginModelCall(tx, { ...key, model: 'x/y' }));
  const usage = { input: 10, output: 5, cacheRead: 2, cacheWrite: 1 };
  const answer = { content: [], stopReason: 'end_turn' as const, usage, cost: 0.5 };
  expect(await begin()).toEqual({ state: 'started', answer: null, attempts: 1 });
  await inTransaction((tx) => failModelCall(tx, key, 'overloaded'));
  expect(await begin()).toEqual({ state: 'started', answer: null, attempts: 2 });
  await inTransaction((tx) => finishModelCall(tx, key, { answer, usage, cost: 0.5 }));
  await inTransaction((tx) => failModelCall(tx, key, 'too late'));
  expect(await begin()).toEqual({ state: 'done', answer, attempts: 2 });
  expect(await sessionUsage(db, session.id)).toEqual({
    ...{ turns: 1, model_calls: 1, requests: 2, tokens: 18, cost: 0.5 },
    by_stage: [{ stage: 'eda', run: 1, turns: 1, tokens: 18, cost: 0.5 }],
  });
});

test('an answer over 4 MiB is refused', async () => {
  const { session } = await addSession(db);
  const key = {
    session_id: session.id,
    stage: 'eda' as const,
    run: 1,
    turn: 1,
    request_sha256: sha256('large'),
  };
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
  const content = [{ type: 'text' as const, text: 'x'.repeat(5_000_000) }];
  const answer = { content, stopReason: 'end_turn' as const, usage, cost: 0 };
  const finish = inTransaction((tx) => finishModelCall(tx, key, { answer, usage, cost: 0 }));
  await expect(finish).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

test('an idempotency key does its work once, whoever repeats it at once', async () => {
  let effects = 0;
  const act = () =>
    inTransaction(async (tx) => {
      const claim = await claimKey(tx, USER_A, { key: 'key-1', requestSha256: sha256('request') });
      if (claim.response !== null) return claim.response;
      effects += 1;
      await storeResponse(tx, USER_A, { key: 'key-1', response: { run: effects } });
      return { run: effects };
    });
  const responses = await Promise.all(Array.from({ length: 8 }, act));
  expect(effects).toBe(1);
  expect(responses).toEqual(Array.from({ length: 8 }, () => ({ run: 1 })));
});

test('a key whose first transaction fails is free; another request or owner does not get its response', async () => {
  const hash = sha256('request');
  const failing = inTransaction(async (tx) => {
    await claimKey(tx, USER_A, { key: 'key-2', requestSha256: hash });
    throw new Error('stop');
  });
  await expect(failing).rejects.toThrow('stop');
  await inTransaction(async (tx) => {
    expect(await claimKey(tx, USER_A, { key: 'key-2', requestSha256: hash })).toEqual({ response: null });
    await storeResponse(tx, USER_A, { key: 'key-2', response: 1 });
  });
  expect(await inTransaction((tx) => claimKey(tx, USER_A, { key: 'key-2', requestSha256: hash }))).toEqual({
    response: 1,
  });
  const other = inTransaction((tx) => claimKey(tx, USER_A, { key: 'key-2', requestSha256: sha256('other') }));
  await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  expect(
    await inTransaction((tx) => claimKey(tx, USER_B, { key: 'key-2', requestSha256: sha256('other') })),
  ).toEqual({
    response: null,
  });
  expect(await inTransaction((tx) => deleteOldKeys(tx, 1, 10))).toBe(0);
});

test('blobs are uploaded when unknown or being collected, and never deleted after a use', async () => {
  const [one, two] = [sha256('one'), sha256('two')];
  const blobs = [
    { sha256: one, size: 3 },
    { sha256: two, size: 3 },
  ];
  const touch = () => inTransaction((tx) => touchBlobs(tx, [...blobs, ...blobs]));
  expect((await touch()).sort()).toEqual([one, two].sort());
  await inTransaction((tx) => addBlobs(tx, blobs));
  expect(await touch()).toEqual([]);
  expect(await inTransaction((tx) => blobsToCollect(tx, 24, 10))).toEqual([]);
  await db.query(`update blobs set last_used_at = last_used_at - interval '2 days'`);
  expect(await inTransaction((tx) => blobsToCollect(tx, 24, 10))).toEqual([one, two].sort());
  expect(await inTransaction((tx) => touchBlobs(tx, [{ sha256: one, size: 3 }]))).toEqual([one]);
  const deleted = await inTransaction(async (tx) => {
    const held = await lockBlobsToDelete(tx, [one, two], 24);
    await deleteBlobs(tx, held);
    return held;
  });
  expect(deleted).toEqual([two]);
  await inTransaction((tx) => addBlobs(tx, [{ sha256: one, size: 3 }]));
  expect(await touch()).toEqual([two]);
});

test('checkpoints are written once, and the last one written is the latest', async () => {
  const { session, stepId } = await addSession(db);
  const checkpoint = (execution: number) => ({
    ...{
      id: derivedId(stepId, execution),
      session_id: session.id,
      stage: 'eda' as const,
      run: 1,
      step_id: stepId,
    },
    ...{ execution, base: null, manifest_sha256: sha256('m'), files: 2, bytes: 5_000_000_000, live: false },
  });
  expect(await latestCheckpoint(db, session.id)).toBeNull();
  await inTransaction(async (tx) => {
    for (const execution of [2, 1, 2]) await insertCheckpoint(tx, checkpoint(execution));
  });
  expect(await latestCheckpoint(db, session.id)).toMatchObject(checkpoint(1));
  expect(await getCheckpoint(db, checkpoint(2).id)).toMatchObject(checkpoint(2));
});

test('an artifact’s path has one row, that of the last content', async () => {
  const { session } = await addSession(db);
  const artifact = (path: string, size: number) => ({
    ...{
      id: derivedId(session.id, path),
      session_id: session.id,
      stage: 'eda' as const,
      run: 1,
      step_id: null,
    },
    ...{
      type: 'chart' as const,
      name: path,
      path,
      s3_path: `sessions/${path}`,
      size,
      sha256: sha256(`${size}`),
    },
  });
  await inTransaction((tx) => upsertArtifacts(tx, [artifact('b', 1), artifact('a', 2), artifact('b', 3)]));
  const rows = await inTransaction((tx) => upsertArtifacts(tx, [artifact('b', 4)]));
  expect(rows).toMatchObject([{ path: 'b', size: 4, stale: false, metadata: {} }]);
  expect(await inTransaction((tx) => markStale(tx, session.id, ['eda']))).toEqual(['eda']);
});

test('of many answers to a question the first counts', async () => {
  const { session, stepId } = await addSession(db);
  const question = {
    id: newId(),
    session_id: session.id,
    step_id: stepId,
    kind: 'question' as const,
    text: 'Which?',
  };
  await inTransaction((tx) => insertQuestion(tx, { ...question, choices: ['a', 'b'] }));
  expect(await inTransaction((tx) => insertQuestion(tx, question))).toMatchObject({
    choices: ['a', 'b'],
    answer: null,
  });
  const answers = await Promise.allSettled(
    [1, 2, 3, 4].map((text) =>
      inTransaction((tx) => answerQuestion(tx, USER_A, { id: question.id, answer: { text } })),
    ),
  );
  expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
  expect(answers.filter((answer) => answer.status === 'rejected')).toMatchObject(
    Array.from({ length: 3 }, () => ({ reason: { code: 'CONFLICT' } })),
  );
  expect(await openQuestions(db, session.id)).toEqual([]);
  const foreign = inTransaction((tx) => answerQuestion(tx, USER_B, { id: question.id, answer: {} }));
  await expect(foreign).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
