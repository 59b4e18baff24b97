/** What the parts of one open stage, or follow-up, work with. */

import type { LoadedSession, OpenStage, StageRunKey } from '../contract/activities.ts';
import type { remoteActivities } from './activities.ts';
import type { SessionContext } from './session-context.ts';
import type { StageLoop } from './stage-loop.ts';

export interface StageContext {
  session: SessionContext;
  loaded: LoadedSession;
  open: OpenStage;
  key: StageRunKey;
  loop: StageLoop;
  remote: ReturnType<typeof remoteActivities>;
  show: () => void;
  /** How many messages had come when the model was last asked. */
  heard: number;
}

/** Why a stage's loop was left: it ended, or its history must go on in a new run. */
export type Left = 'ended' | 'continue';

/** Adds an entry to the timeline. */
export function note({ session }: Pick<StageContext, 'session'>, what: string): void {
  session.view.note(new Date().toISOString(), what);
}
