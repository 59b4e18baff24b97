/**
 * faults.md 2: kill -9 of a worker during a long cell: attached again while the host lives, else run again from its
 * base, and what it logged and decided is there once. The moments go from before the execution has its number to after
 * the stage's last commit.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { Decision } from '../../core/decisions.ts';
import { expectClean, expectSound } from '../platform/invariants.ts';
import { describeLong, FULL, USUAL_TIMINGS } from '../platform/lengths.ts';
import { momentsOf, randomOf } from '../platform/moments.ts';
import { ANY_TIME, afterOutput, END_POINTS, EXECUTION_POINTS } from '../platform/points.ts';
import {
  beginEda,
  code,
  finish,
  openSession,
  type ScriptedPlatform,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';
import { strike } from '../platform/strike.ts';
import { type ProvidedPlatform, providersOf, takeProvided } from '../sandbox-hosts/provided.ts';

/** Logs a metric and decides something every 50 ms for some seconds, then writes a file that no other session has. */
const long = (steps: number, seconds = 0.05) => `
import os, time
from tempera import decide, log
print('begun', flush=True)
for step in range(${steps}):
    log(step, {'loss': 1 / (step + 1)})
    decide(f'column.c{step}.use', 'out')
    time.sleep(${seconds})
print('ended')
${VALID_EDA}
pathlib.Path('eda/unique.bin').write_bytes(os.urandom(1000))
`;
const STEPS = 120;
const TRAINING = afterOutput('begun', 'while it trains', STEPS * 50);
/** The object store stalls when training has ended, so that the upload is open when the worker dies. */
const UPLOADING = afterOutput('ended', 'while the checkpoint is uploaded', 1);
const POINTS = [TRAINING, UPLOADING, ...EXECUTION_POINTS, ...END_POINTS, ANY_TIME];

async function attempts({ platform }: ScriptedPlatform, session: string): Promise<number> {
  const events = await platform.rest.events(session);
  return events.filter((event) => event.type === 'attempt_started').length;
}

async function expectAllOnce({ platform }: ScriptedPlatform, session: string, steps: number) {
  const { items } = await platform.rest.get<{ items: { step: number }[] }>(
    `/api/sessions/${session}/metrics?name=loss`,
  );
  const all = Array.from({ length: steps }, (_, step) => step);
  expect(items.map((item) => item.step)).toEqual(all);
  const path = `/api/sessions/${session}/decisions?history=true`;
  const ledger = await platform.rest.get<{ items: Decision[] }>(path);
  const made = ledger.items.filter(({ by }) => by === 'agent');
  expect(made.map(({ key, standing }) => [key, standing])).toEqual(
    all.map((step) => [`column.c${step}.use`, 'in_force']),
  );
}

describe.each(providersOf(2))('a long cell on a %s host', (provider) => {
  let scripted: ProvidedPlatform;
  beforeAll(async () => {
    scripted = await takeProvided(provider, { eda: [[code('long', long(STEPS))], [finish('done')]] });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test.each(momentsOf(2, POINTS).map((moment) => [moment.label, moment] as const))(
    'the worker dies %s: attached again, not run again',
    async (_, moment) => {
      const { platform } = scripted;
      const session = await openSession(scripted);
      const begin = () => beginEda(scripted, session);
      const hit = async () => {
        const thaw = moment.point === UPLOADING ? platform.freeze('s3') : () => undefined;
        if (moment.point === UPLOADING) await pause(1_000 + moment.fraction * 1_000);
        await platform.kill('worker', { waits: false });
        thaw();
      };
      await strike({ platform, session, moment, begin, hit, life: 10_000 });
      await platform.rest.waitFor(session, ['eda_done']);
      // only an execution that has its number but was never sent to its host gets another
      const numberedOnly = moment.point === EXECUTION_POINTS[0] || moment.point === ANY_TIME;
      expect(await attempts(scripted, session)).toBeLessThanOrEqual(numberedOnly ? 2 : 1);
      await expectAllOnce(scripted, session, STEPS);
      await expectSound(platform, session, { inFlight: moment.point === ANY_TIME ? 1 : 0 });
      await expectClean(platform, session);
    },
    120_000,
  );

  test.each(
    momentsOf(102, [TRAINING, ...EXECUTION_POINTS, ANY_TIME]).map(
      (moment) => [moment.label, moment] as const,
    ),
  )(
    'the host dies %s: run again from its base where it was not over, without a metric doubled',
    async (_, moment) => {
      const { platform } = scripted;
      const session = await openSession(scripted);
      const begin = () => beginEda(scripted, session);
      const both = moment.number > 1 && randomOf(moment.number)() < 0.3;
      const hit = async () => {
        if (both) await platform.kill('worker', { waits: false });
        await scripted.killHost(session);
      };
      await strike({ platform, session, moment, begin, hit, life: 10_000 });
      await scripted.hostIsBack();
      await platform.rest.waitFor(session, ['eda_done']);
      const count = await attempts(scripted, session);
      if (moment.point === TRAINING) expect(count).toBe(2);
      else expect(count).toBeLessThanOrEqual(2);
      await expectAllOnce(scripted, session, STEPS);
      await expectSound(platform, session, { inFlight: moment.number === 1 ? 0 : 1 });
      await expectClean(platform, session);
    },
    120_000,
  );
});

describeLong('a cell of full length', () => {
  let scripted: ScriptedPlatform;
  const steps = Math.round(FULL.cell);
  beforeAll(async () => {
    const environment = { ...USUAL_TIMINGS, MAX_EXECUTION_SECONDS: String(FULL.cell + 120) };
    scripted = await startScripted(
      { eda: [[code('long', long(steps, 1))], [finish('done')]] },
      { environment },
    );
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test(
    'is attached again when the worker dies half way',
    async () => {
      const { platform } = scripted;
      const session = await openSession(scripted);
      await beginEda(scripted, session);
      await platform.rest.waitForEvent(
        session,
        (event) =>
          event.type === 'metrics_batch' && JSON.stringify(event.data).includes(`"step":${steps >> 1}`),
        FULL.cell,
      );
      await platform.kill('worker');
      await platform.rest.waitFor(session, ['eda_done'], FULL.cell);
      expect(await attempts(scripted, session)).toBe(1);
      await expectAllOnce(scripted, session, steps);
      await expectSound(platform, session);
      await expectClean(platform, session);
    },
    (2 * FULL.cell + 120) * 1_000,
  );
});
