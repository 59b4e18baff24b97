/** Sessions: rows that the API writes and reads; what they do is the workflow's. */

import { TemperaError } from '../../core/errors.ts';
import { isId, newId } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import type { Session } from '../../core/records.ts';
import { sessionStream } from '../../core/session-names.ts';
import { checkStart } from '../../core/started-decisions.ts';
import {
  appendEvents,
  createStream,
  deleteSession,
  getSession,
  insertDecisions,
  insertSession,
  type Transaction,
} from '../../db/index.ts';
import { startStageUpdate } from '../../workflows/contract/messages.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { requestHash } from '../http/idempotency.ts';
import type { SessionBody } from '../schemas.ts';
import type { ApiSettings } from '../settings.ts';
import { requireExperiment } from './experiments.ts';
import { createOnce } from './once.ts';
import { assertRoom } from './quotas.ts';
import { carryOutRemovals } from './removal.ts';
import { startedRows } from './started-ledger.ts';

export interface SessionRequest {
  experimentId: string;
  body: SessionBody;
  key: string | null;
  traceparent: string | undefined;
}

/**
 * Writes a session; in `auto` its first stage starts too. When that start is refused because nothing can run it
 * (503), the session stays in `created` and the same Idempotency-Key, or a stage start, goes on from there.
 */
export async function createSession(
  dependencies: ApiDependencies,
  principal: Principal,
  { experimentId, body, key, traceparent }: SessionRequest,
): Promise<Session> {
  const { db } = dependencies;
  const experiment = await requireExperiment(dependencies, principal, experimentId);
  // who owns the table owns what is made of it, also when an admin starts it
  const owner = { ...principal, id: experiment.owner };
  assertProvider(body.model ?? dependencies.settings.defaultModel, dependencies.settings);
  checkStart(experiment, body.decisions ?? []);
  const hash = requestHash('session', [experimentId, body]);
  const insert = async (tx: Transaction) => {
    await assertRoom(dependencies, principal, { tx, owner: owner.id, added: { sessions: 1 } });
    const session = { ...newSession(dependencies, body), experiment_id: experimentId };
    await insertSession(tx, owner, session);
    await insertDecisions(
      tx,
      startedRows(session.id, experiment, { ...body, decisions: body.decisions ?? [] }),
    );
    await createStream(tx, owner, sessionStream(session.id));
    await appendEvents(tx, sessionStream(session.id), [
      { key: 'created', type: 'state_change', data: { state: 'created' } },
    ]);
    return session.id;
  };
  const { id } = await createOnce(db, principal, { key, hash, insert });
  return await beginSession(dependencies, principal, { id, traceparent });
}

/** A session that has been written is told, and in `auto` its first stage starts. */
export async function beginSession(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, traceparent }: { id: string; traceparent: string | undefined },
): Promise<Session> {
  dependencies.hub.notify(sessionStream(id));
  const session = await requireSession(dependencies, principal, id);
  if (session.mode !== 'auto' || session.state !== 'created') return session;
  const order = { session, principal, key: `auto-${id}`, fields: { stage: 'eda' as const }, traceparent };
  await dependencies.gateway.send(startStageUpdate, order).catch((error: unknown) => {
    throw withSession(error, id);
  });
  return await requireSession(dependencies, principal, id);
}

/** The model providers that sessions may name here. */
export function configuredProviders({ hasAnthropic }: Pick<ApiSettings, 'hasAnthropic'>): string[] {
  return hasAnthropic ? ['autopilot', 'anthropic'] : ['autopilot'];
}

/** Without a provider a session could only fail. @throws TemperaError INVALID_INPUT */
export function assertProvider(model: string, settings: ApiSettings): void {
  const [provider = ''] = model.split('/');
  const configured = configuredProviders(settings);
  if (configured.includes(provider)) return;
  const remedy =
    provider === 'anthropic'
      ? 'Set ANTHROPIC_API_KEY and start the platform again, or choose another model.'
      : 'Give the model as provider/model of one of these.';
  const message = `The model provider ${provider} is not configured; there is ${configured.join(' and ')}. ${remedy}`;
  throw new TemperaError('INVALID_INPUT', message, { details: { field: 'model', providers: configured } });
}

function newSession({ settings }: ApiDependencies, { mode, model, limits, decisions = [] }: SessionBody) {
  const given = Object.fromEntries([
    ...Object.entries(limits).filter(([, value]) => value !== undefined),
    ...decisions.flatMap(({ key, value }) =>
      key.startsWith('budget.') ? [[key.slice('budget.'.length), value]] : [],
    ),
  ]);
  return {
    id: newId(),
    mode,
    model: model ?? settings.defaultModel,
    limits: { ...settings.defaultLimits, ...given },
    forked_from: null,
  };
}

/** The error, naming the session that is there nevertheless. */
function withSession(error: unknown, id: string): unknown {
  if (!(error instanceof TemperaError)) return error;
  const { code, message, retryAfter } = error;
  return new TemperaError(code, message, {
    cause: error,
    details: { ...error.details, session_id: id },
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/** @throws TemperaError NOT_FOUND, also for another's session */
export async function requireSession(
  { db }: Pick<ApiDependencies, 'db'>,
  principal: Principal,
  id: string,
): Promise<Session> {
  const session = isId(id) ? await getSession(db, principal, id) : null;
  return ofSession(session, id);
}

/** What a repository read of a session that the principal may see. @throws TemperaError NOT_FOUND for null */
export function ofSession<T>(read: T | null, id: string): T {
  if (read === null) throw noSession(id);
  return read;
}

const noSession = (id: string): TemperaError => new TemperaError('NOT_FOUND', `There is no session ${id}.`);

/** Removes the session with all that it made. @throws TemperaError CONFLICT while a stage of it runs */
export async function removeSession(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<void> {
  await requireSession(dependencies, principal, id);
  await dependencies.db.transaction((tx) => deleteSession(tx, principal, id));
  await carryOutRemovals(dependencies, { partOf: id });
}
