/**
 * faults.md 20: a reader that was away resumes from its Last-Event-ID and gets every later event exactly once. It
 * leaves after a number of events that the seed gives, and meanwhile a server dies.
 */

import { expectClean, expectGapless, expectSound } from '../platform/invariants.ts';
import { describeLong, FULL } from '../platform/lengths.ts';
import { momentsOf } from '../platform/moments.ts';
import type { Part } from '../platform/platform.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';
import { readStream } from '../platform/stream.ts';
import { until } from '../platform/wait.ts';
import { takeFaultPlatform } from '../sandbox-hosts/taken.ts';

const TALKING = `
import time
for step in range(60):
    print('line', step, flush=True)
    time.sleep(0.05)
${VALID_EDA}
`;
/** Events before which it surely goes: the cell alone has as many. */
const LAST_LEAVE = 40;

interface Absence {
  name: string;
  /** What dies while the reader is away. */
  killed: Part | null;
}
const ABSENCES: Absence[] = [
  { name: 'while the api dies', killed: 'api' },
  { name: 'while Postgres dies', killed: 'postgres' },
  { name: 'while the worker dies', killed: 'worker' },
  { name: 'while nothing else happens', killed: null },
];

describe('a reader of the event stream', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await takeFaultPlatform('local', { eda: [[code('talking', TALKING)], [finish('done')]] });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test.each(momentsOf(20, ABSENCES).map((moment) => [moment.label, moment] as const))(
    'misses nothing and sees nothing twice over an absence %s',
    async (_, { point, fraction }) => {
      const { platform } = scripted;
      const { rest } = platform;
      const session = await startEda(scripted);
      const steady = readStream(rest.url, session);
      const first = readStream(rest.url, session);
      const leaves = Math.floor(fraction * LAST_LEAVE);
      await until('enough events', () => first.events.length > leaves);
      first.close();
      const seen = first.events.length;
      if (point.killed) await platform.kill(point.killed);
      await rest.waitFor(session, ['eda_done']);
      const all = await rest.events(session);
      expectGapless(all);
      const second = readStream(rest.url, session, { after: first.events.at(-1)?.seq ?? 0 });
      await until('the second reader has caught up', () => second.events.length >= all.length - seen, 15);
      await until('the steady reader has caught up', () => steady.events.length >= all.length, 15);
      second.close();
      steady.close();
      expect([...first.events, ...second.events].map((event) => event.seq)).toEqual(
        all.map((event) => event.seq),
      );
      expect(steady.events.map((event) => event.seq)).toEqual(all.map((event) => event.seq));
      if (point.killed === 'api') expect(steady.connections()).toBeGreaterThan(1);
      await expectSound(platform, session, { inFlight: point.killed === 'worker' ? 1 : 0 });
      await expectClean(platform, session);
    },
    120_000,
  );
});

describeLong('a reader that is away for long', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await startScripted({ eda: [[code('talking', TALKING)], [finish('done')]] });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test(
    'gets what it missed, and sleeps over a second run too',
    async () => {
      const { rest } = scripted.platform;
      const session = await startEda(scripted);
      const first = readStream(rest.url, session);
      await until('some events', () => first.events.length > 10);
      first.close();
      await rest.waitFor(session, ['eda_done']);
      await new Promise((resolve) => setTimeout(resolve, FULL.reader * 1_000));
      await rest.send('POST', `/api/sessions/${session}/stages/eda/start`, {});
      await rest.waitForEvent(session, (event) => event.run === 2 && event.data.state === 'eda_done');
      const all = await rest.events(session);
      expectGapless(all);
      const second = readStream(rest.url, session, { after: first.events.at(-1)?.seq ?? 0 });
      await until('it has caught up', () => second.events.at(-1)?.seq === all.length, 30);
      second.close();
      expect([...first.events, ...second.events].map((event) => event.seq)).toEqual(
        all.map((event) => event.seq),
      );
    },
    (FULL.reader + 240) * 1_000,
  );
});
