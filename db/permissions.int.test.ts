/**
 * Every function of the repositories that is told whose it is asked for: the owner and an admin see or change the row,
 * another user does not. Which functions there are is read from the sources, so that a new one has to be tried here.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TemperaError } from '../core/errors.ts';
import { derivedId, newId, sha256 } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import { listArtifacts, upsertArtifacts } from './artifacts-repository.ts';
import { appendAudit, listAudit } from './audit-repository.ts';
import { listBudgets, rememberPrincipal } from './budgets-repository.ts';
import { compareSessions } from './compared-repository.ts';
import type { Database, Transaction } from './database.ts';
import { listDecisions } from './decisions-repository.ts';
import { createEventHub } from './event-hub.ts';
import { appendEvents, readEvents, readLastSeq } from './event-log.ts';
import {
  deleteExperiment,
  getExperiment,
  getUpload,
  insertUpload,
  listExperiments,
  listExperimentsAsJson,
  setUploadProfile,
  updateExperiment,
} from './experiments-repository.ts';
import { claimKey, storeResponse } from './idempotency-repository.ts';
import { finishedTrainings, lastSessions, lastValues, sessionOutcomes } from './last-sessions.ts';
import { listMessages } from './messages-repository.ts';
import { listMetricColumns, listMetrics } from './metric-reading.ts';
import { insertMetrics, metricSummaries } from './metrics-repository.ts';
import { getModel, listModels } from './models-repository.ts';
import { readSessions, sessionMarks } from './overview-repository.ts';
import { getProcessedDataset, upsertProcessedDataset } from './processed-dataset-repository.ts';
import { answerQuestion, getQuestion, insertQuestion, listQuestions } from './questions-repository.ts';
import { deleteSession, getSession, listSessions, lockSession } from './sessions-repository.ts';
import type { Page } from './sql.ts';
import { insertStageRun } from './stage-runs-repository.ts';
import { getStep, listSteps } from './steps-repository.ts';
import { startTestPostgres, type TestPostgres } from './testing/postgres.ts';
import { readBack } from './testing/read-back.ts';
import { ADMIN, addSession, type TestSession, USER_A, USER_B } from './testing/rows.ts';
import { insertDelivery, listDeliveries, replayDelivery } from './webhook-deliveries-repository.ts';
import {
  deleteWebhook,
  getWebhook,
  insertWebhook,
  listWebhooks,
  updateWebhook,
} from './webhooks-repository.ts';

let postgres: TestPostgres;
let db: Database;
let made: TestSession;
const uploadId = newId();
const webhookId = newId();
let deliveryId: string;
const questionId = newId();
const modelId = derivedId('model');
/** The series that a session's curve is drawn from. */
const CURVE = { run: 1, run_tag: '', name: 'loss' };

beforeAll(async () => {
  postgres = await startTestPostgres();
  db = postgres.open();
  made = await addSession(db);
  const { session, experiment, stepId, streamId } = made;
  await db.transaction(async (tx) => {
    const place = { session_id: session.id, stage: 'eda' as const, run: 1 };
    await insertUpload(tx, USER_A, {
      id: uploadId,
      name: 'x.csv',
      size: 1,
      sha256: sha256('x'),
      s3_path: 'uploads/x',
    });
    const file = {
      type: 'report' as const,
      name: 'r',
      path: 'eda/report.md',
      s3_path: 's',
      size: 1,
      sha256: sha256('r'),
    };
    const hook = {
      id: webhookId,
      url: 'https://x.example/',
      events: ['session.done' as const],
      sealed_secret: 'x',
    };
    await appendAudit(tx, [
      {
        ...{ principal: USER_A.id, role: USER_A.role, name: null, action: 'GET /x', object_kind: null },
        ...{ object_id: null, result: 'ok', code: null, request_id: 'x', details: {}, age: 0 },
      },
    ]);
    await insertWebhook(tx, USER_A, hook);
    deliveryId = await insertDelivery(tx, { webhookId, event: 'webhook.test', payload: {} });
    const trained = { ...place, stage: 'train' as const };
    await insertStageRun(tx, { ...trained, state: 'done' });
    await upsertArtifacts(tx, [
      { ...place, ...file, id: derivedId('r'), step_id: stepId },
      { ...trained, ...file, id: modelId, step_id: stepId, type: 'model', path: 'train/models/model.pkl' },
      {
        ...trained,
        ...file,
        id: derivedId('m'),
        step_id: stepId,
        type: 'metadata',
        path: 'train/data/metadata.json',
      },
    ]);
    const point = { ...CURVE, step: 1, value: 1, flag: null };
    for (const where of [place, trained])
      await insertMetrics(tx, { ...where, step_id: stepId, execution: 1 }, [point]);
    await insertQuestion(tx, {
      id: questionId,
      session_id: session.id,
      step_id: stepId,
      kind: 'question',
      text: '?',
    });
    await upsertProcessedDataset(tx, {
      ...{
        session_id: session.id,
        experiment_id: experiment.id,
        columns: ['a'],
        feature_columns: [],
        target_column: 'a',
      },
      ...{ total_rows: 3, train_rows: 1, val_rows: 1, test_rows: 1, quality_stats: {}, s3_synced: false },
    });
    await appendEvents(tx, streamId, [{ key: 'k', type: 'user_message', data: { message: 'm', text: 't' } }]);
  });
  await rememberPrincipal(db, USER_A);
}, 60_000);
afterAll(() => postgres?.stop());

const some = async (list: Promise<unknown[]>): Promise<unknown> => ((await list).length > 0 ? list : null);
const items = (page: Promise<{ items: unknown[] }>): Promise<unknown> =>
  some(page.then((each) => each.items));

/** What `work` gives, its changes taken back: who comes next finds the row as it was. */
async function undone<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
  let result: { value: T } | null = null;
  const back = new Error('taken back');
  await db
    .transaction(async (tx) => {
      result = { value: await work(tx) };
      throw back;
    })
    .catch((error: unknown) => {
      if (error !== back) throw error;
    });
  if (result === null) throw new Error('the work was not done');
  return (result as { value: T }).value;
}

/** null where what is asked for is not found. */
const found = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((error: unknown) => {
    if (error instanceof TemperaError && error.code === 'NOT_FOUND') return null;
    throw error;
  });

/** Functions by name; what stands after a space tells ways to ask of one apart. */
const TRIED: Record<string, (principal: Principal) => Promise<unknown>> = {
  getExperiment: (principal) => getExperiment(db, principal, made.experiment.id),
  listExperiments: (principal) => items(listExperiments(db, principal, { limit: 5 })),
  listExperimentsAsJson: async (principal) => {
    const page = readBack<Page<unknown>>(await listExperimentsAsJson(db, principal, { limit: 5 }));
    return page?.items.length ? page : null;
  },
  updateExperiment: (principal) =>
    db.transaction((tx) => updateExperiment(tx, principal, { id: made.experiment.id, patch: { name: 'n' } })),
  deleteExperiment: async (principal) =>
    (await undone((tx) => deleteExperiment(tx, principal, made.experiment.id))) || null,
  listAudit: (principal) => items(listAudit(db, principal, { limit: 5 })),
  listWebhooks: (principal) => some(listWebhooks(db, principal)),
  getWebhook: (principal) => getWebhook(db, principal, webhookId),
  updateWebhook: (principal) =>
    undone((tx) => updateWebhook(tx, principal, { id: webhookId, patch: { enabled: false } })),
  deleteWebhook: async (principal) => (await undone((tx) => deleteWebhook(tx, principal, webhookId))) || null,
  listDeliveries: (principal) => listDeliveries(db, principal, { webhookId, limit: 5 }),
  replayDelivery: (principal) => undone((tx) => replayDelivery(tx, principal, { webhookId, id: deliveryId })),
  getUpload: (principal) => getUpload(db, principal, uploadId),
  setUploadProfile: async (principal) =>
    (await setUploadProfile(db, principal, { id: uploadId, profile: { rows: 1 } })) || null,
  getSession: (principal) => getSession(db, principal, made.session.id),
  lockSession: (principal) => db.transaction((tx) => lockSession(tx, principal, made.session.id)),
  deleteSession: async (principal) =>
    (await undone((tx) => deleteSession(tx, principal, made.session.id))) || null,
  readSessions: (principal) => some(readSessions(db, principal, [made.session.id])),
  sessionMarks: (principal) => some(sessionMarks(db, principal, 5)),
  sessionOutcomes: (principal) => some(sessionOutcomes(db, principal, [made.session.id])),
  lastSessions: (principal) => some(lastSessions(db, principal, [made.experiment.id])),
  lastValues: (principal) =>
    some(lastValues(db, principal, { id: made.session.id, series: CURVE, points: 10 })),
  finishedTrainings: (principal) =>
    some(finishedTrainings(db, principal, { experiments: [made.experiment.id], most: 5 })),
  'compareSessions by id': (principal) =>
    some(compareSessions(db, principal, { ids: [made.session.id], experiment: null, most: 5 })),
  'compareSessions by experiment': (principal) =>
    some(compareSessions(db, principal, { ids: [], experiment: made.experiment.id, most: 5 })),
  listModels: (principal) => items(listModels(db, principal, { limit: 5 })),
  getModel: (principal) => getModel(db, principal, modelId),
  listSessions: (principal) => items(listSessions(db, principal, { limit: 5 })),
  'listSessions by experiment': (principal) =>
    items(listSessions(db, principal, { limit: 5, experiment_id: made.experiment.id })),
  getStep: (principal) => getStep(db, principal, made.stepId),
  listSteps: (principal) => listSteps(db, principal, { session: made.session.id }),
  listMessages: (principal) => listMessages(db, principal, { session: made.session.id, limit: 5 }),
  listArtifacts: (principal) => listArtifacts(db, principal, { session: made.session.id }),
  listMetrics: (principal) => listMetrics(db, principal, { session: made.session.id }),
  listMetricColumns: (principal) => listMetricColumns(db, principal, { session: made.session.id }),
  metricSummaries: (principal) => metricSummaries(db, principal, made.session.id),
  listDecisions: (principal) => listDecisions(db, principal, made.session.id),
  getQuestion: (principal) => getQuestion(db, principal, questionId),
  listQuestions: (principal) => some(listQuestions(db, principal, made.session.id)),
  answerQuestion: (principal) =>
    found(undone((tx) => answerQuestion(tx, principal, { id: questionId, answer: 'yes' }))),
  getProcessedDataset: (principal) => getProcessedDataset(db, principal, made.session.id),
  readLastSeq: (principal) => readLastSeq(db, principal, made.streamId),
  readEvents: (principal) => readEvents(db, principal, { streamId: made.streamId, after: 0, limit: 5 }),
  listBudgets: async (principal) => {
    const rows = await listBudgets(db, principal);
    return rows.find(({ subject }) => subject === USER_A.id) ?? null;
  },
  subscribe: async (principal) => {
    const hub = createEventHub(db);
    const stream = hub.subscribe(principal, made.streamId, {
      after: 0,
      signal: new AbortController().signal,
    });
    const first = await stream[Symbol.asyncIterator]()
      .next()
      .catch(() => null);
    await hub.close();
    return first;
  },
};

/** The head of an exported function, up to its result's type. */
const EXPORTED = /^export (?:(?:async )?function (\w+)|const (\w+) = (?:async )?\()[\s\S]*?\)\s*:/gm;
/** What makes a row of one's own, and so needs nobody's leave. */
const MAKES = ['createStream', 'insertExperiment', 'insertUpload', 'insertSession', 'insertWebhook'];
/** Of one's own keys alone, whatever one's role; a test of its own is below. */
const OWN_KEYS = ['claimKey', 'releaseKey', 'storeResponse'];
/** What the others are made of. */
const PARTS = ['listVisible', 'ownerFilter'];

test('every function that is told a principal is tried here', () => {
  const sources = readdirSync('db').filter((file) => /(?<!\.test)\.ts$/.test(file));
  const declared = sources.flatMap((file) =>
    [...readFileSync(join('db', file), 'utf8').matchAll(EXPORTED)]
      .filter(([signature]) => signature.includes('principal: Principal'))
      .map(([, named, arrow]) => named ?? arrow ?? ''),
  );
  const tried = Object.keys(TRIED).map((name) => name.split(' ')[0]);
  // `subscribe` is a method of the hub
  expect(new Set([...tried, ...MAKES, ...OWN_KEYS, ...PARTS])).toEqual(new Set([...declared, 'subscribe']));
});

test.each(Object.entries(TRIED))(
  '%s shows owner A’s row to A and to an admin only, not to B',
  async (_, asked) => {
    expect(await asked(USER_A)).not.toBeNull();
    expect(await asked(ADMIN)).not.toBeNull();
    expect(await asked(USER_B)).toBeNull();
    expect(await asked({ id: 'b', role: 'readonly' })).toBeNull();
  },
);

const KEY = { key: 'key', requestSha256: 'request' };

test('a key is one’s own: the same word of another owner, an admin too, is another key', async () => {
  await db.transaction(async (tx) => {
    await claimKey(tx, USER_A, KEY);
    await storeResponse(tx, USER_A, { key: KEY.key, response: { of: 'a' } });
  });
  const response = (principal: Principal) => undone((tx) => claimKey(tx, principal, KEY));
  expect(await response(USER_A)).toEqual({ response: { of: 'a' } });
  for (const other of [USER_B, ADMIN]) expect(await response(other)).toEqual({ response: null });
});

test('an id that is none finds nothing and fails nothing', async () => {
  for (const id of ['', 'x', `${made.session.id}'`, '\0', newId()]) {
    expect(await getExperiment(db, USER_A, id)).toBeNull();
    expect(await getSession(db, USER_A, id)).toBeNull();
    expect(await getStep(db, USER_A, id)).toBeNull();
    expect(await listSteps(db, USER_A, { session: id })).toBeNull();
    expect(await getQuestion(db, USER_A, id)).toBeNull();
    expect(await getUpload(db, USER_A, id)).toBeNull();
    expect(await db.transaction((tx) => deleteSession(tx, USER_A, id))).toBe(false);
  }
});
