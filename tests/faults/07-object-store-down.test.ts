/**
 * faults.md 7: the object store is away, slow or answers 503: the run waits, and no truncated artifact is ever listed.
 * It is killed at moments of the whole life of a stage, and as it stalls under an upload. The 503s come from a proxy
 * before a second store, for a share of its requests that the seed gives.
 */

import { createHash } from 'node:crypto';
import type { Artifact } from '../../core/records.ts';
import { type FlakyProxy, startFlakyProxy, startTestS3, type TestS3 } from '../../storage/testing/s3.ts';
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
  type ScriptedStages,
  startEda,
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
pathlib.Path('eda/large.bin').write_bytes(os.urandom(12_000_000))
print('written', flush=True)`;

const RUNNING = afterOutput('begun', 'while code runs', 1);
/** The store stalls when the code ends, so that uploads are open, and dies a little later. */
const UPLOADING = afterOutput('written', 'while files are uploaded', 1);
const HELD = [...EXECUTION_POINTS, ...END_POINTS].filter((point) => point.at === 'hold');

async function expectWhole({ platform }: ScriptedPlatform, session: string): Promise<void> {
  const { rest } = platform;
  const { items } = await rest.get<{ items: Artifact[] }>(`/api/sessions/${session}/artifacts`);
  expect(items.map((artifact) => artifact.path)).toEqual(
    expect.arrayContaining(['eda/report.md', 'eda/large.bin']),
  );
  for (const artifact of items) {
    // a refusal is honest, bytes other than the artifact's never are
    const bytes = await until(`${artifact.path} is served`, async () => {
      const answer = await fetch(`${rest.url}/api/sessions/${session}/files/${artifact.path}`);
      return answer.ok ? Buffer.from(await answer.arrayBuffer()) : null;
    });
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(artifact.sha256);
  }
}

/** Seconds of an outage that is scaled down. */
const SHORT = 4;
const STAGES: ScriptedStages = { eda: [[code('slow', slow(2))], [finish('done')]] };

/** @param seconds of the outage: the pause before the supervisor starts the server again */
async function startWith(seconds: number, environment: Record<string, string>): Promise<ScriptedPlatform> {
  const pause = String(seconds * 1_000);
  const restart = { RESTART_MINIMUM_MILLISECONDS: pause, RESTART_MAXIMUM_MILLISECONDS: pause };
  return startScripted(STAGES, { environment: { ...restart, ...environment } });
}

describe('without the object store', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await takeFaultPlatform('local', STAGES);
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test.each(
    momentsOf(7, [RUNNING, UPLOADING, ...HELD, ANY_TIME]).map((moment) => [moment.label, moment] as const),
  )(
    'gone %s: the checkpoint is taken once it is back, and every artifact is whole',
    async (_, moment) => {
      const { platform } = scripted;
      const session = await openSession(scripted);
      await strike({
        platform,
        session,
        moment,
        begin: () => beginEda(scripted, session),
        hit: async () => {
          if (moment.point === UPLOADING) await stall(scripted, moment.fraction);
          await platform.kill('s3', { seconds: SHORT });
        },
        life: 5_000,
      });
      await platform.rest.waitFor(session, ['eda_done'], 90);
      await expectSound(platform, session);
      await expectWhole(scripted, session);
      await expectClean(platform, session);
    },
    180_000,
  );

  /** The store takes connections and answers nothing for up to three seconds. */
  async function stall({ platform }: ScriptedPlatform, fraction: number): Promise<void> {
    const thaw = platform.freeze('s3');
    await new Promise((resolve) => setTimeout(resolve, fraction * 3_000));
    thaw();
  }
});

describeLong('an object store that answers 503 and cuts connections', () => {
  let store: TestS3;
  let proxy: FlakyProxy;
  let scripted: ScriptedPlatform;
  const random = randomOf(7);
  beforeAll(async () => {
    store = await startTestS3();
    let share = 0; // the platform's own start is left alone
    proxy = await startFlakyProxy(store.options, () => {
      const place = random();
      if (place >= share) return 'pass';
      return place < share / 2 ? 'unavailable' : 'cut';
    });
    const { endpoint, accessKey, secretKey, bucket, region } = proxy.options;
    scripted = await startWith(1, {
      S3_ENDPOINT: endpoint,
      S3_ACCESS_KEY: accessKey,
      S3_SECRET_KEY: secretKey,
      S3_BUCKET: bucket,
      S3_REGION: region,
    });
    share = 0.5;
  }, 120_000);
  afterAll(async () => {
    await scripted?.stop();
    await proxy?.stop();
    await store?.stop();
  }, 60_000);

  test.each(Array.from({ length: 5 }, (_, index) => index + 1))(
    'run %i: half of the requests fail, and every artifact is whole',
    async () => {
      const session = await startEda(scripted);
      await scripted.platform.rest.waitFor(session, ['eda_done']);
      await expectSound(scripted.platform, session);
      await expectWhole(scripted, session);
      await expectClean(scripted.platform, session);
    },
    300_000,
  );
});

describeLong('without the object store for long', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await startWith(FULL.s3, USUAL_TIMINGS);
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test(
    'the run waits for it',
    async () => {
      const { platform } = scripted;
      const session = await startEda(scripted);
      await platform.rest.waitForEvent(session, (event) => event.type === 'code_output');
      await platform.kill('s3', { waits: false });
      await platform.rest.waitFor(session, ['eda_done'], FULL.s3 * 3 + 120);
      await expectSound(platform, session);
      await expectWhole(scripted, session);
      await expectClean(platform, session);
    },
    (FULL.s3 * 4 + 240) * 1_000,
  );
});
