/** What holds after every fault: events gapless and each once, no call paid twice, rows agree, nothing left over. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { StoredEvent } from '../../core/events.ts';
import { sessionWorkflowId } from '../../core/session-names.ts';
import { createDatabase, type Database } from '../../db/index.ts';
import { type SessionStatus, statusQuery } from '../../workflows/contract/messages.ts';
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
  // what a run has taken over was paid by another, and has no usage of its own
  const paid = steps.filter(
    ({ kind, state, usage }) => kind === 'model' && state === 'done' && usage !== null,
  );
  const modelSteps = paid.length;
  const usage = await rest.usage(session);
  expect(usage.requests).toBeLessThanOrEqual(modelSteps + inFlight);
  expect(usage.requests).toBeGreaterThanOrEqual(modelSteps);
  for (const type of ['tool_start', 'tool_end']) {
    const steps = events.filter((event) => event.type === type).map((event) => event.data.step);
    expect(new Set(steps).size).toBe(steps.length);
  }
  expectHeard(platform);
  await withDatabase(platform, (database) => expectRowsAgree(database, session));
  await expectWorkflowAgrees(platform, session);
}

/** No process has met a rejection that nobody listened to: config/unheard-rejections.ts tells of each. */
function expectHeard({ home }: TestPlatform): void {
  const folder = join(home, 'logs');
  const lines = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap(({ name }) => readFileSync(join(folder, name), 'utf8').split('\n'));
  expect(lines.filter((line) => line.includes('"what":"unheard rejection"'))).toEqual([]);
}

const IDLE = `not exists (select from sessions where id = $1 and state like '%running')`;

/** Each statement finds rows that contradict others; there are none. */
const CONTRADICTIONS: Record<string, string> = {
  'steps that run in a session that does not': `select id, kind, tool from steps
     where session_id = $1 and state = 'running' and ${IDLE}`,
  'stage runs that run in a session that does not': `select stage, run from stage_runs
     where session_id = $1 and state = 'running' and ${IDLE}`,
  'ended tool calls without their end told': `select s.id, s.state from steps s
     where s.session_id = $1 and s.kind = 'tool'
     and s.state in ('done', 'failed') and not exists (select from events e
       where e.stream_id = 'session/' || $1::text and e.key = s.id || '/tool_end')
     -- of what a run has taken over, the run that made it has told
     and not exists (select from stage_runs r where (r.session_id, r.stage, r.run) = (s.session_id, s.stage, s.run)
       and r.reason like 'as run % had made it')`,
  'metrics of an execution that was given up': `select run_tag, name, step
     from metrics m join steps s on s.id = m.step_id
     where m.session_id = $1 and m.execution <> s.execution`,
  'metric summaries that count other than the metrics': `select name, s.count from metric_summaries s
     where session_id = $1
     and s.count <> (select count(*) from metrics m where (m.session_id, m.stage, m.run, m.run_tag, m.name)
       = (s.session_id, s.stage, s.run, s.run_tag, s.name))`,
  'references to blobs that are not stored': `select r.sha256 from blob_references r where session_id = $1
     and not exists (select from blobs b where b.sha256 = r.sha256 and not b.collecting)`,
  'checkpoints whose manifest is not referred to': `select id from checkpoints c where session_id = $1
     and not exists (select from blob_references r where (r.session_id, r.sha256) = (c.session_id, c.manifest_sha256))`,
  'artifacts whose content is not referred to': `select path from artifacts a where session_id = $1
     and not exists (select from blob_references r where (r.session_id, r.sha256) = (a.session_id, a.sha256))`,
};

async function expectRowsAgree(database: Database, session: string): Promise<void> {
  const found: Record<string, unknown[]> = {};
  for (const [what, sql] of Object.entries(CONTRADICTIONS)) {
    const rows = await database.query(sql, [session]);
    if (rows.length > 0) found[what] = rows;
  }
  expect(found).toEqual({});
}

/** The session's workflow says what its row says, as soon as a worker answers for it. */
async function expectWorkflowAgrees(platform: TestPlatform, session: string): Promise<void> {
  const connection = await Connection.connect({ address: platform.variables().TEMPORAL_ADDRESS ?? '' });
  try {
    const handle = new Client({ connection }).workflow.getHandle(sessionWorkflowId(session));
    let reported: Pick<SessionStatus, 'state' | 'waiting'> | null = null;
    const agrees = async () => {
      const { state, waiting } = await platform.rest.session(session);
      const status = await handle.query(statusQuery);
      reported = { state: status.state, waiting: status.waiting };
      return state === reported.state && (waiting?.reason ?? null) === (reported.waiting?.reason ?? null);
    };
    await until('the workflow agrees with the row', agrees, 20).catch((error: unknown) => {
      throw new Error(`The workflow of ${session} says ${JSON.stringify(reported)}.`, { cause: error });
    });
  } finally {
    await connection.close();
  }
}

/** Cancels a session in whatever state it is, then nothing of it is left: no process, uid, mount or lease. */
export async function expectClean(platform: TestPlatform, session: string): Promise<void> {
  const leases = await withDatabase(platform, (database) =>
    database.query<{ uid: number | null }>('select uid from leases where session_id = $1', [session]),
  );
  await until('the session is cancelled', async () => {
    await platform.rest.send('POST', `/api/sessions/${session}/cancel`, {});
    return (await platform.rest.session(session)).state === 'cancelled';
  });
  await expectNothingLeft(platform, session);
  const uid = leases[0]?.uid ?? 0;
  if (uid > 0) await until(`no process has the identity ${uid}`, () => processesAs(uid).length === 0, 30);
}

export async function withDatabase<T>(
  platform: TestPlatform,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = createDatabase({ url: platform.variables().DATABASE_URL ?? '', poolSize: 1 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** After the session's end: no lease, no process of an execution, no workspace mount. */
export async function expectNothingLeft(platform: TestPlatform, session: string): Promise<void> {
  await until(
    'the lease is given back',
    () =>
      withDatabase(platform, async (database) => {
        const leases = await database.query('select 1 from leases where session_id = $1', [session]);
        return leases.length === 0;
      }),
    30,
  );
  await until('no process works in the session’s folder', () => processesOf(session).length === 0, 30);
  await until('no mount of the session is left', () => mountsOf(session).length === 0, 30);
}

/** Processes whose environment names the session. */
export function processesOf(session: string): number[] {
  return processesThat('environ', (text) => text.includes(`TEMPERA_SESSION=${session}`));
}

/** Processes in whose mount namespace something of the session is mounted. */
function mountsOf(session: string): number[] {
  return processesThat('mountinfo', (text) => text.includes(session));
}

/** Processes of a real uid, zombies aside. */
function processesAs(uid: number): number[] {
  return processesThat(
    'status',
    (text) => new RegExp(`^Uid:\\s+${uid}\\s`, 'm').test(text) && !/^State:\s+[ZX]/m.test(text),
  );
}

function processesThat(file: string, holds: (text: string) => boolean): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return holds(readFileSync(`/proc/${pid}/${file}`, 'utf8'));
      } catch {
        return false; // it ended meanwhile, or is not ours to read
      }
    });
}
