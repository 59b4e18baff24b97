/** Four finished sessions of an experiment, each but the first forked from another, written as rows. */

import { newId } from '../../core/ids.ts';
import { DEFAULT_LIMITS } from '../../core/limits.ts';
import { LOCAL } from '../../core/principal.ts';
import { sessionStream } from '../../core/session-names.ts';
import { STAGES, type Stage } from '../../core/stages.ts';
import {
  beginStep,
  createStream,
  type Database,
  insertDecisions,
  insertMetrics,
  insertSession,
  insertStageRun,
  type Transaction,
  updateStep,
} from '../../db/index.ts';
import { thePlace } from './place.ts';
import { inDatabase } from './rows.ts';

interface Row {
  decisions: Record<string, unknown>;
  /** Accuracy on the test rows. */
  score: number;
  /** Fingerprint of the test rows; null: trained before it was recorded. */
  rows: string | null;
  folds: string;
  /** Of the fold scores, and how far they lie apart. */
  mean: number;
  spread: number;
  /** Place of its origin in the list, and the stage after whose end it was forked. */
  from: { origin: number; stage: Stage } | null;
}

const ROWS: readonly Row[] = [
  {
    ...{
      decisions: { 'model.choice': 'linear' },
      score: 0.93,
      rows: 'one',
      folds: 'one',
      mean: 0.92,
      spread: 1,
    },
    from: null,
  },
  {
    ...{
      decisions: { 'model.choice': 'boosting' },
      score: 0.97,
      rows: 'one',
      folds: 'one',
      mean: 0.98,
      spread: 1.1,
    },
    from: { origin: 0, stage: 'prep' },
  },
  {
    decisions: {
      'model.choice': 'linear',
      'column.sex.use': 'out',
      'split.strategy': 'group',
      'split.by': 'island',
    },
    ...{ score: 0.99, rows: 'two', folds: 'two', mean: 0.95, spread: 1 },
    from: { origin: 0, stage: 'eda' },
  },
  {
    decisions: { 'model.choice': 'boosting', 'column.sex.use': 'out' },
    ...{ score: 0.98, rows: null, folds: 'one', mean: 0.921, spread: -1 },
    from: { origin: 1, stage: 'eda' },
  },
];

export interface ComparedRows {
  experiment: string;
  /** In the order of their making. */
  sessions: string[];
}

/** An experiment of its own, so that no other's newest session changes. */
export async function addCompared(): Promise<ComparedRows> {
  const { rest } = thePlace();
  const { id: experiment } = await rest.createExperiment('examples/penguins.csv', {
    ...{ name: 'Penguins, forked', target: 'species' },
  });
  const sessions: string[] = [];
  await inDatabase(async (database) => {
    for (const row of ROWS) sessions.push(await addRow(database, experiment, { row, before: sessions }));
  });
  return { experiment, sessions };
}

async function addRow(
  database: Database,
  experiment_id: string,
  { row, before }: { row: Row; before: readonly string[] },
): Promise<string> {
  const id = newId();
  const origin = before[row.from?.origin ?? -1];
  await database.transaction(async (tx) => {
    const forked = row.from && origin ? await endOf(tx, origin, row.from.stage) : null;
    await insertSession(tx, LOCAL, {
      ...{ id, experiment_id, mode: 'auto', model: 'autopilot/standard', limits: DEFAULT_LIMITS },
      ...{ state: 'train_done', forked_from: forked && origin ? { session: origin, step: forked } : null },
    });
    await createStream(tx, LOCAL, sessionStream(id));
    for (const stage of STAGES)
      await addEnd(tx, { session_id: id, stage, run: 1 }, stage === 'train' ? row : null);
    await insertDecisions(
      tx,
      Object.entries(row.decisions).map(([key, value]) => ({
        ...{ id: newId(), session_id: id, stage: null, run: null, key, value, by: 'person' as const },
      })),
    );
  });
  return id;
}

async function endOf(tx: Transaction, session: string, stage: Stage): Promise<string | null> {
  const [step] = await tx.query<{ id: string }>(
    `select id from steps where session_id = $1 and stage = $2 and kind = 'validation'`,
    [session, stage],
  );
  return step?.id ?? null;
}

/** A done run of a stage; of the training with what was measured. */
async function addEnd(
  tx: Transaction,
  place: { session_id: string; stage: Stage; run: number },
  row: Row | null,
): Promise<void> {
  const step = newId();
  await insertStageRun(tx, { ...place, state: 'done' });
  await beginStep(tx, { ...place, id: step, turn: 1, call: '', kind: 'validation', epoch: 1 });
  const facts = row === null ? {} : factsOf(row);
  const output = { passed: [], warnings: [], errors: [], facts };
  await updateStep(tx, { step, epoch: 1 }, { state: 'done', output });
  if (row === null) return;
  const run_tag = String(row.decisions['model.choice']);
  const point = (name: string, at: number, value: number) => ({ run_tag, name, step: at, value, flag: null });
  await insertMetrics(tx, { ...place, step_id: step, execution: 1 }, [
    ...scoresOf(row).map((score, fold) => point('cv_accuracy', fold + 1, score)),
    point('test_accuracy', 1, row.score),
  ]);
}

const scoresOf = ({ mean, spread }: Row): number[] =>
  [-0.02, 0.01, 0.013, -0.006, 0.003].map((apart) => mean + apart * spread);

const factsOf = (row: Row): Record<string, unknown> => ({
  ...{ test_metrics: { accuracy: row.score }, primary_metric: 'accuracy', test_rows: 52 },
  ...(row.rows === null ? {} : { test_fingerprint: row.rows }),
  cross_validation: {
    ...{ metric: 'accuracy', scores: scoresOf(row), folds: row.folds, learned_rows: 233, judged_rows: 58 },
  },
});
