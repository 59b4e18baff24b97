/**
 * faults.md 4: the Temporal server is away: starts are answered 503 with Retry-After, reads and events are served, runs
 * go on after. It goes at moments of the whole life of a stage, also while the result of a step is being committed.
 */

import { expectClean, expectSound } from '../platform/invariants.ts';
import { describeLong, FULL, USUAL_TIMINGS } from '../platform/lengths.ts';
import { momentsOf } from '../platform/moments.ts';
import {
  ANY_TIME,
  afterOutput,
  CALL_POINTS,
  END_POINTS,
  EXECUTION_POINTS,
  START_POINTS,
} from '../platform/points.ts';
import type { Answer } from '../platform/rest.ts';
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
import { strike } from '../platform/strike.ts';
import { until } from '../platform/wait.ts';
import { takeFaultPlatform } from '../sandbox-hosts/taken.ts';

const slow = (seconds: number) =>
  `import os, time
print('begun', flush=True)
time.sleep(${seconds})
${VALID_EDA}
pathlib.Path('eda/unique.bin').write_bytes(os.urandom(1000))`;

const RUNNING = afterOutput('begun', 'while code runs', 1);
// what is held after the activity has ended is of no use here: Temporal itself goes
const HELD = [...CALL_POINTS, ...EXECUTION_POINTS, ...END_POINTS, ...START_POINTS].filter(
  (point) => point.at === 'hold',
);

/** Seconds of an outage that is scaled down. */
const SHORT = 4;

/** @param seconds of the outage, over which code runs */
const stages = (seconds: number): ScriptedStages => ({
  eda: [[code('slow', slow(seconds))], [finish('done')]],
});

async function sendStart({ platform }: ScriptedPlatform, session: string): Promise<Answer<{ code: string }>> {
  return platform.rest.post(
    `/api/sessions/${session}/stages/eda/start`,
    {},
    { 'idempotency-key': `outage-${session}` },
  );
}

interface Outage {
  /** The one that is at work. */
  session: string;
  /** Another, which is started meanwhile. */
  other: string;
  seconds?: number;
  inFlight?: number;
}

/** The server has just been killed: what is answered meanwhile, and that all goes on after `seconds`. */
async function expectOutage(
  scripted: ScriptedPlatform,
  { session, other, seconds = SHORT, inFlight = 0 }: Outage,
) {
  const { platform } = scripted;
  const { rest } = platform;
  const refused = await until(
    'a start is refused',
    async () => {
      const answer = await sendStart(scripted, other);
      return answer.status === 503 ? answer : null;
    },
    10,
  );
  expect(refused.body.code).toBe('WORKFLOW_UNAVAILABLE');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await rest.events(session)).length).toBeGreaterThan(0);
  await rest.waitFor(session, ['eda_done'], seconds * 2 + 90);
  await expectSound(platform, session, { inFlight });
  const started = await until('the same key starts it once Temporal is back', async () => {
    const answer = await sendStart(scripted, other);
    return answer.status === 200 || answer.status === 202 ? answer : null;
  });
  expect(started.body).toMatchObject({ stage: 'eda', run: 1 });
}

describe('without a Temporal server', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await takeFaultPlatform('local', stages(SHORT));
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test.each(momentsOf(4, [RUNNING, ...HELD, ANY_TIME]).map((moment) => [moment.label, moment] as const))(
    'gone %s: reads are served, starts are refused with a time to come back, and the run ends well afterwards',
    async (_, moment) => {
      const { platform } = scripted;
      const [session, other] = [await openSession(scripted), await openSession(scripted)];
      let outage: Promise<void> = Promise.resolve();
      await strike({
        platform,
        session,
        moment,
        begin: () => beginEda(scripted, session),
        hit: async () => {
          await platform.kill('temporal', { waits: false, seconds: SHORT });
          outage = expectOutage(scripted, { session, other, inFlight: moment.number === 1 ? 0 : 1 });
          outage.catch(() => undefined); // awaited below
        },
        life: 6_000,
      });
      await outage;
      await platform.rest.waitFor(other, ['eda_done']);
      await expectSound(platform, other);
      for (const each of [session, other]) await expectClean(platform, each);
    },
    240_000,
  );
});

describeLong('without a Temporal server for long', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    // the pause before the supervisor starts the server again
    const pause = String(FULL.temporal * 1_000);
    const restart = { RESTART_MINIMUM_MILLISECONDS: pause, RESTART_MAXIMUM_MILLISECONDS: pause };
    scripted = await startScripted(stages(FULL.temporal), { environment: { ...restart, ...USUAL_TIMINGS } });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test(
    'reads are served throughout, and the run ends well afterwards',
    async () => {
      const { platform } = scripted;
      const [session, other] = [await openSession(scripted), await openSession(scripted)];
      await beginEda(scripted, session);
      await platform.rest.waitForEvent(session, (event) => event.type === 'code_output');
      await platform.kill('temporal', { waits: false });
      await expectOutage(scripted, { session, other, seconds: FULL.temporal });
      await expectClean(platform, session);
    },
    (FULL.temporal * 3 + 240) * 1_000,
  );
});
