/** Ids that depend on what they name: a repeated write meets its own row. */

import { derivedId } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import type { StageRunKey, TurnKey } from '../workflows/contract/activities.ts';

/** The step of a model's turn (`call` empty) or of one of its tool calls. */
export const stepId = (key: TurnKey, call = ''): string =>
  derivedId('step', key.sessionId, key.stage, key.run, key.turn, call);

/** The assistant's message of a turn. */
export const answerMessageId = (key: TurnKey): string => derivedId('message', stepId(key), 'assistant');

/** The message that carries a tool call's result. */
export const resultMessageId = (key: TurnKey, call: string): string =>
  derivedId('message', stepId(key, call), 'tool');

/** The message with which a stage run begins. */
export const briefMessageId = (key: StageRunKey): string =>
  derivedId('message', key.sessionId, key.stage, key.run, 'brief');

/** The stage run as rows name it. */
export const placeOf = ({ sessionId, stage, run }: StageRunKey) => ({ session_id: sessionId, stage, run });

/** Workflows act for the session's owner. */
export const ownerOf = (session: { owner: string }): Principal => ({ id: session.owner, role: 'user' });
