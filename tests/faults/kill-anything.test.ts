/**
 * Every process of the platform is killed while a pipeline runs, the supervisor first: the session ends train_done.
 * No script is told to have failed: what died under it is no fault of its own. `npm test` kills each part once; the
 * long form repeats it with 20 seeds. The seed of a failure is in its name.
 */

import { expectNothingLeft, expectSound } from '../platform/invariants.ts';
import { MOMENTS, momentOptions, randomOf, shuffled } from '../platform/moments.ts';
import type { OwnPlatform } from '../platform/platform.ts';
import { readStream } from '../platform/stream.ts';
import { until } from '../platform/wait.ts';
import { takeFaultPlatform } from '../sandbox-hosts/taken.ts';
import { allWell, killPlanned } from '../soak/kill.ts';
import { VICTIMS } from '../soak/plan.ts';

const PARTS = VICTIMS.filter((victim) => victim !== 'supervisor');
const { seed: first, long } = momentOptions();
const seeds = Array.from({ length: long ? MOMENTS : 1 }, (_, index) => first + index);

describe('kill -9 of everything in turn', () => {
  let platform: OwnPlatform;
  beforeAll(async () => {
    ({ platform } = await takeFaultPlatform('local', {}));
  }, 120_000);
  afterAll(() => platform?.stop(), 60_000);

  test.each(seeds)(
    'with seed %i the pipeline ends train_done, every event once; a killed supervisor takes everything with it',
    async (seed) => {
      const random = randomOf(seed);
      const experiment = await platform.rest.createExperiment('examples/penguins.csv', { target: 'species' });
      const { id } = await platform.rest.createSession(experiment.id);
      const reader = readStream(platform.rest.url, id);
      // the supervisor first, while there is most to go on with; it takes every process with it
      await platform.rest.waitForEvent(id, (event) => event.type === 'tool_start');
      await platform.killSupervisor();
      await platform.startAgain();
      let past = (await platform.rest.events(id)).length;
      for (const victim of shuffled(PARTS, random)) {
        // a moment is a number of events, so that it depends on the work and not on the machine's speed
        past += 3 + Math.floor(random() * 6);
        await until(`event ${past}`, () => reader.events.length >= past || isOver(reader.events.at(-1)), 120);
        await killPlanned(platform, { number: 0, victim, pause: 0, which: random() });
        await allWell(platform);
      }
      await until('the session ends', async () => isOver(await state(id)), 240);
      expect(await state(id)).toBe('train_done');
      const all = await platform.rest.events(id);
      await until('the reader has caught up', () => reader.events.length >= all.length, 15);
      reader.close();
      expect(reader.events.map((event) => event.seq)).toEqual(all.map((event) => event.seq));
      expect(all.filter(({ type, data }) => type === 'tool_end' && data.ok !== true)).toEqual([]);
      await expectSound(platform, id, { inFlight: PARTS.length + 1 });
      await expectNothingLeft(platform, id);
    },
    420_000,
  );

  async function state(id: string): Promise<string> {
    return platform.rest.session(id).then(
      (session) => session.state,
      () => 'away', // an outage that was made here
    );
  }
});

function isOver(what: string | { type: string; data: Record<string, unknown> } | undefined): boolean {
  const state = typeof what === 'string' ? what : what?.type === 'state_change' ? what.data.state : null;
  return state === 'train_done' || state === 'failed' || state === 'cancelled';
}
