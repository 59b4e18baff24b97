/** The states in which a model is asked: the sweep, and what is looked at between its rounds. */

import { ActivityFailure, ApplicationFailure, sleep } from '@temporalio/workflow';
import type { Carried, RunSums } from '../contract/classification.ts';
import { modelSteps } from './activities.ts';
import { afterLabels, move, nextColumns, type Run } from './run.ts';
import { addSums, NO_SUMS } from './run-view.ts';
import { overWindows } from './windows.ts';

/** Between tries at a provider that does not answer. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 120_000;
/** Times that a provider is tried in vain before the run goes on without it. */
const MOST_TRIES = 60;
/** The phase of a run whose model is to be asked again. */
const REVISIT = 'the model sees columns again';

const roundOf = ({ view }: Run): number => view.progress.iteration ?? 0;

/** @returns where a new run of the workflow goes on; null when the round has ended */
export async function sweep(run: Run, first: number, before: RunSums): Promise<Carried | null> {
  const { input, loaded, view } = run;
  const { runId } = input;
  const round = roundOf(run);
  if (round === 0 && first === 0) {
    const asked = await stepsOf(run).planSweep({ runId });
    await move(run, 'LLM_SWEEP', { progress: { phase: `${asked} columns are asked about` } });
  }
  let sums = before;
  let limit: string | null = null;
  const from = await overWindows({
    ...{ from: first, loaded },
    next: async (at) => (limit === null ? await nextColumns(run, at) : null),
    work: (window) => patiently(run, () => stepsOf(run).sweepTables({ runId, ...window, round })),
    done: async (swept) => {
      if (typeof swept === 'string') limit ??= swept;
      else {
        limit ??= swept.limit;
        sums = addSums(sums, { ...NO_SUMS, labelled: swept.labelled });
        const { calls: llm_calls, cost: llm_cost } = swept;
        await move(run, 'LLM_SWEEP', { progress: { llm_labeled: sums.labelled, llm_calls, llm_cost } });
      }
    },
  });
  if (from !== null) return { state: view.state, from, sums };
  await endRound(run, limit === null ? [] : [limit]);
  return null;
}

const stepsOf = ({ loaded, input }: Run) => modelSteps(loaded.heartbeatSeconds, input.owner);

async function endRound(run: Run, notes: string[]): Promise<void> {
  const { labelled, disagreements } = await stepsOf(run).endRound({
    runId: run.input.runId,
    round: roundOf(run),
  });
  const total = run.view.progress.columns_total ?? 0;
  const progress = {
    ...{ phase: 'the model has answered', llm_labeled: labelled, disagreements },
    coverage: total === 0 ? 0 : Math.round((labelled / total) * 1e6) / 1e6,
  };
  await move(run, 'VALIDATING', { progress, notes });
}

/** After the model has answered the members learn; before it is asked again there is nothing to do but to say so. */
export async function validate(run: Run): Promise<void> {
  if (run.view.progress.phase === REVISIT) await move(run, 'LLM_SWEEP', {});
  else await move(run, await afterLabels(run), { progress: { phase: '' } });
}

/** After a fusion: whether the model should see columns again, and may. */
export async function revisits(run: Run): Promise<boolean> {
  const { loaded, input } = run;
  const round = roundOf(run);
  if (loaded.rounds === null || round >= loaded.rounds) return false;
  const { revisit } = await stepsOf(run).endRound({ runId: input.runId, round });
  if (revisit === 0) return false;
  await move(run, 'VALIDATING', { progress: { phase: REVISIT, iteration: round + 1 } });
  return true;
}

/** Tries again while the provider does not answer, and says so. @returns why it is tried no more, after long enough */
async function patiently<T>(run: Run, work: () => Promise<T>): Promise<T | string> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const reason = waitedFor(error);
      if (reason === null) throw error;
      if (tries >= MOST_TRIES) return `The model did not answer ${tries} times: ${reason}`;
      await move(run, 'LLM_SWEEP', { progress: { phase: `waiting for the model: ${reason}`.slice(0, 500) } });
      await sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1)));
    }
  }
}

/** Why a provider does not answer, where time mends it. */
function waitedFor(error: unknown): string | null {
  const cause = error instanceof ActivityFailure ? error.cause : null;
  if (!(cause instanceof ApplicationFailure)) return null;
  return cause.type === 'MODEL_UNAVAILABLE' || cause.type === 'MODEL_QUOTA' ? cause.message : null;
}
