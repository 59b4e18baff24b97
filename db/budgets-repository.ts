/**
 * Budgets of keys and people, and what their model calls have used.
 *
 * 1. A call is reserved before it is sent, in the transaction that counts it, with what it may use at most; one owner's
 *    reservations queue, so that calls of several workers never go beyond the budget together.
 * 2. What a call has used is settled by triggers of the calls' tables: no way of ending one leaves it out.
 * 3. Days and months are UTC's, by the database's clock.
 */

import {
  type Amount,
  type Budget,
  type BudgetOf,
  budgetSentence,
  exceededBudget,
  isUnlimited,
  NO_BUDGET,
  type Used,
} from '../core/budgets.ts';
import type { Principal, Role } from '../core/principal.ts';
import type { Queryable, Transaction } from './database.ts';
import { only, ownerFilter } from './sql.ts';

export interface BudgetRow {
  subject: string;
  name: string | null;
  role: Role | null;
  /** Its own; null: its role's holds. */
  own: Budget | null;
  used: Used;
}

/** Remembers with which role a principal came. */
export async function rememberPrincipal(q: Queryable, { id, role, name }: Principal): Promise<void> {
  await q.query(
    `insert into principals as p (id, role, name) values ($1, $2, $3)
     on conflict (id) do update set role = excluded.role, name = excluded.name, seen_at = clock_timestamp()`,
    [id, role, name ?? null],
  );
}

// a reservation is of a call in flight: none is so for an hour
const BUDGETS = `
  select o.subject, p.name, p.role,
    case when b.subject is null then null else jsonb_build_object('dollars_day', b.dollars_day,
      'dollars_month', b.dollars_month, 'tokens_day', b.tokens_day, 'tokens_month', b.tokens_month) end as own,
    jsonb_build_object('dollars_day', s.dollars_day + r.dollars, 'dollars_month', s.dollars_month + r.dollars,
      'tokens_day', s.tokens_day + r.tokens, 'tokens_month', s.tokens_month + r.tokens) as used
  from owners o left join budgets b using (subject) left join principals p on p.id = o.subject
  cross join lateral (
    select coalesce(sum(dollars) filter (where day = today), 0) as dollars_day,
      coalesce(sum(tokens) filter (where day = today), 0) as tokens_day,
      coalesce(sum(dollars), 0) as dollars_month, coalesce(sum(tokens), 0) as tokens_month
    from (select (clock_timestamp() at time zone 'UTC')::date as today) as clock
      left join spending on owner = o.subject and day >= date_trunc('month', today)::date and day <= today) as s
  cross join lateral (
    select coalesce(sum(dollars), 0) as dollars, coalesce(sum(tokens), 0) as tokens from budget_reservations
    where owner = o.subject and call <> $2 and reserved_at > clock_timestamp() - interval '1 hour') as r`;

/** Budgets and what is used of them: the principal's own, an admin's all that there are. */
export function listBudgets(q: Queryable, principal: Principal): Promise<BudgetRow[]> {
  return q.query<BudgetRow>(
    `with owners as (
       select subject from (select id as subject from principals union select subject from budgets
         union select owner from spending union select $3::text) as known
       where $1::text is null or subject = $1)
     ${BUDGETS} order by o.subject`,
    [ownerFilter(principal), '', principal.id],
  );
}

/** Sets a budget of one's own in place of the role's; null takes it away. */
export async function setBudget(
  tx: Queryable,
  { subject, budget, changedBy }: { subject: string; budget: Budget | null; changedBy: string },
): Promise<void> {
  if (budget === null) {
    await tx.query('delete from budgets where subject = $1', [subject]);
    return;
  }
  const { dollars_day, dollars_month, tokens_day, tokens_month } = budget;
  await tx.query(
    `insert into budgets (subject, dollars_day, dollars_month, tokens_day, tokens_month, changed_by)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (subject) do update set dollars_day = excluded.dollars_day, dollars_month = excluded.dollars_month,
       tokens_day = excluded.tokens_day, tokens_month = excluded.tokens_month, changed_by = excluded.changed_by,
       changed_at = clock_timestamp()`,
    [subject, dollars_day, dollars_month, tokens_day, tokens_month, changedBy],
  );
}

/** Its own, else that of its role. */
export function budgetInForce({ own, role }: Pick<BudgetRow, 'own' | 'role'>, budgetOf: BudgetOf): Budget {
  return own ?? (role === null ? NO_BUDGET : budgetOf(role));
}

export interface CallToReserve {
  /** `session/ID/STAGE/RUN/TURN` or `classification/ID/HASH`. */
  call: string;
  owner: string;
  /** What it uses at most. */
  most: Amount;
}

/** Reserves what a call may use. @returns why not, in a sentence, where the budget has no room; null: it is reserved */
export async function reserveCall(
  tx: Transaction,
  { call, owner, most }: CallToReserve,
  budgetOf: BudgetOf,
): Promise<string | null> {
  const read = async () =>
    only(await tx.query<BudgetRow>(`with owners as (select $1::text as subject) ${BUDGETS}`, [owner, call]));
  const budget = budgetInForce(await read(), budgetOf);
  if (isUnlimited(budget)) return null;
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('budget/' || $1, 0))`, [owner]);
  const { used } = await read();
  const exceeded = exceededBudget(budget, used, most);
  if (exceeded !== null) return budgetSentence(exceeded, { budget, used });
  await tx.query(
    `insert into budget_reservations (call, owner, dollars, tokens) values ($1, $2, $3, $4)
     on conflict (call) do update set dollars = excluded.dollars, tokens = excluded.tokens,
       reserved_at = clock_timestamp()`,
    [call, owner, most.dollars, most.tokens],
  );
  return null;
}
