/** Budgets in dollars and tokens by day and month (UTC) of one key or person: what is left, and when one is reached. */

import { z } from 'zod';
import type { PolicySource } from './access/policies.ts';
import type { Role } from './principal.ts';

/** Null sets no limit. */
export const BudgetSchema = z.strictObject({
  dollars_day: z.number().min(0).nullable(),
  dollars_month: z.number().min(0).nullable(),
  tokens_day: z.number().int().min(0).nullable(),
  tokens_month: z.number().int().min(0).nullable(),
});
export type Budget = z.infer<typeof BudgetSchema>;
export type BudgetName = keyof Budget;

export const BUDGET_NAMES = ['dollars_day', 'dollars_month', 'tokens_day', 'tokens_month'] as const;
export const NO_BUDGET: Budget = {
  dollars_day: null,
  dollars_month: null,
  tokens_day: null,
  tokens_month: null,
};

/** What a role's keys and people may spend where no budget of their own stands. */
export type BudgetOf = (role: Role) => Budget;

/** The budgets of roles as the policies are now. */
export function budgetsByPolicy(policies: PolicySource): BudgetOf {
  return (role) => {
    const { day, month } = policies.current().roles[role].budgets;
    return {
      ...{ dollars_day: day.dollars, dollars_month: month.dollars },
      ...{ tokens_day: day.tokens, tokens_month: month.tokens },
    };
  };
}

export const isUnlimited = (budget: Budget): boolean => BUDGET_NAMES.every((name) => budget[name] === null);

/** The part of a budget from which on it is warned of. */
const WARNED_FROM = 0.8;

export const BUDGET_STATES = ['ok', 'warning', 'reached'] as const;
export type BudgetState = (typeof BUDGET_STATES)[number];

export interface Used {
  dollars_day: number;
  dollars_month: number;
  tokens_day: number;
  tokens_month: number;
}

export interface Amount {
  dollars: number;
  tokens: number;
}

/** How a budget stands: `reached` when any of its limits is, `warning` from four fifths of one. */
export function budgetState(budget: Budget, used: Used): BudgetState {
  const parts = BUDGET_NAMES.map((name) => partOf(budget[name], used[name]));
  const most = Math.max(...parts);
  return most >= 1 ? 'reached' : most >= WARNED_FROM ? 'warning' : 'ok';
}

/** The first limit that is reached, or that `more` would go beyond; null: there is room. */
export function exceededBudget(budget: Budget, used: Used, more: Amount): BudgetName | null {
  const found = BUDGET_NAMES.find((name) => {
    const limit = budget[name];
    if (limit === null) return false;
    const next = name.startsWith('dollars') ? more.dollars : more.tokens;
    return used[name] >= limit || used[name] + next > limit;
  });
  return found ?? null;
}

/** Why nothing is asked of a model, and what lets it go on. */
export function budgetSentence(name: BudgetName, { budget, used }: { budget: Budget; used: Used }): string {
  const [unit = '', period = ''] = name.split('_');
  const amount = (value: number) =>
    unit === 'dollars' ? `${value.toFixed(2)} dollars` : `${Math.round(value)} tokens`;
  const renewed = period === 'day' ? 'at 00:00 UTC' : 'on the first of the month, UTC';
  return (
    `The budget of ${amount(budget[name] ?? 0)} a ${period} is used up: ${amount(used[name])} are spent or ` +
    `reserved by calls in flight, and the next call may go beyond it. It begins anew ${renewed}; an admin raises ` +
    'it with tempera budgets set. The work goes on by itself then.'
  );
}

const partOf = (limit: number | null, used: number): number =>
  limit === null ? 0 : limit === 0 ? 1 : used / limit;
