/** Forks: the new session's rows are written by the workflow of the one it comes from. */

import type { Session } from '../../core/records.ts';
import { sessionStream } from '../../core/session-names.ts';
import { forkUpdate } from '../../workflows/contract/messages.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { type CommandContext, sendCommand } from './commands.ts';
import { requireSession } from './sessions.ts';

/** @throws TemperaError NOT_FOUND, also for a step of another session; CONFLICT while the step runs */
export async function forkSession(
  dependencies: ApiDependencies,
  context: CommandContext,
  step: string,
): Promise<Session> {
  const { session } = await sendCommand(dependencies, context, { update: forkUpdate, fields: { step } });
  dependencies.hub.notify(sessionStream(session));
  return await requireSession(dependencies, context.principal, session);
}
