/** What each route about access is for: limits, budgets, audit. */

import type { RouteDescription } from './route-description.ts';

const JSON_LINES = { 'application/x-ndjson': { schema: { type: 'string' } } };

export const ACCESS_DESCRIPTIONS: Readonly<Record<string, RouteDescription>> = {
  'GET /api/budgets': {
    tag: 'access',
    summary:
      'Budgets in dollars and tokens by day and month (UTC), what is used of each, and whether it is ok, warned of ' +
      '(from 80 %) or reached: the caller’s, an admin’s all.',
  },
  'PUT /api/budgets/:id': {
    tag: 'access',
    summary:
      '`{"dollars_day", "dollars_month", "tokens_day", "tokens_month"}`, null for no limit: a budget of this key or ' +
      'person in place of its role’s. What waits for it goes on by itself.',
  },
  'DELETE /api/budgets/:id': { tag: 'access', summary: 'Its role’s budget holds again.' },
  'GET /api/audit': {
    tag: 'access',
    summary:
      'Who did what, newest first, for admins; `?principal=`, `?action=`, `?object=` (its id), `?result=` (ok, ' +
      'refused, failed), `?since=`, `?until=`.',
  },
  'GET /api/audit/export': {
    tag: 'access',
    summary: 'All of it that the same filters choose, as lines of JSON.',
    answer: JSON_LINES,
  },
};
