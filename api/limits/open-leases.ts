/**
 * How much at once: streams and uploads of a caller, over all api processes. Who is not limited costs no statement. A
 * lease that could not be given back ends by itself.
 */

import type { FastifyInstance } from 'fastify';
import type { LeaseKind, OpenLeases } from '../../core/access/limits.ts';
import { TemperaError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { endLease, type OpenLease, renewLeases, takeLease } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';

const RENEWED_MS = 10_000;
const RETRY_SECONDS = 5;
const NAMES: Readonly<Record<LeaseKind, string>> = { stream: 'event streams', upload: 'uploads' };

/** The leases that one process serves; `close` ends their renewal. */
export function createOpenLeases({
  db,
  limitsOf,
}: Pick<ApiDependencies, 'db' | 'limitsOf'>): OpenLeases & { close(): void } {
  const held = new Map<string, OpenLease>();
  const renewing = setInterval(() => {
    // tried again at the next turn: a lease outlives several
    if (held.size > 0) renewLeases(db, [...held.values()]).catch(() => undefined);
  }, RENEWED_MS).unref();
  return {
    async take(principal, kind) {
      const { streams, uploads } = limitsOf(principal);
      const most = kind === 'stream' ? streams : uploads;
      if (most === null) return () => undefined;
      const lease = { id: newId(), subject: principal.id, kind };
      if (!(await db.transaction((tx) => takeLease(tx, lease, most)))) throw refusal(kind, most);
      held.set(lease.id, lease);
      return () => {
        // else it ends by itself
        if (held.delete(lease.id)) endLease(db, lease.id).catch(() => undefined);
      };
    },
    close: () => clearInterval(renewing),
  };
}

function refusal(kind: LeaseKind, limit: number): TemperaError {
  const message = `This caller may hold ${limit} ${NAMES[kind]} open at once and does. Close one and come back.`;
  return new TemperaError('LIMIT_REACHED', message, {
    retryAfter: RETRY_SECONDS,
    details: { limit, what: kind },
  });
}

const FILE_TYPES = /^(multipart\/|application\/octet-stream|text\/csv|text\/tab-separated-values)/;

/** Counts the requests of an app that bring files, from their head to the end of their answer. */
export function limitUploads(app: FastifyInstance, leases: OpenLeases): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.principal || !FILE_TYPES.test(request.headers['content-type'] ?? '')) return;
    const release = await leases.take(request.principal, 'upload');
    reply.raw.once('close', release);
    if (reply.raw.destroyed) release();
  });
}
