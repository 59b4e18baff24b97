/** When a budget in dollars or tokens, of a day or a month, is warned of, is reached, or would be gone beyond. */

import { budgetSentence, budgetState, exceededBudget, NO_BUDGET } from './budgets.ts';

const used = { dollars_day: 4, dollars_month: 10, tokens_day: 100, tokens_month: 1_000 };

test.each([
  [{}, 'ok'],
  [{ dollars_day: 5.1 }, 'ok'],
  [{ dollars_day: 5 }, 'warning'],
  [{ dollars_day: 4 }, 'reached'],
  [{ tokens_month: 1_200, dollars_day: 100 }, 'warning'],
  [{ dollars_month: 0 }, 'reached'],
])('with the limits %j it is %s', (limits, state) => {
  expect(budgetState({ ...NO_BUDGET, ...limits }, used)).toBe(state);
});

test('a call is refused that may go beyond a limit, and one is let through that fits exactly', () => {
  const budget = { ...NO_BUDGET, dollars_day: 5, tokens_month: 2_000 };
  expect(exceededBudget(budget, used, { dollars: 1, tokens: 1_000 })).toBeNull();
  expect(exceededBudget(budget, used, { dollars: 1.01, tokens: 0 })).toBe('dollars_day');
  expect(exceededBudget(budget, used, { dollars: 0, tokens: 1_001 })).toBe('tokens_month');
  expect(exceededBudget(NO_BUDGET, used, { dollars: 1e9, tokens: 1e9 })).toBeNull();
});

test('the sentence says which budget, what is spent, when it begins anew and who raises it', () => {
  const budget = { ...NO_BUDGET, dollars_day: 4 };
  expect(budgetSentence('dollars_day', { budget, used })).toMatch(
    /budget of 4\.00 dollars a day is used up: 4\.00 dollars .* at 00:00 UTC; an admin raises it/,
  );
});
