/**
 * How a command to a session is carried out: the session locked, its key claimed, its answer kept, in one
 * transaction.
 */

import { TemperaError } from '../core/errors.ts';
import { sha256 } from '../core/ids.ts';
import { assertMayChange, mayAccess, type Principal } from '../core/principal.ts';
import type { Session } from '../core/records.ts';
import { claimKey, inSession, lockSession, storeResponse, type Writing } from '../db/index.ts';
import type { SessionCommand } from '../workflows/contract/activities.ts';
import type { ActivityPorts } from './ports.ts';

/** A command's session, locked. */
export interface CommandTransaction extends Writing {
  session: Session;
  principal: Principal;
}

/** Who commands: without a principal it came by Temporal, which is operator access. */
export const principalOf = (command: SessionCommand): Principal =>
  command.principal ?? { id: command.owner, role: 'admin' };

export function createCommandHandler(ports: ActivityPorts) {
  /** Locks the session, claims the key, does the work and stores its answer: all or nothing. */
  return async function handleCommand<T extends object>(
    command: SessionCommand,
    name: string,
    work: (transaction: CommandTransaction) => Promise<T>,
  ): Promise<{ result: T; repeated: boolean }> {
    const principal = principalOf(command);
    return inSession(ports, command, async (tx, tell) => {
      const session = await lockSession(tx, principal, command.sessionId);
      if (!session || !mayAccess(principal, session.owner)) {
        throw new TemperaError('NOT_FOUND', `There is no session [${command.sessionId}].`);
      }
      assertMayChange(principal);
      const { key, principal: _, ...request } = command;
      if (key === undefined) return { result: await work({ tx, tell, session, principal }), repeated: false };
      const named = { key: `command:${key}`, requestSha256: sha256(JSON.stringify([name, request])) };
      const claim = await claimKey(tx, principal, named);
      if (claim.response !== null) return { result: claim.response as T, repeated: true };
      const result = await work({ tx, tell, session, principal });
      await storeResponse(tx, principal, { key: named.key, response: result });
      return { result, repeated: false };
    });
  };
}
