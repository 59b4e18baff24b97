/** Who works here: the agents as their folder describes them, and what each works on now. */

import { z } from 'zod';
import { createAgents } from '../../agents/index.ts';
import type { Principal } from '../../core/principal.ts';
import { WaitingSchema } from '../../core/records.ts';
import { runningStage, runningState } from '../../core/session-state.ts';
import { STAGES } from '../../core/stages.ts';
import { listSessions } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';

/** Sessions that are shown of one agent; `more` says that there are others. */
const MOST_SHOWN = 100;

export const AgentSchema = z.object({
  /** The stage whose agent it is. */
  id: z.enum(STAGES),
  name: z.string(),
  /** One sentence: what it is for. */
  description: z.string(),
  /** What it is told to be, in full: the system prompt. */
  role: z.string(),
  tool_ids: z.array(z.string()),
  /** SHA-256 of prompt and tools; a stage's run says with which it ran. */
  prompt_version: z.string(),
  working: z.array(
    z.object({
      session_id: z.string(),
      experiment_id: z.string(),
      model: z.string(),
      /** True while it answers after the last stage. */
      follow_up: z.boolean(),
      waiting: WaitingSchema.nullable(),
      since: z.string(),
    }),
  ),
  more: z.boolean(),
});
export type AgentRecord = z.infer<typeof AgentSchema>;

/** Every agent; `working` names the caller's own sessions, newest first. */
export async function listAgents(
  { db, settings }: Pick<ApiDependencies, 'db' | 'settings'>,
  principal: Principal,
): Promise<AgentRecord[]> {
  const agents = createAgents(settings.agentsFolder);
  const pages = await Promise.all(
    [...STAGES.map(runningState), 'train_done' as const].map((state) =>
      listSessions(db, principal, { state, limit: MOST_SHOWN }),
    ),
  );
  const open = pages
    .flatMap(({ items }) => items)
    .map((session) => ({ session, stage: session.follow_up?.stage ?? runningStage(session.state) }));
  return STAGES.map((stage, at) => {
    const { title, role, system, tools, promptVersion } = agents[stage];
    return {
      ...{ id: stage, name: title, description: role, role: system },
      tool_ids: tools.map(({ name }) => name),
      prompt_version: promptVersion,
      working: open
        .filter((each) => each.stage === stage)
        .map(({ session }) => ({
          ...{ session_id: session.id, experiment_id: session.experiment_id, model: session.model },
          ...{ follow_up: session.follow_up !== null, waiting: session.waiting, since: session.updated_at },
        })),
      more: pages[at]?.next_cursor !== null,
    };
  });
}
