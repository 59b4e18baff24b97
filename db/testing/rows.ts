/** Rows for tests: the least that each table needs, with ids that the test can name. */

import { derivedId, newId } from '../../core/ids.ts';
import { DEFAULT_LIMITS } from '../../core/limits.ts';
import type { Principal } from '../../core/principal.ts';
import type { Experiment, Session } from '../../core/records.ts';
import { sessionStream } from '../../core/session-names.ts';
import type { Database } from '../database.ts';
import { createStream } from '../event-log.ts';
import { insertExperiment } from '../experiments-repository.ts';
import { insertSession } from '../sessions-repository.ts';
import { insertStageRun } from '../stage-runs-repository.ts';
import { beginStep } from '../steps-repository.ts';

export const USER_A: Principal = { id: 'a', role: 'user' };
export const USER_B: Principal = { id: 'b', role: 'user' };
export const ADMIN: Principal = { id: 'root', role: 'admin' };

export interface TestSession {
  experiment: Experiment;
  session: Session;
  streamId: string;
  /** A running step of turn 1 of the first eda run, with epoch 1. */
  stepId: string;
}

/** An experiment, a session of it with its stream, a running eda run and a step. */
export function addSession(db: Database, principal: Principal = USER_A): Promise<TestSession> {
  return db.transaction(async (tx) => {
    const experiment = await insertExperiment(tx, principal, {
      id: newId(),
      name: 'penguins',
      dataset_ref: 's3://tempera/datasets/x/',
      dataset: { files: [], profile: null },
    });
    const session = await insertSession(tx, principal, {
      id: newId(),
      experiment_id: experiment.id,
      mode: 'manual',
      model: 'autopilot/standard',
      limits: DEFAULT_LIMITS,
    });
    const streamId = sessionStream(session.id);
    await createStream(tx, principal, streamId);
    await insertStageRun(tx, { session_id: session.id, stage: 'eda', run: 1 });
    const stepId = derivedId(session.id, 'eda', 1, 1, 'call');
    const place = { session_id: session.id, stage: 'eda' as const, run: 1, turn: 1, call: 'call' };
    await beginStep(tx, { ...place, id: stepId, kind: 'tool', tool: 'execute_code', epoch: 1 });
    return { experiment, session, streamId, stepId };
  });
}
