/**
 * faults.md 1: kill -9 of a worker during a model call: the run resumes, at most that one call is repeated, and it
 * is counted.
 */

import { expectClean, expectSound } from '../platform/invariants.ts';
import { momentsOf } from '../platform/moments.ts';
import { ANY_TIME, CALL_POINTS } from '../platform/points.ts';
import {
  beginEda,
  code,
  finish,
  openSession,
  type ScriptedPlatform,
  VALID_EDA,
} from '../platform/scripted.ts';
import { type Point, strike } from '../platform/strike.ts';
import { takeFaultPlatform } from '../sandbox-hosts/taken.ts';

const MIDWAY: Point = { name: 'in mid-stream', at: 'test' };
const UNANSWERED: Point = { name: 'before the first byte', at: 'test' };
const POINTS = [MIDWAY, UNANSWERED, ...CALL_POINTS, ANY_TIME];

/** Events of the first answer's stream at least: so far into it a kill may come. */
const STREAMED = 16;

describe('a worker killed while the model answers', () => {
  let scripted: ScriptedPlatform;
  /** What happens once, before the first byte or after so many events of the next first answer. */
  let armed: { after: number | null; come: () => Promise<unknown> } | null = null;

  async function come(after: 'first byte' | 'midway'): Promise<void> {
    if (armed === null || (armed.after === null) !== (after === 'first byte')) return;
    const once = armed;
    armed = null;
    await once.come();
  }

  beforeAll(async () => {
    scripted = await takeFaultPlatform('local', {
      eda: [
        async () => {
          await come('first byte');
          return {
            kind: 'answer',
            content: [{ type: 'text', text: 'I look at the table. '.repeat(20) }, code('report', VALID_EDA)],
            midway: { after: armed?.after ?? STREAMED, wait: () => come('midway') },
          };
        },
        [finish('one figure')],
      ],
    });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test.each(momentsOf(1, POINTS).map((moment) => [moment.label, moment] as const))(
    '%s: at most that call is repeated, it is counted, and the stage ends',
    async (_, moment) => {
      const { platform, model } = scripted;
      const { rest } = platform;
      const session = await openSession(scripted);
      const before = model.counts().calls;
      await strike({
        platform,
        session,
        moment,
        begin: () => beginEda(scripted, session),
        hit: () => platform.kill('worker', { waits: false }),
        arm: (hit) =>
          new Promise((resolve, reject) => {
            const after = moment.point === UNANSWERED ? null : Math.floor(moment.fraction * STREAMED);
            armed = { after, come: () => hit().then(resolve, reject) };
          }),
      });
      await rest.waitFor(session, ['eda_done']);
      await expectSound(platform, session, { inFlight: 1 });
      const usage = await rest.usage(session);
      const calls = model.counts().calls - before;
      expect(usage.model_calls).toBe(2);
      // a request is counted before it is sent: none that was sent is missing
      expect(calls).toBeLessThanOrEqual(usage.requests);
      if (moment.point.at === 'test')
        expect({ calls, counted: usage.requests }).toEqual({ calls: 3, counted: 3 });
      if (moment.point.at === 'completion') expect(usage.requests).toBe(2);
      await expectClean(platform, session);
    },
    120_000,
  );
});
