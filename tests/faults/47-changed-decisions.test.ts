/**
 * faults.md 47: kill -9 while changed decisions wait, take force, run a stage again, are taken back and go into a fork.
 * Ledger, runs, files and predictions are those of a session in which nobody died, nothing is paid for twice, and who
 * repeats a request with its Idempotency-Key gets the same answer. A moment is one session with a death in each part;
 * TEMPERA_TEST_MOMENT repeats it.
 */

import type { DecideResult, DecideWay } from '../../workflows/contract/messages.ts';
import { type DecidedOutcome, readDecided } from '../platform/decided-outcome.ts';
import { DECIDED_PARTS, DECIDED_POINTS, type Deadly, type DecidedPart } from '../platform/decided-points.ts';
import { expectNothingLeft, expectSound } from '../platform/invariants.ts';
import { type Moment, momentOptions, momentsOf } from '../platform/moments.ts';
import { obedient } from '../platform/obedient-scripts.ts';
import { byStage } from '../platform/scripted.ts';
import { strike } from '../platform/strike.ts';
import { until } from '../platform/wait.ts';
import { type Taken, takeFaultPlatform } from '../sandbox-hosts/taken.ts';
import { allWell } from '../soak/kill.ts';

/** The n-th moment of each part. */
const MOMENTS = momentsOf(47, [{ name: 'in each part' }]).map(({ number, label }) => {
  const options = { ...momentOptions(), long: true, only: number };
  const of = (part: DecidedPart, at: number) => momentsOf(47 + 100 * at, DECIDED_POINTS[part], options);
  return { label, of: new Map(DECIDED_PARTS.map((part, at) => [part, of(part, at)[0]])) };
});

/** Begins a part's work, in whatever way. */
type Begin = (part: DecidedPart, session: string, begin: () => Promise<unknown>) => Promise<unknown>;

interface Asked {
  session: string;
  key: string;
  body: { changes: { key: string; value: unknown }[]; how: DecideWay };
}
interface Answered extends Asked {
  status: number;
  answer: DecideResult;
}

describe('changed decisions among killed processes', () => {
  let scripted: Taken;
  let undisturbed: Awaited<ReturnType<typeof walk>>;
  /** What the end of prep's first run waits for. */
  let gate = Promise.resolve();

  beforeAll(async () => {
    scripted = await takeFaultPlatform('local', {});
    const script = byStage(obedient());
    scripted.model.setScript(async (request, call) => {
      const reply = await script(request, call);
      const ends = reply.kind === 'answer' && JSON.stringify(reply.content).includes('dealt');
      if (ends) await gate;
      return reply;
    });
    undisturbed = await walk('nobody', (_part, _session, begin) => begin());
  }, 300_000);
  afterAll(() => scripted?.stop(), 60_000);

  const rest = () => scripted.platform.rest;

  /** Asks over any outage, with one key, as often as it takes. */
  const ask = ({ session, key, body }: Asked): Promise<Answered> =>
    until(
      `${key} is answered`,
      async () => {
        const path = `/api/sessions/${session}/decisions`;
        const answer = await rest().post<DecideResult>(path, body, { 'idempotency-key': key });
        if (answer.status >= 500) throw new Error(JSON.stringify(answer.body));
        return { session, key, body, status: answer.status, answer: answer.body };
      },
      120,
    );

  const requests = async (session: string) => (await rest().usage(session)).requests;
  const reaches = (session: string, stage: string, number: number) =>
    rest().waitForEvent(
      session,
      (event) => event.stage === stage && event.run === number && event.data.state === `${stage}_done`,
    );

  /** One session with each kind of change, and its fork. */
  async function walk(name: string, part: Begin) {
    const answers: Answered[] = [];
    const decide =
      (session: string, decisions: Record<string, unknown>, how: DecideWay = 'rerun') =>
      async () => {
        const changes = Object.entries(decisions).map(([key, value]) => ({ key, value }));
        answers.push(await ask({ session, key: `${name}-${answers.length}`, body: { changes, how } }));
      };
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const experiment = await rest().createExperiment('examples/penguins.csv', { target: 'species' });
    const { id } = await rest().createSession(experiment.id, { mode: 'auto', model: scripted.name });
    await rest().waitForEvent(id, ({ type, stage }) => type === 'tool_end' && stage === 'prep');
    await part('queued', id, async () => {
      await decide(id, { 'split.strategy': 'group', 'split.by': 'flipper_length_mm' })();
      await decide(id, { 'model.choice': 'forest' })();
    });
    await part('applied', id, async () => open());
    await reaches(id, 'train', 1);
    await part('rerun', id, decide(id, { 'model.choice': 'linear' }));
    await reaches(id, 'train', 2);
    const paid = await requests(id);
    await part('undo', id, decide(id, { 'model.choice': 'forest' }));
    await reaches(id, 'train', 3);
    expect(await requests(id)).toBe(paid);
    await part('fork', id, decide(id, { 'column.bill_depth_mm.use': 'out' }, 'fork'));
    const fork = answers.at(-1)?.answer.session ?? '';
    await reaches(fork, 'train', 1);
    for (const session of [id, fork]) await rest().waitFor(session, ['train_done']);
    const outcomes = { session: await outcome(id), fork: await outcome(fork) };
    return { answers, sessions: [id, fork], outcomes };
  }

  const outcome = (session: string): Promise<DecidedOutcome> => readDecided(scripted.platform, session);

  test('undisturbed, each change makes anew what it concerns and nothing before it', () => {
    const { answers, outcomes } = undisturbed;
    expect(
      answers.map(({ status, answer: { how, queued, stage, anew, adopted } }) => [
        ...[status, how, queued, stage, anew, adopted],
      ]),
    ).toEqual([
      [200, 'rerun', true, 'prep', ['prep'], []],
      [200, 'here', true, 'train', [], []],
      [200, 'rerun', false, 'train', ['train'], []],
      [200, 'rerun', false, 'train', ['train'], [{ stage: 'train', run: 3, of: 1 }]],
      [200, 'fork', false, 'prep', ['prep', 'train'], []],
    ]);
    const runs = (lines: string[] = []) => lines.map((line) => line.replace(/ (from|as run).*/, ''));
    expect(runs(outcomes.session.runs)).toEqual([
      ...['eda 1 done', 'prep 1 done', 'prep 2 done', 'train 1 done', 'train 2 done', 'train 3 done'],
    ]);
    expect(runs(outcomes.fork.runs)).toEqual(['eda 1 done', 'prep 1 done', 'train 1 done']);
    const files = (number: number) =>
      outcomes.session.artifacts
        ?.filter((line) => line.startsWith(`train ${number} `))
        .map((line) => line.replace(` ${number} `, ' '));
    expect(files(3)).toEqual(files(1));
    expect(files(2)).not.toEqual(files(1));
  });

  test.each(MOMENTS.map((moment) => [moment.label, moment] as const))(
    'somebody dies %s: all is as it was where nobody did',
    async (label, { of }) => {
      const { platform } = scripted;
      const repeated = scripted.model.counts().repeated;
      const struck: Begin = async (part, session, begin) => {
        const moment = of.get(part);
        if (!moment) throw new Error(`${part} has no moment ${label}`);
        await die({ part, session, moment, begin });
      };
      const { answers, sessions, outcomes } = await walk(label.replaceAll(/[^a-z0-9]+/g, '-'), struck);
      expect(outcomes).toEqual(undisturbed.outcomes);
      for (const { answer, status, ...asked } of answers) {
        const again = await ask(asked);
        expect([again.status, again.answer]).toEqual([status, answer]);
      }
      expect(scripted.model.counts().repeated).toBe(repeated);
      for (const session of sessions) {
        await expectSound(platform, session, { inFlight: DECIDED_PARTS.length });
        await expectNothingLeft(platform, session);
      }
    },
    400_000,
  );

  interface Death {
    part: DecidedPart;
    session: string;
    moment: Moment<Deadly>;
    begin: () => Promise<unknown>;
  }

  /** Begins a part and lets somebody die in it. @throws naming where */
  async function die({ part, session, moment, begin }: Death): Promise<void> {
    const { platform } = scripted;
    const hit = () => platform.kill(moment.point.victim, { waits: false });
    try {
      await strike({ platform, session, moment, begin, hit });
    } catch (error) {
      throw new Error(`${part}: ${moment.label}`, { cause: error });
    }
    await allWell(platform);
  }
});
