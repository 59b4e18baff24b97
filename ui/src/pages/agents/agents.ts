import type { Session } from '../../lib/api/types.ts';
import { isWorking, needsPerson } from '../../lib/live/stage-states.ts';

export interface AgentGroups {
  needing: Session[];
  working: Session[];
  /** The last that are done, failed or stopped. */
  resting: Session[];
}

const SHOWN_RESTING = 20;

/** Sessions by what their agent does; the longest waiting stand first among those that need a person. */
export function groupAgents(sessions: readonly Session[]): AgentGroups {
  const needing = sessions.filter(needsPerson).toSorted((a, b) => a.updated_at.localeCompare(b.updated_at));
  const working = sessions.filter(isWorking);
  const resting = sessions
    .filter((session) => session.state !== 'created' && !needsPerson(session) && !isWorking(session))
    .toSorted((a, b) => b.updated_at.localeCompare(a.updated_at))
    .slice(0, SHOWN_RESTING);
  return { needing, working, resting };
}
