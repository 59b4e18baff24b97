/** What each route about access is for: limits, budgets, audit. */

import type { RouteDescription } from './route-description.ts';

const JSON_LINES = { 'application/x-ndjson': { schema: { type: 'string' } } };

export const ACCESS_DESCRIPTIONS: Readonly<Record<string, RouteDescription>> = {
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
