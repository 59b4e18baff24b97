/**
 * Sliding windows over requests, one row a caller and limit. One statement counts a request, on the database's clock:
 * the row's lock is what makes several api processes count as one. A refused request counts nothing, so that who is
 * refused and comes back as it was told is let in.
 */

import type { RateWindow } from '../core/rate-window.ts';
import type { Queryable } from './database.ts';

export interface RateLimit {
  name: string;
  /** Requests a minute, at least one. */
  most: number;
}

// A row whose time is ahead by more than a bucket is of a clock that was set back: it begins anew. By less, it is of a
// request that came later and was served first.
const COUNT = `
  insert into rate_windows as w (subject, name, at, current, previous, most, granted)
  select $1, name, extract(epoch from clock_timestamp())::float8 / 60, 1, 0, most, true
  from unnest($2::text[], $3::integer[]) as given (name, most) order by name
  on conflict (subject, name) do update set (at, current, previous, most, granted) = (
    select at, current + granted::integer, previous, most, granted from (
      select *, previous * (1 - (at - floor(at))) + current + 1 <= most as granted from (
        select at, most,
          case passed when 0 then w.current else 0 end as current,
          case passed when 0 then w.previous when 1 then w.current else 0 end as previous
        from (
          select moved.at, excluded.most, floor(moved.at) - floor(w.at) as passed
          from (
            select case when w.at - excluded.at > 1 then excluded.at else greatest(w.at, excluded.at) end
          ) as moved (at)
        ) as clock
      ) as counted
    ) as decided)
  returning name, most as "limit", current, previous, at - floor(at) as elapsed, granted`;

/** Counts one request against each of `limits`. */
export function countRequest(
  q: Queryable,
  subject: string,
  limits: readonly RateLimit[],
): Promise<RateWindow[]> {
  return q.query<RateWindow>(COUNT, [
    subject,
    limits.map(({ name }) => name),
    limits.map(({ most }) => most),
  ]);
}

/** Forgets windows that nobody has asked in for an hour. @returns how many */
export async function forgetRateWindows(q: Queryable): Promise<number> {
  const rows = await q.query(
    `delete from rate_windows where at < extract(epoch from clock_timestamp())::float8 / 60 - 60 returning 1 as gone`,
  );
  return rows.length;
}
