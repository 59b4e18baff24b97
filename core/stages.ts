/** The three stages of a pipeline and the sub-agents' roles, in the order in which they run. */

export const STAGES = ['eda', 'prep', 'train'] as const;
export type Stage = (typeof STAGES)[number];

/** True when `value` names a stage. */
export function isStage(value: string): value is Stage {
  return (STAGES as readonly string[]).includes(value);
}

/** The stage that must be done before `stage` may start; null for the first. */
export function stageBefore(stage: Stage): Stage | null {
  return STAGES[STAGES.indexOf(stage) - 1] ?? null;
}

/** The stage that follows `stage`; null after the last. */
export function stageAfter(stage: Stage): Stage | null {
  return STAGES[STAGES.indexOf(stage) + 1] ?? null;
}

/** The stages that come after `stage`: what a re-run of it makes stale. */
export function stagesAfter(stage: Stage): Stage[] {
  return STAGES.slice(STAGES.indexOf(stage) + 1);
}
