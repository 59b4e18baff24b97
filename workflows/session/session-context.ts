/** What a session workflow's parts share while it runs. */

import { type CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { LoadedSession } from '../contract/activities.ts';
import type { SessionInput } from '../contract/messages.ts';
import type { SessionView } from './state.ts';

export interface SessionContext {
  readonly input: SessionInput;
  readonly view: SessionView;
  /** The rows at the start of this run; null until they are read. */
  loaded: LoadedSession | null;
  /** The scope of the open stage; cancelled by the cancel command. */
  scope: CancellationScope | null;
  cancelRequested: boolean;
  /** What the search attributes were last set to. */
  shown: string;
}

/** True when the history is long enough to go on in a new run; `continueAfterEvents` is a setting. */
export function mustContinue(loaded: LoadedSession): boolean {
  const info = workflowInfo();
  return info.continueAsNewSuggested || info.historyLength >= loaded.continueAfterEvents;
}
