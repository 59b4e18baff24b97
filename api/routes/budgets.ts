/** Budgets of keys and people: how they stand, and what an admin sets. */

import { z } from 'zod';
import {
  BUDGET_STATES,
  type BudgetOf,
  BudgetSchema,
  budgetState,
  budgetsByPolicy,
} from '../../core/budgets.ts';
import { ROLES } from '../../core/principal.ts';
import { type BudgetRow, budgetInForce, listBudgets, setBudget } from '../../db/index.ts';
import type { Routes } from './route.ts';

const UsedSchema = z.object({
  dollars_day: z.number(),
  dollars_month: z.number(),
  tokens_day: z.number(),
  tokens_month: z.number(),
});
const StandingSchema = z.object({
  /** Id of the key or person. */
  id: z.string(),
  name: z.string().nullable(),
  role: z.enum(ROLES).nullable(),
  /** `own`: set by an admin; `role`: by the policies. */
  source: z.enum(['own', 'role']),
  budget: BudgetSchema,
  /** Spent, and reserved by calls in flight; days and months are UTC's. */
  used: UsedSchema,
  state: z.enum(BUDGET_STATES),
});
const SubjectParams = z.strictObject({ id: z.string().min(1).max(200) });

export const budgetRoutes: Routes =
  ({ db, policies }) =>
  (app, _options, done) => {
    const budgetOf = budgetsByPolicy(policies);

    const listed = { response: { 200: z.object({ items: z.array(StandingSchema) }) } };
    app.get(
      '/api/budgets',
      { schema: listed, config: { permission: 'session:read' } },
      async ({ principal }) => ({
        items: (await listBudgets(db, principal)).map((row) => standingOf(row, budgetOf)),
      }),
    );

    const put = { params: SubjectParams, body: BudgetSchema };
    app.put(
      '/api/budgets/:id',
      { schema: put, config: { permission: 'keys:manage' } },
      async ({ params, body, principal }, reply) => {
        await setBudget(db, { subject: params.id, budget: body, changedBy: principal.id });
        return reply.code(204).send();
      },
    );

    app.delete(
      '/api/budgets/:id',
      { schema: { params: SubjectParams }, config: { permission: 'keys:manage' } },
      async ({ params, principal }, reply) => {
        await setBudget(db, { subject: params.id, budget: null, changedBy: principal.id });
        return reply.code(204).send();
      },
    );

    done();
  };

function standingOf(row: BudgetRow, budgetOf: BudgetOf): z.infer<typeof StandingSchema> {
  const { subject: id, name, role, own, used } = row;
  const budget = budgetInForce(row, budgetOf);
  return {
    id,
    name,
    role,
    source: own === null ? 'role' : 'own',
    budget,
    used,
    state: budgetState(budget, used),
  };
}
