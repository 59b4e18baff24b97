/** As many points as one script can be asked for, all of them stored, while one reader follows. */

import type { BenchPlatform } from '../platform.ts';
import { faultsOf, openSession } from './session.ts';

export interface ThroughputSample {
  stored: number;
  /** Points stored a second, from the first call to the last point's row. */
  perSecond: number;
  /** Seconds from the last call until every point was stored. */
  behind: number;
  lost: number;
  doubled: number;
  output: string;
}

export async function measureThroughput(bench: BenchPlatform, calls: number): Promise<ThroughputSample> {
  const session = await openSession(bench, 1);
  try {
    const output = await session.ended(900);
    const [row] = await bench.database.query<{
      stored: number;
      first: number;
      last: number;
      written: number;
    }>(
      `select count(*)::integer as stored, min(value) as first, max(value) as last,
         extract(epoch from max(created_at))::float8 as written
       from metrics where session_id = $1 and name = 'sent'`,
      [session.id],
    );
    const { stored = 0, first = 0, last = 0, written = 0 } = row ?? {};
    const [reader] = session.readers;
    const { lost, doubled } = reader ? faultsOf(reader, calls) : { lost: calls, doubled: 0 };
    return { stored, perSecond: stored / (written - first), behind: written - last, lost, doubled, output };
  } finally {
    await session.close();
  }
}
