/**
 * How a command to a session is carried out: the session locked, its key claimed, its answer kept, in one
 * transaction.
 */

import { TemperaError } from '../core/errors.ts';
import { sha256 } from '../core/ids.ts';
import { mayAccess, type Principal } from '../core/principal.ts';
import type { Session } from '../core/records.ts';
import type { Transaction } from '../db/index.ts';
import type { SessionCommand } from '../workflows/contract/activities.ts';
import { sessionStream } from '../workflows/contract/ids.ts';
import type { ActivityPorts } from './ports.ts';

/** A command's session, locked. */
export interface Claimed {
  tx: Transaction;
  session: Session;
  principal: Principal;
}

/** Who commands: without a principal it came by Temporal, which is operator access. */
export const commander = (command: SessionCommand): Principal =>
  command.principal ?? { id: command.owner, role: 'admin' };

export function createCommandRunner({ database, repositories, events }: ActivityPorts) {
  /** Locks the session, claims the key, does the work and stores its answer: all or nothing. */

  return async function carryOut<T extends object>(
    command: SessionCommand,
    name: string,
    work: (claimed: Claimed) => Promise<T>,
  ): Promise<{ result: T; repeated: boolean }> {
    const principal = commander(command);
    const done = await database.transaction(async (tx) => {
      const session = await repositories.lockSession(tx, principal, command.sessionId);
      if (!session || !mayAccess(principal, session.owner)) {
        throw new TemperaError('NOT_FOUND', `There is no session [${command.sessionId}].`);
      }
      const { key, principal: _, ...request } = command;
      if (key === undefined) return { result: await work({ tx, session, principal }), repeated: false };
      const claimed = await repositories.claimKey(
        tx,
        principal,
        `command:${key}`,
        sha256(JSON.stringify([name, request])),
      );
      if (claimed.response !== null) return { result: claimed.response as T, repeated: true };
      const result = await work({ tx, session, principal });
      await repositories.storeResponse(tx, principal, `command:${key}`, result);
      return { result, repeated: false };
    });
    events.notify(sessionStream(command.sessionId));
    return done;
  };
}
