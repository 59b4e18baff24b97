/** A run's end: its results as a file, a version of its source's dataset, and whether it has converged. */

import { createReadStream } from 'node:fs';
import type { Judgement } from '../../classification/runs/requests.ts';
import type { ClassificationRun } from '../../core/classification/records.ts';
import { isHeaderKnown } from '../../core/classification/stored-columns.ts';
import { changeRun, inRun, type RunColumn, registerDataset } from '../../db/index.ts';
import type { RunKey } from '../../workflows/contract/classification.ts';
import { whileHeartbeating } from '../heartbeat.ts';
import { columnPages } from './column-pages.ts';
import { openRun, sourceOf, vocabularyOf } from './open-run.ts';
import type { ClassificationPorts } from './ports.ts';
import { withResultsFile } from './results-file.ts';

export interface Evaluated {
  converged: boolean;
  /** Why it has not, and what else is to be known; for people. */
  why: string[];
}

export function createEvaluating(ports: ClassificationPorts) {
  const { database, events, objects, keys, classifier } = ports;
  return {
    async evaluateRun({ runId }: RunKey): Promise<Evaluated> {
      const run = await openRun(ports, { runId });
      const { display_name, scope } = await sourceOf(ports, run);
      const vocabulary = await vocabularyOf(ports, run);
      await whileHeartbeating(async (signal) => {
        const key = keys.resultsKey(run.source_id, runId);
        const judgements: Judgement[] = [];
        const pages = judged(columnPages(ports, runId, signal), judgements);
        const file = await withResultsFile(ports.temporaryFolder, pages, async ({ path, size, sha256 }) => {
          await objects.put(key, createReadStream(path), { size, sha256, contentType: PARQUET });
          return { size, sha256 };
        });
        const evaluation = await classifier.evaluate({ vocabulary, judgements }, signal);
        await inRun({ database, events }, runId, async (tx) => {
          await registerDataset(tx, run.owner, {
            ...{ id: runId, scope, name: `${display_name}, classified`, source_id: run.source_id },
            ...{ parquet_path: key, ...file, summary: summaryOf(run) },
          });
          await changeRun(tx, { id: runId, evaluation });
        });
      });
      return convergence(run);
    },
  };
}

const PARQUET = 'application/vnd.apache.parquet';

/** The same rows; those that have a label are added to `judgements` as they pass. */
async function* judged(
  pages: AsyncIterable<readonly RunColumn[]>,
  judgements: Judgement[],
): AsyncIterable<readonly RunColumn[]> {
  for await (const rows of pages) {
    for (const { reference_code: label, result, evidence } of rows)
      if (label !== null && result !== null)
        judgements.push({
          ...{ label, predicted: result.predicted_code, cautious: result.cautious_code },
          ...{ probability: result.probability, needsReview: result.needs_review },
          isHeaderKnown: evidence !== null && isHeaderKnown(evidence),
        });
    yield rows;
  }
}

function summaryOf({ progress, vocabulary }: ClassificationRun): Record<string, unknown> {
  const { step: _step, ...counts } = progress;
  return { ...counts, vocabulary: vocabulary.name };
}

/** Converged by the settings' three measures; else which of them it has missed. */
function convergence({ progress, settings }: ClassificationRun): Evaluated {
  const { coverage = 0, mean_gap = 1, frac_unclear = 1, columns_fused = 0 } = progress;
  if (columns_fused === 0) return { converged: false, why: ['No column was found.'] };
  const why = [
    coverage < settings.coverage
      ? [`${percent(coverage)} of the columns have an answer, of ${percent(settings.coverage)} wanted.`]
      : [],
    mean_gap >= settings.mean_gap
      ? [`What is not known is ${mean_gap.toFixed(2)} on average, and should be below ${settings.mean_gap}.`]
      : [],
    frac_unclear >= settings.unclear_share
      ? [
          `${percent(frac_unclear)} of the columns need a person; ${percent(settings.unclear_share)} are too many.`,
        ]
      : [],
  ].flat();
  return { converged: why.length === 0, why };
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
