/**
 * One workflow a run of a classification: it drives, the rows remember. It may be started from the rows at any time:
 * the state that they say is gone through again, and every piece of it writes what it wrote before.
 */

import {
  ActivityFailure,
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { isFinal } from '../../core/classification/states.ts';
import {
  type ClassificationInput,
  cancelClassificationUpdate,
  classificationStatusQuery,
} from '../contract/classification.ts';
import { SEARCH_ATTRIBUTES } from '../contract/search-attributes.ts';
import { runRecords } from './activities.ts';
import { goOn } from './phases.ts';
import { move, type Run } from './run.ts';
import { RunView } from './run-view.ts';

export async function ClassificationWorkflow(input: ClassificationInput): Promise<void> {
  const view = new RunView();
  const scope = new CancellationScope();
  let isCancelled = false;
  setHandler(classificationStatusQuery, () => view.status);
  setHandler(cancelClassificationUpdate, async () => {
    isCancelled = true;
    scope.cancel();
    await condition(() => isFinal(view.state));
    return { state: view.state };
  });
  const loaded = await runRecords.loadRun({ runId: input.runId });
  view.load(loaded);
  const run: Run = { input, loaded, view, shown: '', show: () => show(run) };
  run.show();
  try {
    const carried = isFinal(view.state) ? null : await scope.run(() => goOn(run));
    if (carried !== null) {
      // a cancel that comes here waits for an end that only this run of the workflow can bring
      await condition(() => isCancelled || allHandlersFinished());
      if (!isCancelled) await continueAsNew<typeof ClassificationWorkflow>({ ...input, carried });
      await move(run, 'CANCELLED');
    }
  } catch (error) {
    if (!isCancelled && !isCancellation(error) && !isFailure(error)) throw error;
    await CancellationScope.nonCancellable(() => end(run, error));
  }
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
}

/** Work that no repetition mends; a mistake in the workflow itself fails the task, and waits for a mended one. */
const isFailure = (error: unknown): boolean => error instanceof ActivityFailure;

async function end(run: Run, error: unknown): Promise<void> {
  if (isCancellation(error)) {
    await move(run, 'CANCELLED');
    return;
  }
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const code = cause instanceof ApplicationFailure ? (cause.type ?? 'INTERNAL') : 'INTERNAL';
  const message = cause instanceof Error ? cause.message : String(cause);
  await move(run, 'ERROR', { error: { code, message } });
}

/** Keeps the Temporal UI true; a search attribute that has not changed would only lengthen the history. */
function show(run: Run): void {
  const { view, loaded } = run;
  setCurrentDetails(view.details(loaded.sourceName));
  if (view.state === run.shown) return;
  run.shown = view.state;
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.kind, value: 'classification' },
    { key: SEARCH_ATTRIBUTES.state, value: view.state },
  ]);
}
