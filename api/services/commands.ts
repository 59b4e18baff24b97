/** Commands to a session's workflow: the row says who may, the workflow says whether. */

import type { UpdateDefinition } from '@temporalio/common';
import { newId } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import type { Command } from '../../workflows/contract/messages.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { requireSession } from './sessions.ts';

export interface CommandContext {
  principal: Principal;
  sessionId: string;
  /** The caller's Idempotency-Key, if it sent one. */
  key: string | null;
  traceparent: string | undefined;
}

/** A command and what it says beside who sends it. */
export interface SentCommand<Result, Input extends Command> {
  update: UpdateDefinition<Result, [Input]>;
  fields: Omit<Input, keyof Command>;
}

/** Sends one command. @throws TemperaError NOT_FOUND, FORBIDDEN; what the gateway and the workflow refuse with */
export async function sendCommand<Result, Input extends Command>(
  dependencies: ApiDependencies,
  { principal, sessionId, key, traceparent }: CommandContext,
  { update, fields }: SentCommand<Result, Input>,
): Promise<Result> {
  const { gateway } = dependencies;
  return await gateway.inTurn(sessionId, update, async () => {
    const session = await requireSession(dependencies, principal, sessionId);
    return await gateway.send(update, { session, principal, key: key ?? newId(), fields, traceparent });
  });
}
