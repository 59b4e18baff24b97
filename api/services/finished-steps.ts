/** The scripts that made what a session has now: of each stage's newest run, those that ended well, in order. */

import type { Principal } from '../../core/principal.ts';
import type { Step } from '../../core/records.ts';
import { STAGES, type Stage } from '../../core/stages.ts';
import { scriptOutput } from '../../core/step-output.ts';
import { listSteps } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';

export interface ScriptStep {
  id: string;
  stage: Stage;
  run: number;
  title: string;
  code: string;
  /** The kept file, e.g. eda/scripts/step_01_profile.py. */
  path: string | null;
  stdout: string;
  stderr: string;
  filesChanged: string[];
  startedAt: string;
  /** The workspace as the script left it; null where none was kept. */
  checkpoint: string | null;
}

/** In the order in which they ran. */
export async function finishedScripts(
  { db }: Pick<ApiDependencies, 'db'>,
  principal: Principal,
  sessionId: string,
): Promise<ScriptStep[]> {
  const steps = (await listSteps(db, principal, { session: sessionId })) ?? [];
  const newest = new Map<Stage, number>();
  for (const { stage, run } of steps) newest.set(stage, Math.max(run, newest.get(stage) ?? 0));
  return STAGES.flatMap((stage) =>
    steps.filter((step) => step.stage === stage && step.run === newest.get(stage)).flatMap(scriptOf),
  );
}

function scriptOf(step: Step): ScriptStep[] {
  const { input } = step;
  if (step.tool !== 'execute_code' || step.state !== 'done' || typeof input.code !== 'string') return [];
  const { script_path, stdout = '', stderr = '', files_changed = [] } = scriptOutput(step);
  return [
    {
      ...{ id: step.id, stage: step.stage, run: step.run, title: step.title, code: input.code },
      ...{ path: script_path || null, stdout, stderr, filesChanged: files_changed },
      startedAt: step.started_at,
      checkpoint: step.checkpoint,
    },
  ];
}
