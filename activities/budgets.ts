/** A model call is reserved against its owner's budget before it is sent; without room it waits like for a quota. */

import { NO_BUDGET } from '../core/budgets.ts';
import { TemperaError } from '../core/errors.ts';
import type { LanguageModel, ModelRequest } from '../core/ports/model.ts';
import { reserveCall, type Transaction } from '../db/index.ts';
import type { ActivityPorts } from './ports.ts';

export interface BudgetedCall {
  call: string;
  owner: string;
  model: LanguageModel;
  request: ModelRequest;
}

/** @throws TemperaError MODEL_QUOTA where the budget has no room: the workflow waits in sight and tries again */
export async function reserveBudget(
  { budgetOf = () => NO_BUDGET }: Pick<ActivityPorts, 'budgetOf'>,
  tx: Transaction,
  { call, owner, model, request }: BudgetedCall,
): Promise<void> {
  const { usage, cost } = model.bound?.(request) ?? model.estimate?.(request) ?? NOTHING;
  const most = { dollars: cost, tokens: usage.input + usage.output + usage.cacheRead + usage.cacheWrite };
  const reason = await reserveCall(tx, { call, owner, most }, budgetOf);
  if (reason === null) return;
  throw new TemperaError('MODEL_QUOTA', reason, { details: { cause: 'quota' } });
}

const NOTHING = { usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, cost: 0 };
