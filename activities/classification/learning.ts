/**
 * Members that learn: labels are what people have decided of the source's columns and what a model said of them; the
 * sandbox trains on them and answers for every column of the run.
 */

import { createReadStream } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import type { GivenLabel } from '../../classification/runs/requests.ts';
import type { ClassificationRun, ReviewDecision } from '../../core/classification/records.ts';
import type { SandboxHost } from '../../core/ports/sandbox.ts';
import { labelledByModel, type RunColumn, saveLearned } from '../../db/index.ts';
import type { RunKey } from '../../workflows/contract/classification.ts';
import { whileHeartbeating } from '../heartbeat.ts';
import { keyOf, reviewsOf } from './classifying.ts';
import { columnPages } from './column-pages.ts';
import { orGivenUp } from './given-up.ts';
import { openRun, vocabularyOf } from './open-run.ts';
import type { ClassificationPorts } from './ports.ts';
import { withTemporaryFile } from './temporary-file.ts';

/** In the sandbox. */
const FILE = 'columns.jsonl';
const TOOL_TIMEOUT_MS = 30 * 60_000;

/** Terms with a label, and columns: fewer than two terms teach nothing. */
export interface Labels {
  columns: number;
  terms: number;
}

export function createLearning(ports: ClassificationPorts) {
  return {
    /** How many labels there are to learn from, counted without reading more than the keys. */
    async countLabels({ runId }: RunKey): Promise<Labels> {
      const run = await openRun(ports, { runId });
      const reviews = await reviewsOf(ports, run);
      const codes = [...reviews.values()].flatMap(({ decision, code }) =>
        isTerm(decision) ? (code ?? []) : [],
      );
      const model = await labelledByModel(ports.database, runId);
      return { columns: codes.length + model.columns, terms: new Set([...codes, ...model.codes]).size };
    },

    /** Trains on all labels, and keeps what the members say of each column. @returns what was left out, for people */
    async trainMembers({ runId }: RunKey): Promise<string[]> {
      const run = await openRun(ports, { runId });
      return await whileHeartbeating((signal) =>
        withTemporaryFile(
          ports.temporaryFolder,
          (path) => writeLines(ports, { run, path, signal }),
          async ({ path, size, sha256 }) => {
            const host = await orGivenUp(signal, ports.sandbox.choose());
            try {
              const file = { path: FILE, size, sha256 };
              await orGivenUp(signal, host.workspaces.writeDataset(runId, file, createReadStream(path)));
              return await answerAll(ports, { run, host, signal });
            } finally {
              await host.workspaces.forgetDataset(runId);
            }
          },
        ),
      );
    },
  };
}

const isTerm = (decision: ReviewDecision): boolean => decision === 'accept' || decision === 'correct';

interface Writing {
  run: ClassificationRun;
  path: string;
  signal: AbortSignal;
}

async function writeLines(ports: ClassificationPorts, { run, path, signal }: Writing): Promise<void> {
  const reviews = await reviewsOf(ports, run);
  await writeFile(path, '');
  for await (const rows of columnPages(ports, run.id, signal)) {
    const columns = rows.map((row) => ({
      ...{ table: row.table_name, name: row.column_name, type: row.type, reservoir: row.sample.reservoir },
      label: labelOf(row, reviews),
    }));
    const lines = await ports.classifier.learningLines({ columns }, signal);
    await appendFile(path, lines.map((line) => `${line}\n`).join(''));
  }
}

/** A person's decision before a model's word. */
function labelOf(row: RunColumn, reviews: Awaited<ReturnType<typeof reviewsOf>>): GivenLabel | null {
  const review = reviews.get(keyOf(row));
  if (review) {
    const { decision, code } = review;
    if (decision === 'none') return { code: null, by: 'person', confidence: 1 };
    return isTerm(decision) && code !== null ? { code, by: 'person', confidence: 1 } : null;
  }
  const { llm } = row;
  return llm === null || llm.code === null
    ? null
    : { code: llm.code, by: 'model', confidence: llm.confidence };
}

interface Answering {
  run: ClassificationRun;
  host: SandboxHost;
  signal: AbortSignal;
}

/** Columns come in the order of the file's lines, a page at a time. */
async function answerAll(ports: ClassificationPorts, { run, host, signal }: Answering): Promise<string[]> {
  const { database, classifier } = ports;
  const vocabulary = await vocabularyOf(ports, run);
  const parameters = { file: FILE, seed: run.settings.seed % 2 ** 31 };
  const request = { sessionId: '', experimentId: run.id, tool: 'label_columns', parameters };
  const answer = await orGivenUp(signal, host.executions.runTool({ ...request, timeoutMs: TOOL_TIMEOUT_MS }));
  const learned = await classifier.learned({ vocabulary, answer }, signal);
  let at = 0;
  for await (const rows of columnPages(ports, run.id, signal)) {
    const saved = rows.map(({ table_position, column_position }, place) => ({
      ...{ table_position, column_position, learned: learned[at + place] ?? [] },
    }));
    await database.transaction((tx) => saveLearned(tx, run.id, saved));
    at += rows.length;
  }
  const leftOut = Array.isArray(answer.left_out) ? answer.left_out.map(String) : [];
  const rest = learned.length === 0 ? 0 : at - learned.length;
  return rest > 0
    ? [...leftOut, `Members that learn were not asked about the last ${rest} columns.`]
    : leftOut;
}
