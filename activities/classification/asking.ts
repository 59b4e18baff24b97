/**
 * One request to a run's model. It is counted before it goes out and its answer is kept before it is used, so that no
 * complete answer is paid for again; limits on calls and money are looked at before each.
 */

import type { ClassificationRun } from '../../core/classification/records.ts';
import { sha256 } from '../../core/ids.ts';
import { lawfulAnswer } from '../../core/lawful-answer.ts';
import type { ModelAnswer, ModelRequest } from '../../core/ports/model.ts';
import {
  beginSweepCall,
  finishSweepCall,
  type SweepSpent,
  storedSweepAnswer,
  sweepSpent,
} from '../../db/index.ts';
import { reserveBudget } from '../budgets.ts';
import { modelOf } from '../turn-request.ts';
import type { ClassificationPorts } from './ports.ts';

/** The limit that is reached, in a sentence; null: there is room. */
export function limitReached(
  { settings }: ClassificationRun,
  { calls, cost }: Pick<SweepSpent, 'calls' | 'cost'>,
): string | null {
  if (calls >= settings.max_model_calls)
    return `The model was asked ${calls} times, which is the limit: max_model_calls.`;
  if (cost >= settings.max_cost)
    return `The model has cost ${cost.toFixed(2)} dollars, which is the limit: max_cost.`;
  return null;
}

export interface Question {
  run: ClassificationRun;
  request: Omit<ModelRequest, 'model'>;
  signal: AbortSignal;
}

/** @returns null where a limit is reached. @throws TemperaError of the provider */
export async function ask(
  ports: ClassificationPorts,
  { run, request, signal }: Question,
): Promise<ModelAnswer | null> {
  const { database } = ports;
  const model = run.settings.model ?? '';
  const key = { run_id: run.id, request_sha256: sha256(JSON.stringify([model, request])) };
  const stored = await storedSweepAnswer(database, key);
  if (stored !== null) return stored;
  if (limitReached(run, await sweepSpent(database, run.id)) !== null) return null;
  const provider = modelOf(ports, { model });
  const sent = { ...request, model: model.slice(model.indexOf('/') + 1) };
  const begun = await database.transaction(async (tx) => {
    const call = `classification/${run.id}/${key.request_sha256}`;
    await reserveBudget(ports, tx, { call, owner: run.owner, model: provider, request: sent });
    return await beginSweepCall(tx, { ...key, model });
  });
  if (begun !== null) return begun;
  const answer = await provider.complete(sent, { signal, onText: () => undefined });
  const lawful = lawfulAnswer(answer, { messages: request.messages, tools: request.tools });
  await finishSweepCall(database, key, lawful);
  return lawful;
}
