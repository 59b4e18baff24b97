/**
 * A session's decisions on another table: an experiment of its own, whose session begins with what was in force. What
 * does not fit is known before anything is written, so that a person is asked before anything is computed.
 */

import { z } from 'zod';
import { DECIDERS, type Decision, inForce } from '../../core/decisions.ts';
import { TemperaError } from '../../core/errors.ts';
import { type Fit, fitDecisions } from '../../core/fit/fit.ts';
import { tableOf } from '../../core/fit/table-columns.ts';
import { experimentAsDecided, givenDecisions } from '../../core/given-decisions.ts';
import { newId } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import type { DatasetFile, Experiment, Session } from '../../core/records.ts';
import { sessionStream } from '../../core/session-names.ts';
import { asDecision, checkStart } from '../../core/started-decisions.ts';
import {
  appendEvents,
  createStream,
  insertDecisions,
  insertExperiment,
  insertSession,
  sessionLedger,
  type Transaction,
  uploadUser,
  useUpload,
} from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { requestHash } from '../http/idempotency.ts';
import type { AgainFields } from '../schemas.ts';
import type { Scratch } from './dataset-files.ts';
import { assertSettings } from './experiment-checks.ts';
import { datasetReference, requireExperiment } from './experiments.ts';
import { createOnce } from './once.ts';
import { assertRoom } from './quotas.ts';
import { assertProvider, beginSession } from './sessions.ts';
import { startedRows, unfitRows } from './started-ledger.ts';

/** A new table with what is wanted of it; its files lie under the new experiment's id already. */
export interface NewFile {
  id: string;
  /** The table first, then an own test file. */
  files: DatasetFile[];
  fields: AgainFields;
  /** Known already, for a file that was profiled as an upload. */
  profile: Record<string, unknown> | null;
  /** The upload that the table was. */
  upload?: string | undefined;
}

export interface PreparedAgain {
  /** With whose decisions the new one begins. */
  session: Session;
  file: NewFile;
  experiment: Experiment;
  fit: Fit;
}

const decided = z.object({
  ...{ key: z.string(), value: z.unknown(), by: z.enum(DECIDERS), reason: z.string() },
  /** Taken because nobody has answered. */
  to_confirm: z.boolean(),
});

/** What a dry run tells. */
export const AgainAnswerSchema = z.object({
  dry_run: z.literal(true),
  inherited: z.array(decided),
  /** In force there and not possible here: it is decided anew. */
  unfit: z.array(decided),
  questions: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
      /** The recommended one first. */
      choices: z.array(z.object({ answer: z.string(), consequence: z.string() })),
      answer: z.string().nullable(),
      /** Taken in `auto` where none is given; null where it has to be. */
      safe: z.string().nullable(),
    }),
  ),
  missing_columns: z.array(z.string()),
  new_columns: z.array(z.string()),
});
export type AgainAnswer = z.infer<typeof AgainAnswerSchema>;

/** Profiles the table and holds the decisions against it. @throws TemperaError INVALID_DATASET, INVALID_DECISION */
export async function prepareAgain(
  dependencies: ApiDependencies,
  principal: Principal,
  { session, file }: { session: Session; file: NewFile },
): Promise<PreparedAgain> {
  const [table] = file.files;
  if (!table)
    throw new TemperaError('INVALID_INPUT', 'A new file is needed: send it, or upload_id or dataset_ref.');
  const former = await requireExperiment(dependencies, principal, session.experiment_id);
  const profile =
    file.profile ??
    (await dependencies.tools.profileUpload(principal, { datasetId: file.id, file: table, target: null }));
  const dataset = { files: file.files, profile };
  const fit = fitDecisions({
    ...{ session: session.id, answers: file.fields.answers },
    ledger: decidedThere(former, await sessionLedger(dependencies.db, session.id)),
    ...{ former: tableOf(former.dataset), now: tableOf(dataset), experiment: { ...former, dataset } },
  });
  return { session, file, fit, experiment: newExperiment(former, { principal, file, dataset, fit }) };
}

/** In force there, and the person's changes that wait; of an older release's session what its experiment says. */
function decidedThere(experiment: Experiment, ledger: readonly Decision[]): Decision[] {
  const waiting = ledger.filter(({ standing }) => standing === 'queued');
  const rows = [...givenDecisions(experiment, {}).map(asDecision), ...inForce(ledger).values(), ...waiting];
  return [...new Map(rows.map((decision) => [decision.key, decision])).values()];
}

/** What the person had decided is what is wanted of it. */
function newExperiment(
  former: Experiment,
  {
    principal,
    file: { id, files, fields },
    dataset,
    fit,
  }: { principal: Principal; file: NewFile; dataset: Experiment['dataset']; fit: Fit },
): Experiment {
  const nothing = { target: null, problem_type: null, metric: null, split_column: null, test_file: null };
  const bare: Experiment = { ...former, ...nothing, excluded_columns: [], dataset };
  const wished = fit.inherited.filter(({ by }) => by === 'person').map(asDecision);
  return {
    ...experimentAsDecided(bare, wished),
    ...{ id, owner: principal.id, name: fields.name ?? nameOf(files) },
  };
}

const nameOf = ([table]: readonly DatasetFile[]): string => table?.name.replace(/\.[^/]*$/, '') ?? '';

export function toAnswer({ fit }: PreparedAgain): AgainAnswer {
  const { missing_columns, new_columns } = fit;
  const shown = (rows: Fit['inherited']) =>
    rows
      .map(asDecision)
      .map(({ key, value, by, reason, to_confirm }) => ({ key, value, by, reason, to_confirm }));
  const questions = fit.questions.map(({ id, text, choices, answer, safe }) => ({
    ...{ id, text, answer, safe: safe?.answer ?? null },
    choices: choices.map(({ answer: each, consequence }) => ({ answer: each, consequence })),
  }));
  return {
    dry_run: true,
    ...{ inherited: shown(fit.inherited), unfit: shown(fit.unfit), questions, missing_columns, new_columns },
  };
}

interface AgainRequest extends PreparedAgain {
  key: string | null;
  traceparent: string | undefined;
  scratch: Scratch;
}

/**
 * Writes experiment, session and ledger at once; in `auto` the first stage starts.
 * @throws TemperaError INVALID_DECISION with the questions that have to be answered first
 */
export async function sessionAgain(
  dependencies: ApiDependencies,
  principal: Principal,
  request: AgainRequest,
): Promise<Session> {
  const { session: former, file, experiment, fit, key, traceparent, scratch } = request;
  const { mode = former.mode, model = former.model } = file.fields;
  assertProvider(model, dependencies.settings);
  assertAnswered(request, mode);
  assertSettings(experiment, file.files[0]?.name ?? '', experiment.dataset.profile);
  checkStart(experiment, fit.inherited);
  const hash = requestHash('again', [
    former.id,
    file.fields,
    file.files.map(({ name, sha256 }) => [name, sha256]),
  ]);
  const dataset_ref = datasetReference(dependencies, experiment.id);
  const insert = async (tx: Transaction) => {
    const bytes = file.files.reduce((sum, { size }) => sum + size, 0);
    await assertRoom(dependencies, principal, { tx, added: { sessions: 1, bytes } });
    await insertExperiment(tx, principal, { ...experiment, dataset_ref });
    if (file.upload !== undefined) await useUpload(tx, file.upload, uploadUser.experiment(experiment.id));
    return await writeSession(tx, principal, { former, experiment, fit, mode, model });
  };
  const created = await createOnce(dependencies.db, principal, { key, hash, insert });
  if (created.fresh) scratch.keep();
  return await beginSession(dependencies, principal, { id: created.id, traceparent });
}

type NewSession = Pick<PreparedAgain, 'experiment' | 'fit'> &
  Pick<Session, 'mode' | 'model'> & { former: Session };

/** @returns its id */
async function writeSession(
  tx: Transaction,
  principal: Principal,
  { former, experiment, fit, mode, model }: NewSession,
): Promise<string> {
  const id = newId();
  const { limits } = former;
  const row = { id, experiment_id: experiment.id, mode, model, limits, forked_from: null };
  await insertSession(tx, principal, row);
  await insertDecisions(tx, [
    ...startedRows(id, experiment, { limits: {}, decisions: fit.inherited }),
    ...unfitRows(id, fit.unfit),
  ]);
  await createStream(tx, principal, sessionStream(id));
  const reason = `with the decisions of session ${former.id}`;
  await appendEvents(tx, sessionStream(id), [
    { key: 'created', type: 'state_change', data: { state: 'created', reason } },
  ]);
  return id;
}

/** In `auto` the safe choice stands in for an answer, where one is safe. */
function assertAnswered(prepared: PreparedAgain, mode: Session['mode']): void {
  const { questions } = toAnswer(prepared);
  const open = questions.filter(({ answer, safe }) => answer === null && (mode !== 'auto' || safe === null));
  if (open.length === 0) return;
  const texts = open.map(({ id, text, choices }) => {
    const offered = choices.map(({ answer, consequence }) => `${answer} (${consequence})`).join(', ');
    return `${text}. answers.${id}: ${offered || 'none is possible, so give another file'}.`;
  });
  const message = `Not every decision fits the new table. ${texts.join(' ')}`;
  throw new TemperaError('INVALID_DECISION', message, { details: { questions: open } });
}
