/** Every read function by principal: the owner and an admin see the row, another user does not. */

import { derivedId, newId, sha256 } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import { listArtifacts, upsertArtifacts } from './artifacts-repository.ts';
import type { Database } from './database.ts';
import { createEventHub } from './event-hub.ts';
import { appendEvents, readEvents } from './event-log.ts';
import {
  getExperiment,
  getUpload,
  insertUpload,
  listExperiments,
  listExperimentsAsJson,
  setUploadProfile,
  updateExperiment,
} from './experiments-repository.ts';
import { listMessages } from './messages-repository.ts';
import { listMetricColumns, listMetrics } from './metric-reading.ts';
import { insertMetrics, metricSummaries } from './metrics-repository.ts';
import { getProcessedDataset, upsertProcessedDataset } from './processed-dataset-repository.ts';
import { getQuestion, insertQuestion } from './questions-repository.ts';
import { deleteSession, getSession, listSessions, lockSession } from './sessions-repository.ts';
import type { Page } from './sql.ts';
import { getStep, listSteps } from './steps-repository.ts';
import { startTestPostgres, type TestPostgres } from './testing/postgres.ts';
import { readBack } from './testing/read-back.ts';
import { ADMIN, addSession, type TestSession, USER_A, USER_B } from './testing/rows.ts';

let postgres: TestPostgres;
let db: Database;
let made: TestSession;
const uploadId = newId();
const questionId = newId();

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
    await upsertArtifacts(tx, [{ ...place, ...file, id: derivedId('r'), step_id: stepId }]);
    const point = { run_tag: '', name: 'loss', step: 1, value: 1, flag: null };
    await insertMetrics(tx, { ...place, step_id: stepId, execution: 1 }, [point]);
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
}, 60_000);
afterAll(() => postgres?.stop());

const items = async (page: Promise<{ items: unknown[] }>): Promise<unknown> => {
  const { items: list } = await page;
  return list.length > 0 ? list : null;
};

const READS: Record<string, (principal: Principal) => Promise<unknown>> = {
  getExperiment: (principal) => getExperiment(db, principal, made.experiment.id),
  listExperiments: (principal) => items(listExperiments(db, principal, { limit: 5 })),
  listExperimentsAsJson: async (principal) => {
    const page = readBack<Page<unknown>>(await listExperimentsAsJson(db, principal, { limit: 5 }));
    return page?.items.length ? page : null;
  },
  updateExperiment: (principal) =>
    db.transaction((tx) => updateExperiment(tx, principal, made.experiment.id, { name: 'n' })),
  getUpload: (principal) => getUpload(db, principal, uploadId),
  setUploadProfile: async (principal) =>
    (await setUploadProfile(db, principal, uploadId, { rows: 1 })) || null,
  getSession: (principal) => getSession(db, principal, made.session.id),
  lockSession: (principal) => db.transaction((tx) => lockSession(tx, principal, made.session.id)),
  listSessions: (principal) => items(listSessions(db, principal, { limit: 5 })),
  'listSessions by experiment': (principal) =>
    items(listSessions(db, principal, { limit: 5, experiment_id: made.experiment.id })),
  getStep: (principal) => getStep(db, principal, made.stepId),
  listSteps: (principal) => listSteps(db, principal, made.session.id),
  listMessages: (principal) => listMessages(db, principal, made.session.id, { limit: 5 }),
  listArtifacts: (principal) => listArtifacts(db, principal, made.session.id),
  listMetrics: (principal) => listMetrics(db, principal, made.session.id),
  listMetricColumns: (principal) => listMetricColumns(db, principal, made.session.id),
  metricSummaries: (principal) => metricSummaries(db, principal, made.session.id),
  getQuestion: (principal) => getQuestion(db, principal, questionId),
  getProcessedDataset: (principal) => getProcessedDataset(db, principal, made.session.id),
  readEvents: (principal) => readEvents(db, principal, made.streamId, { after: 0, limit: 5 }),
  subscribe: async (principal) => {
    const hub = createEventHub(db);
    const stream = hub.subscribe(principal, made.streamId, 0, { signal: new AbortController().signal });
    const first = await stream[Symbol.asyncIterator]()
      .next()
      .catch(() => null);
    await hub.close();
    return first;
  },
};

test.each(Object.keys(READS))('%s shows a row to its owner and to an admin only', async (name) => {
  const read = READS[name];
  expect(await read?.(USER_A)).not.toBeNull();
  expect(await read?.(ADMIN)).not.toBeNull();
  expect(await read?.(USER_B)).toBeNull();
  expect(await read?.({ id: 'b', role: 'readonly' })).toBeNull();
});

test('an id that is none finds nothing and fails nothing', async () => {
  for (const id of ['', 'x', `${made.session.id}'`, '\0', newId()]) {
    expect(await getExperiment(db, USER_A, id)).toBeNull();
    expect(await getSession(db, USER_A, id)).toBeNull();
    expect(await getStep(db, USER_A, id)).toBeNull();
    expect(await listSteps(db, USER_A, id)).toBeNull();
    expect(await getQuestion(db, USER_A, id)).toBeNull();
    expect(await getUpload(db, USER_A, id)).toBeNull();
    expect(await db.transaction((tx) => deleteSession(tx, USER_A, id))).toBe(false);
  }
});
