/**
 * faults.md 5: Postgres is away while code runs and events are read: no event is lost or doubled. It is killed at
 * moments of the whole life of a stage, most of them while a transaction of that stage is open or commits.
 */

import { expectClean, expectSound } from '../platform/invariants.ts';
import { describeLong, FULL, USUAL_TIMINGS } from '../platform/lengths.ts';
import { momentsOf } from '../platform/moments.ts';
import { ANY_TIME, CALL_POINTS, END_POINTS, EXECUTION_POINTS, START_POINTS } from '../platform/points.ts';
import {
  beginEda,
  code,
  finish,
  openSession,
  type ScriptedPlatform,
  type ScriptedStages,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';
import { readStream, type StreamReader } from '../platform/stream.ts';
import { type Point, strike } from '../platform/strike.ts';
import { until } from '../platform/wait.ts';
import { takeFaultPlatform } from '../sandbox-hosts/taken.ts';

const LINES = 100;
const talking = (pause: number) => `
import os, time
from tempera import log
for step in range(${LINES}):
    print('line', step, flush=True)
    log(step, {'loss': step})
    time.sleep(${pause})
${VALID_EDA}
pathlib.Path('eda/unique.bin').write_bytes(os.urandom(1000))
`;
const LOGGING: Point = {
  name: 'while metrics are logged',
  at: 'event',
  matches: (event) => event.type === 'metrics_batch',
  spread: LINES * 80,
};
const POINTS = [LOGGING, ...CALL_POINTS, ...EXECUTION_POINTS, ...END_POINTS, ...START_POINTS, ANY_TIME];

/** Seconds of an outage that is scaled down. */
const SHORT = 3;

const stages = (pause: number): ScriptedStages => ({
  eda: [[code('talking', talking(pause))], [finish('done')]],
});

/** Postgres has just been killed: what a read is answered. */
async function expectRefusal({ platform }: ScriptedPlatform, session: string): Promise<void> {
  const refused = await until(
    'a read is refused',
    async () => {
      const answer = await platform.rest.send<{ code: string }>('GET', `/api/sessions/${session}`);
      return answer.status === 503 ? answer : null;
    },
    10,
  );
  expect(refused.body.code).toBe('DATABASE_UNAVAILABLE');
  expect(refused.headers.get('retry-after')).not.toBeNull();
}

/** The session ends, and its reader has seen every event, line and metric once. */
async function expectAllOnce(
  { platform }: ScriptedPlatform,
  session: string,
  { reader, inFlight, seconds }: { reader: StreamReader; inFlight: number; seconds: number },
): Promise<void> {
  const { rest } = platform;
  await rest.waitFor(session, ['eda_done'], seconds);
  await expectSound(platform, session, { inFlight });
  const events = await rest.events(session);
  await until('the reader has caught up', () => reader.events.length >= events.length, 15);
  reader.close();
  expect(reader.events.map((event) => event.seq)).toEqual(events.map((event) => event.seq));
  const execution = events.filter((event) => event.type === 'attempt_started').length;
  const lines = events
    .filter((event) => event.type === 'code_output' && event.data.execution === execution)
    .map((event) => String(event.data.text))
    .join('');
  expect(lines).toBe(Array.from({ length: LINES }, (_, step) => `line ${step}\n`).join(''));
  const { items } = await rest.get<{ items: unknown[] }>(`/api/sessions/${session}/metrics?name=loss`);
  expect(items).toHaveLength(LINES);
}

describe('without Postgres', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await takeFaultPlatform('local', stages(0.08));
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test.each(momentsOf(5, POINTS).map((moment) => [moment.label, moment] as const))(
    'gone %s: requests are answered 503, and every event reaches a reader once, in order, in the end',
    async (_, moment) => {
      const { platform } = scripted;
      const session = await openSession(scripted);
      const reader = readStream(platform.rest.url, session);
      await strike({
        platform,
        session,
        moment,
        begin: () => beginEda(scripted, session),
        hit: async () => {
          await platform.kill('postgres', { waits: false, seconds: SHORT });
          await expectRefusal(scripted, session);
        },
        life: 12_000,
      });
      await expectAllOnce(scripted, session, { reader, inFlight: moment.number === 1 ? 0 : 1, seconds: 120 });
      await expectClean(platform, session);
    },
    180_000,
  );
});

describeLong('without Postgres for long', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    // the pause before the supervisor starts the server again
    const wait = String(FULL.postgres * 1_000);
    const restart = { RESTART_MINIMUM_MILLISECONDS: wait, RESTART_MAXIMUM_MILLISECONDS: wait };
    const environment = { ...restart, ...USUAL_TIMINGS };
    scripted = await startScripted(stages((FULL.postgres * 1.2) / LINES), { environment });
  }, 240_000);
  afterAll(() => scripted?.stop(), 60_000);

  test(
    'every event reaches a reader once, in order, in the end',
    async () => {
      const { platform } = scripted;
      const session = await openSession(scripted);
      const reader = readStream(platform.rest.url, session);
      await beginEda(scripted, session);
      await platform.rest.waitForEvent(session, (event) => event.type === 'metrics_batch');
      await platform.kill('postgres', { waits: false });
      await expectRefusal(scripted, session);
      await expectAllOnce(scripted, session, { reader, inFlight: 0, seconds: FULL.postgres * 3 + 120 });
      await expectClean(platform, session);
    },
    (FULL.postgres * 4 + 240) * 1_000,
  );
});
