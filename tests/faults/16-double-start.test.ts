/**
 * faults.md 16: a double click or a repeated POST gives the same run. The second request comes at moments from the
 * same instant to long after the end, also while the first one's rows are being committed and the worker or the api
 * that would answer it dies.
 */

import type { Session } from '../../core/records.ts';
import { expectClean, expectSound } from '../platform/invariants.ts';
import { momentsOf } from '../platform/moments.ts';
import { ANY_TIME, START_POINTS } from '../platform/points.ts';
import { code, finish, type ScriptedPlatform, VALID_EDA } from '../platform/scripted.ts';
import { type Point, strike } from '../platform/strike.ts';
import { until } from '../platform/wait.ts';
import { takeFaultPlatform } from '../sandbox-hosts/taken.ts';

const SAME_INSTANT: Point = { name: 'at the same instant', at: 'test' };
const KILLED = { api: 'the api dies', worker: 'the worker dies', none: 'nobody dies' } as const;
type Killed = keyof typeof KILLED;

interface Start {
  killed: Killed;
  /** A first run starts the workflow too; the second one's workflow has long read its rows. */
  run: 1 | 2;
}

const starts = (points: readonly Point[], killed: readonly Killed[], runs: readonly Start['run'][]) =>
  points.flatMap((point) =>
    runs.flatMap((run) =>
      killed.map((each) => ({
        ...point,
        name: `${point.name}, run ${run}, ${KILLED[each]}`,
        killed: each,
        run,
      })),
    ),
  );
const POINTS: (Point & Start)[] = [
  ...starts([SAME_INSTANT], ['none'], [1]),
  ...starts(START_POINTS, ['none', 'api', 'worker'], [1, 2]),
  ...starts([ANY_TIME], ['none', 'api', 'worker'], [1]),
];

describe('commands that are sent twice', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await takeFaultPlatform('local', { eda: [[code('report', VALID_EDA)], [finish('done')]] });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  async function createTwice(key: string): Promise<string> {
    const { rest } = scripted.platform;
    const experiment = await rest.createExperiment('examples/penguins.csv', { target: 'species' });
    const path = `/api/experiments/${experiment.id}/sessions`;
    const body = { mode: 'manual', model: scripted.name };
    const created = await Promise.all(
      [1, 2].map(() => rest.post<Session>(path, body, { 'idempotency-key': key })),
    );
    expect(new Set(created.map((answer) => answer.body.id)).size).toBe(1);
    return created[0]?.body.id ?? '';
  }

  test.each(momentsOf(16, POINTS).map((moment) => [moment.label, moment] as const))(
    'a start with the same key is one run, the other one sent %s',
    async (label, moment) => {
      const { platform } = scripted;
      const { rest } = platform;
      const session = await createTwice(label.replaceAll(/[^a-z0-9]+/g, '-'));
      const { run, killed } = moment.point;
      const send = (key: string) =>
        rest.post(`/api/sessions/${session}/stages/eda/start`, {}, { 'idempotency-key': key });
      if (run === 2) {
        await send(`first-${session}`);
        await rest.waitFor(session, ['eda_done']);
      }
      const start = () => send(`start-${session}`);
      const answered = () =>
        until('the start is answered', async () => {
          const answer = await start();
          return answer.status < 300 ? answer : null;
        });
      const sent = await twice({ session, moment, start, answered, killed });
      for (const answer of sent) expect(answer.body).toMatchObject({ stage: 'eda', run });
      await rest.waitForEvent(session, (event) => event.run === run && event.data.state === 'eda_done', 60);
      expect((await start()).body).toMatchObject({ stage: 'eda', run });
      await rest.waitFor(session, ['eda_done']);
      const events = await rest.events(session);
      expect(events.filter((event) => event.data.state === 'eda_running')).toHaveLength(run);
      await expectSound(platform, session, { inFlight: killed === 'worker' ? 1 : 0 });
      await expectClean(platform, session);
    },
    150_000,
  );

  interface Twice {
    session: string;
    moment: Parameters<typeof strike>[0]['moment'];
    start: () => Promise<{ body: unknown }>;
    answered: () => Promise<{ body: unknown }>;
    killed: Killed;
  }

  /** Sends the start, and again at the moment. @returns what was answered */
  async function twice({ session, moment, start, answered, killed }: Twice): Promise<{ body: unknown }[]> {
    if (moment.point.at === 'test') return Promise.all([start(), start(), start()]);
    const sent: Promise<{ body: unknown }>[] = [];
    const send = () => {
      const answer = answered();
      sent.push(answer);
      return answer;
    };
    await strike({
      platform: scripted.platform,
      session,
      moment,
      begin: send,
      hit: async () => {
        if (killed !== 'none') await scripted.platform.kill(killed, { waits: false });
        send().catch(() => undefined); // awaited below
      },
      life: 2_500,
    });
    return Promise.all(sent);
  }

  test('another start while the stage runs is refused with a sentence', async () => {
    const { rest } = scripted.platform;
    const experiment = await rest.createExperiment('examples/penguins.csv', { target: 'species' });
    const session = await rest.createSession(experiment.id, { mode: 'manual', model: scripted.name });
    const start = () =>
      rest.send<{ code: string }>('POST', `/api/sessions/${session.id}/stages/eda/start`, {});
    const both = await Promise.all([start(), start()]);
    expect(both.map((answer) => answer.status).sort()).toEqual([202, 409]);
    expect(both.find((answer) => answer.status === 409)?.body.code).toBe('STAGE_NOT_READY');
    await rest.waitFor(session.id, ['eda_done']);
  }, 90_000);
});
