/** What holds after every fault: events gapless and each once, no call paid twice, rows agree, nothing left over. */

import { readdirSync, readFileSync } from 'node:fs';
import type { StoredEvent } from '../../core/events.ts';
import { createDatabase } from '../../db/index.ts';
import type { TestPlatform } from './platform.ts';
import { until } from './wait.ts';

/** Seqs are 1, 2, 3 … without a gap and in order. */
export function expectGapless(events: StoredEvent[]): void {
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
}

/**
 * @param inFlight requests that may have been repeated: those that were in flight at a kill
 */
export async function expectSound(
  platform: TestPlatform,
  session: string,
  { inFlight = 0 } = {},
): Promise<void> {
  const { rest } = platform;
  const events = await rest.events(session);
  expectGapless(events);
  const steps = await rest.steps(session);
  const modelSteps = steps.filter((step) => step.kind === 'model' && step.state === 'done').length;
  const usage = await rest.usage(session);
  expect(usage.requests).toBeLessThanOrEqual(modelSteps + inFlight);
  expect(usage.requests).toBeGreaterThanOrEqual(modelSteps);
  const ends = events.filter((event) => event.type === 'tool_end').map((event) => event.data.step);
  expect(new Set(ends).size).toBe(ends.length);
  await expectRowsAgree(platform, session);
}

async function expectRowsAgree(platform: TestPlatform, session: string): Promise<void> {
  const database = createDatabase({ url: platform.variables().DATABASE_URL ?? '' });
  try {
    const running = await database.query(`select id from steps where session_id = $1 and state = 'running'`, [
      session,
    ]);
    expect(running).toEqual([]);
    const doubled = await database.query(
      `select run_tag, name, step from metrics m join steps s on s.id = m.step_id
       where m.session_id = $1 and m.execution <> s.execution`,
      [session],
    );
    expect(doubled).toEqual([]);
  } finally {
    await database.close();
  }
}

/** After the session's end: no lease, no process of an execution, no workspace mount. */
export async function expectNothingLeft(platform: TestPlatform, session: string): Promise<void> {
  const database = createDatabase({ url: platform.variables().DATABASE_URL ?? '' });
  try {
    await until(
      'the lease is given back',
      async () => {
        const leases = await database.query('select 1 from leases where session_id = $1', [session]);
        return leases.length === 0;
      },
      30,
    );
  } finally {
    await database.close();
  }
  await until('no process works in the session’s folder', () => processesOf(session).length === 0, 30);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(session);
}

/** Processes whose environment or working directory names the session. */
export function processesOf(session: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TEMPERA_SESSION=${session}`);
      } catch {
        return false; // it ended meanwhile, or is not ours to read
      }
    });
}
