/** Commands about budgets of keys and people. */

import { z } from 'zod';
import { BUDGET_NAMES, BUDGET_STATES, type BudgetName, BudgetSchema } from '../../core/budgets.ts';
import { type Command, text, type Values } from '../command.ts';
import { usageError } from '../exit-code.ts';
import { tableOf } from '../output.ts';

const Used = z.object({
  dollars_day: z.number(),
  dollars_month: z.number(),
  tokens_day: z.number(),
  tokens_month: z.number(),
});
const Standing = z.object({
  id: z.string(),
  name: z.string().nullable(),
  budget: BudgetSchema,
  used: Used,
  state: z.enum(BUDGET_STATES),
});
const Budgets = z.object({ items: z.array(Standing) });

const optionOf = (name: BudgetName): string => name.replace('_', '-');

/** One budget as a line for people. */
export function budgetLine({
  id,
  name,
  budget,
  used,
  state,
}: z.infer<typeof Standing>): Record<string, unknown> {
  const shown = BUDGET_NAMES.map((each): [string, string] => {
    const digits = each.startsWith('dollars') ? 2 : 0;
    const limit = budget[each];
    return [each.replace('_', ' a '), `${used[each].toFixed(digits)} of ${limit === null ? 'any' : limit}`];
  });
  return { id, name, state, ...Object.fromEntries(shown) };
}

/** The limit that an option sets: a number, or `none`. @throws CommandError usage */
export function limitOf(values: Values, name: BudgetName): number | null | undefined {
  const given = text(values, optionOf(name));
  if (given === undefined) return undefined;
  if (given === 'none') return null;
  const value = Number(given);
  const fits = name.startsWith('tokens') ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (given.trim() !== '' && fits && value >= 0) return value;
  throw usageError(`--${optionOf(name)} takes a number or none, not '${given}'.`);
}

const list: Command = {
  name: 'budgets list',
  usage: '',
  summary: 'Lists budgets with what is used of them; as an admin of every key and person.',
  arguments: [0, 0],
  async run({ api, output, terminal }) {
    const { items } = await (await api()).request(Budgets, '/api/budgets');
    output.result({ items }, tableOf(items.map(budgetLine), terminal.columns));
    return undefined;
  },
};

const set: Command = {
  name: 'budgets set',
  usage:
    'ID [--dollars-day N|none] [--dollars-month N|none] [--tokens-day N|none] [--tokens-month N|none] [--unset]',
  summary: 'Sets limits of a key or person, those left out stay; with --unset its role’s budget holds again.',
  options: {
    ...Object.fromEntries(BUDGET_NAMES.map((name) => [optionOf(name), { type: 'string' as const }])),
    unset: { type: 'boolean' },
  },
  arguments: [1, 1],
  async run({ api, output }, [id = ''], values) {
    const client = await api();
    const path = `/api/budgets/${encodeURIComponent(id)}`;
    if (values.unset === true) {
      await client.request(z.null(), path, { method: 'DELETE' });
      output.result({ id }, `The budget of the role holds for ${id}.\n`);
      return undefined;
    }
    const { items } = await client.request(Budgets, '/api/budgets');
    const before = items.find((each) => each.id === id)?.budget;
    const entries = BUDGET_NAMES.map((name) => [name, limitOf(values, name) ?? before?.[name] ?? null]);
    const none = BUDGET_NAMES.filter((name) => limitOf(values, name) === null).map((name) => [name, null]);
    const budget = BudgetSchema.parse(Object.fromEntries([...entries, ...none]));
    await client.request(z.null(), path, { method: 'PUT', json: budget });
    output.result({ id, budget }, `The budget of ${id} is set.\n`);
    return undefined;
  },
};

export const budgetCommands: Command[] = [list, set];
