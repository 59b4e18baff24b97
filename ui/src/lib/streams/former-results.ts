/**
 * What each stage's last finished run left. While a stage runs again, or one before it does, the session's workspace
 * holds what is being made: the former run's report, figures and model are read from the checkpoint that it ended with.
 */

import { doneState } from '../../../../core/session-state.ts';
import type { LogEvent, Stage } from './log-event.ts';
import type { StageProgress } from './stage-progress.ts';

export interface FormerResult {
  run: number;
  /** The last checkpoint of that run. */
  checkpoint: string;
}

export class FormerResults {
  readonly #last = new Map<Stage, FormerResult>();
  readonly #finished = new Map<Stage, FormerResult>();

  take(event: LogEvent): void {
    const { stage, run } = event;
    if (stage === null) return;
    if (event.type === 'checkpoint' && run !== null)
      this.#last.set(stage, { run, checkpoint: event.data.checkpoint });
    if (event.type !== 'state_change' || event.data.state !== doneState(stage)) return;
    const last = this.#last.get(stage);
    if (last && (run === null || last.run === run)) this.#finished.set(stage, last);
  }

  /** What the stage's last finished run left; null where the workspace itself still holds it, or there is none. */
  former({ stage, state, stale }: StageProgress): FormerResult | null {
    return state === 'done' && !stale ? null : (this.#finished.get(stage) ?? null);
  }
}

/** Why what is shown is from before; '' where it is not. */
export function formerWords({ state, run, stale }: StageProgress, former: FormerResult | null): string {
  if (former === null) return '';
  const which = `this is of run ${former.run}`;
  if (state === 'running') return `Run ${run} is under way; ${which}.`;
  if (state === 'failed' || state === 'cancelled')
    return `Run ${run} ${state === 'failed' ? 'failed' : 'was cancelled'}; ${which}.`;
  return stale ? 'Out of date: a stage before it was run again.' : '';
}
