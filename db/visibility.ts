/** The gate before every list of a session's rows. */

import { isId } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import type { Queryable } from './database.ts';
import { ownerFilter } from './sql.ts';

/** What `list` returns; null, without asking it, when the session is absent or not the principal's. */
export async function listVisible<T>(
  q: Queryable,
  { principal, session }: { principal: Principal; session: string },
  list: () => Promise<T>,
): Promise<T | null> {
  if (!isId(session)) return null;
  const rows = await q.query('select from sessions where id = $1 and ($2::text is null or owner = $2)', [
    session,
    ownerFilter(principal),
  ]);
  return rows.length > 0 ? list() : null;
}

/** The same gate within a statement: 1, or null. `$session` and `$owner` are parameters: the id, and ownerFilter's. */
export const sessionGate = (session: string, owner: string): string =>
  `select 1 from sessions where id = ${session} and (${owner}::text is null or owner = ${owner})`;
