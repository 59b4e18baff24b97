/** One long training script through the platform against the same script forked bare, in interleaved pairs. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptedStages } from '../../tests/platform/scripted.ts';
import { code } from '../../tests/platform/scripted.ts';
import type { BenchPlatform } from '../platform.ts';
import { median, print, round } from '../report.ts';
import { type BareZygote, startBareZygote } from './bare.ts';

/** Seconds; `platform` is tool_start to tool_end, `child` the host's measure of the child alone. */
export interface TrainingPair {
  platform: number;
  child: number;
  bare: number;
  bareCpu: number;
  childCpu: number;
}

/** The script that the scripted model sends; filled in once it is known how much work the wanted time is. */
export interface TrainingScript {
  text: string;
}

export const trainingStages = (script: TrainingScript): ScriptedStages => ({
  eda: [() => [code('training', script.text)]],
});

const FEW_FITS = 2;
const MORE_FITS = 10;

/** @param seconds how long the bare script is to take, at least; `sizings`: how often it is tried what that takes */
export async function measureTraining(
  bench: BenchPlatform,
  script: TrainingScript,
  { seconds, pairs, sizings, python }: { seconds: number; pairs: number; sizings: number; python: string },
): Promise<TrainingPair[]> {
  const root = process.cwd();
  const source = readFileSync(join(root, 'bench', 'overhead', 'training.py'), 'utf8');
  const bare = await startBareZygote(python, root);
  try {
    script.text = await sized(bare, source, { seconds, sizings });
    const measured: TrainingPair[] = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      // which of the two is first alternates, so that a drift of the machine favours neither
      const first = pair % 2 === 0 ? await bare.run(script.text) : null;
      const through = await runThroughPlatform(bench);
      const run = first ?? (await bare.run(script.text));
      measured.push({ ...through, bare: run.seconds, bareCpu: run.cpu_seconds });
      print(
        `pair ${pair + 1}: platform ${round(through.platform)} s (child ${round(through.child)} ` +
          `s, CPU ${round(through.childCpu)} s), bare ${round(run.seconds)} s (CPU ` +
          `${round(run.cpu_seconds)} s)`,
      );
    }
    return measured;
  } finally {
    bare.stop();
  }
}

export const medianRatio = (pairs: TrainingPair[]): number =>
  median(pairs.map((pair) => pair.platform / pair.bare));

/**
 * The script with as many fits as take `seconds` bare, from how much longer more fits take than few: the best of
 * `sizings`.
 */
async function sized(
  bare: BareZygote,
  source: string,
  { seconds, sizings }: { seconds: number; sizings: number },
): Promise<string> {
  const withFits = (fits: number) => `FITS = ${fits}\n${source}`;
  const secondsOf = async (fits: number) => (await bare.run(withFits(fits))).seconds;
  await secondsOf(FEW_FITS); // the first run is slower
  const few: number[] = [];
  const more: number[] = [];
  for (let round = 0; round < sizings; round += 1) {
    few.push(await secondsOf(FEW_FITS));
    more.push(await secondsOf(MORE_FITS));
  }
  const fit = (Math.min(...more) - Math.min(...few)) / (MORE_FITS - FEW_FITS);
  return withFits(Math.ceil((1.05 * seconds) / Math.max(fit, 0.01)));
}

async function runThroughPlatform({
  platform,
  scriptedModel,
}: BenchPlatform): Promise<Pick<TrainingPair, 'platform' | 'child' | 'childCpu'>> {
  const { rest } = platform;
  const experiment = await rest.createExperiment('examples/penguins.csv', {
    name: 'penguins',
    target: 'species',
  });
  const session = await rest.createSession(experiment.id, { mode: 'manual', model: scriptedModel });
  await rest.send('POST', `/api/sessions/${session.id}/stages/eda/start`, {});
  const ended = await rest.waitForEvent(session.id, (event) => event.type === 'tool_end', 3_600);
  await rest.send('POST', `/api/sessions/${session.id}/cancel`, {});
  await rest.waitFor(session.id, ['cancelled'], 120);
  const started = (await rest.events(session.id)).find((event) => event.type === 'tool_start');
  const step = (await rest.steps(session.id)).find((each) => each.id === ended.data.step);
  if (ended.data.ok !== true) throw new Error(`The training script failed: ${String(ended.data.output)}`);
  return {
    platform: (Date.parse(ended.created_at) - Date.parse(started?.created_at ?? '')) / 1000,
    child: Number(step?.output?.duration_us) / 1e6,
    childCpu: Number(step?.output?.cpu_us) / 1e6,
  };
}
