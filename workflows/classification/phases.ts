/** The states of a run, each gone through by activities until the next can follow. */

import type { Progress } from '../../core/classification/records.ts';
import type { Carried, RunSums } from '../contract/classification.ts';
import { runRecords, runSteps } from './activities.ts';
import { afterLabels, move, nextColumns, type Run } from './run.ts';
import { addSums, fusedProgress, NO_SUMS } from './run-view.ts';
import { revisits, sweep, validate } from './sweep.ts';
import { overWindows } from './windows.ts';

/** Tables of a window that is sampled; the files of several may be one upload. */
const TABLES_SAMPLED_AT_ONCE = 8;
/** @returns where a new run of the workflow goes on; null when the run has ended */
export async function goOn(run: Run): Promise<Carried | null> {
  const { view, input } = run;
  let carried = input.carried ?? null;
  for (;;) {
    const left = await goThrough(run, carried);
    if (left !== null) return left;
    carried = null;
    if (view.state === 'CONVERGED' || view.state === 'STOPPED') return null;
  }
}

/** One state, up to the move to the next. */
async function goThrough(run: Run, carried: Carried | null): Promise<Carried | null> {
  const { view } = run;
  const from = carried?.from ?? 0;
  const sums = carried?.sums ?? NO_SUMS;
  if (view.state === 'SAMPLING') return await sample(run, from, sums);
  if (view.state === 'LLM_SWEEP') return await sweep(run, from, sums);
  if (view.state === 'CLASSIFYING') return await classify(run, from, sums);
  if (view.state === 'FUSING') return await fuse(run, from, sums);
  if (view.state === 'IDLE') await move(run, 'LOADING_VOCAB');
  else if (view.state === 'LOADING_VOCAB') await loadVocabulary(run);
  else if (view.state === 'DISCOVERING') await discover(run);
  else if (view.state === 'VALIDATING') await validate(run);
  else if (view.state === 'GENERATING_SYNTH') await findLabels(run);
  else if (view.state === 'TRAINING') await train(run);
  else await evaluate(run);
  return null;
}

const tell = (run: Run, progress: Omit<Progress, 'step'>): Promise<void> =>
  move(run, run.view.state, { progress });

const stepsOf = ({ loaded, input }: Run) => runSteps(loaded.heartbeatSeconds, input.owner);

async function loadVocabulary(run: Run): Promise<void> {
  const { terms, findings } = await stepsOf(run).loadVocabulary({ runId: run.input.runId });
  await move(run, 'DISCOVERING', { progress: { categories_loaded: terms }, notes: findings });
}

async function discover(run: Run): Promise<void> {
  for (;;) {
    const { tables, isEnd } = await stepsOf(run).discoverTables({ runId: run.input.runId });
    if (isEnd) return await move(run, 'SAMPLING', { progress: { tables_discovered: tables } });
    await tell(run, { tables_discovered: tables });
  }
}

async function sample(run: Run, first: number, before: RunSums): Promise<Carried | null> {
  const { input, loaded, view } = run;
  const { runId } = input;
  const all = view.progress.tables_discovered ?? 0;
  let sums = before;
  const from = await overWindows({
    ...{ from: first, loaded },
    next: async (at) =>
      at >= all || sums.columns >= loaded.maxColumns
        ? null
        : { from: at, to: Math.min(all, at + TABLES_SAMPLED_AT_ONCE) },
    work: (window) => stepsOf(run).sampleTables({ runId, ...window }),
    done: async (sampled) => {
      sums = addSums(sums, { ...NO_SUMS, ...sampled });
      await tell(run, sampledProgress(sums));
    },
  });
  if (from !== null) return { state: view.state, from, sums };
  const notes =
    sums.columns >= loaded.maxColumns
      ? [`Only tables with the first ${loaded.maxColumns} columns were looked at (max_columns).`]
      : [];
  await move(run, run.loaded.rounds === null ? await afterLabels(run) : 'LLM_SWEEP', {
    progress: sampledProgress(sums),
    notes,
  });
  return null;
}

const sampledProgress = ({ tables, columns, failed }: RunSums): Omit<Progress, 'step'> => ({
  ...{ columns_total: columns, tables_sampled: tables },
  ...(failed > 0 ? { tables_failed: failed } : {}),
});

/** From what there is to learn is told before it is learned from. */
async function findLabels(run: Run): Promise<void> {
  const { columns, terms } = await runRecords.countLabels({ runId: run.input.runId });
  await move(run, 'TRAINING', { progress: { labels: columns, labelled_terms: terms } });
}

async function train(run: Run): Promise<void> {
  const notes = await stepsOf(run).trainMembers({ runId: run.input.runId });
  await move(run, 'CLASSIFYING', { notes });
}

async function classify(run: Run, first: number, before: RunSums): Promise<Carried | null> {
  const { input, loaded, view } = run;
  const { runId } = input;
  let sums = before;
  const from = await overWindows({
    ...{ from: first, loaded, next: (at) => nextColumns(run, at) },
    work: (window) => stepsOf(run).classifyTables({ runId, ...window }),
    done: async (columns) => {
      sums = addSums(sums, { ...NO_SUMS, columns });
      await tell(run, { columns_classified: sums.columns });
    },
  });
  if (from !== null) return { state: view.state, from, sums };
  await move(run, 'FUSING', { progress: { columns_classified: sums.columns } });
  return null;
}

async function fuse(run: Run, first: number, before: RunSums): Promise<Carried | null> {
  const { input, loaded, view } = run;
  const { runId } = input;
  let sums = before;
  const from = await overWindows({
    ...{ from: first, loaded, next: (at) => nextColumns(run, at) },
    work: (window) => stepsOf(run).fuseTables({ runId, ...window }),
    done: async (fused) => {
      sums = addSums(sums, fused);
      await tell(run, fusedProgress(sums));
    },
  });
  if (from !== null) return { state: view.state, from, sums };
  if (await revisits(run)) return null;
  await move(run, 'EVALUATING', { progress: fusedProgress(sums) });
  return null;
}

async function evaluate(run: Run): Promise<void> {
  const { converged, why } = await stepsOf(run).evaluateRun({ runId: run.input.runId });
  await move(run, converged ? 'CONVERGED' : 'STOPPED', { notes: why });
}
