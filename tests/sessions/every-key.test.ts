/**
 * Each key of the ledger changed by a person, by REST, gRPC, on the command line and, where words can say it, by an
 * order in a message: the stage that it concerns runs again and nothing before it, taken back the former outputs are
 * there without being computed or paid, and a session made with the same ledger decides, deals and predicts the same.
 * `npm test` takes one key of each kind, the long form all.
 */

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision } from '../../core/decisions.ts';
import { STAGES, type Stage } from '../../core/stages.ts';
import type { DecideResult } from '../../workflows/contract/messages.ts';
import { documentOf, temperaHere } from '../pipelines/command-line.ts';
import {
  DECIDED_KEYS,
  decidesOwn,
  formerOf,
  GIVEN_LIMITS,
  keysWithoutRow,
  SPOKEN_KEYS,
  wishes,
} from '../platform/decision-keys.ts';
import { changeByGrpc } from '../platform/decisions-by-grpc.ts';
import {
  type Changes,
  type Left,
  lastContents,
  leftBefore,
  readDecisions,
  readLeft,
  runsSince,
  stagesFrom,
} from '../platform/left-by-stages.ts';
import { LONG } from '../platform/lengths.ts';
import { obedient } from '../platform/obedient-scripts.ts';
import { byStage, type ScriptedPlatform } from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';
import { hearing } from '../platform/spoken-changes.ts';

type Changed = Pick<DecideResult, 'how' | 'stage' | 'anew' | 'adopted'>;
const WAYS = ['REST', 'gRPC', 'command line'] as const;
const ROWS = DECIDED_KEYS.filter(({ kind }) => LONG || kind !== undefined);

test('each key that the platform knows has its row', () => {
  expect(keysWithoutRow()).toEqual([]);
});

describe('every key', () => {
  let scripted: ScriptedPlatform;
  let folder: string;
  let experiment: string;
  let session: string;
  beforeAll(async () => {
    scripted = await takeScripted({});
    scripted.model.setScript(byStage(obedient(decidesOwn())));
    folder = mkdtempSync(join(tmpdir(), 'tempera-keys-'));
    copyFileSync('examples/penguins.csv', join(folder, 'later.csv'));
    const files = ['examples/penguins.csv', join(folder, 'later.csv')];
    experiment = (await rest().createExperiment(files, { name: 'every key', target: 'sex' })).id;
    session = await newSession({ limits: GIVEN_LIMITS });
    for (const stage of STAGES) await start(session, stage);
  }, 240_000);
  afterAll(async () => {
    await scripted?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const rest = () => scripted.platform.rest;
  const newSession = async (more: object): Promise<string> =>
    (await rest().createSession(experiment, { mode: 'manual', model: scripted.name, ...more })).id;

  async function start(id: string, stage: Stage): Promise<void> {
    const { status } = await rest().send('POST', `/api/sessions/${id}/stages/${stage}/start`, {});
    expect(status).toBe(202);
    await rest().waitFor(id, [`${stage}_done`]);
  }

  const change: Record<(typeof WAYS)[number], (changes: Changes) => Promise<Changed>> = {
    async REST(changes) {
      const path = `/api/sessions/${session}/decisions`;
      const { status, body } = await rest().send<Changed>('POST', path, { changes, how: 'rerun' });
      expect([status, body]).toEqual([200, body]);
      return body;
    },
    gRPC: (changes) => changeByGrpc(scripted.platform, { session, changes, how: 'rerun' }),
    async 'command line'(changes) {
      const set = changes.flatMap(({ key, value }) => ['--set', `${key}=${JSON.stringify(value)}`]);
      const words = ['decisions', session, ...set, '--rerun', '--format', 'json'];
      const { ok, data } = documentOf(await temperaHere(words, scripted.platform));
      expect(ok).toBe(true);
      return data as unknown as Changed;
    },
  };

  const left = (id = session): Promise<Left> => readLeft(rest(), id);
  const inForce = (id = session): Promise<Changes> => readDecisions(rest(), id);

  /** As decisions.json has them: with the stage that decides what only its script knows. */
  async function savedDecisions(): Promise<Pick<Decision, 'key' | 'value' | 'stage'>[]> {
    const path = `/api/sessions/${session}/decisions`;
    const { items } = await rest().get<{ items: Decision[] }>(path);
    return items.map(({ key, value, stage }) => ({ key, value, stage }));
  }

  test.each(ROWS.flatMap((row) => WAYS.map((way) => [row.key, way, row] as const)))(
    '%s by %s: the stage concerned is made anew and nothing before it; taken back, nothing is computed',
    async (_key, way, row) => {
      const held = await inForce();
      const was = await left();
      const changed = await change[way](wishes(row));
      const anew = stagesFrom(row.stage);
      expect(changed).toMatchObject({ stage: row.stage, anew, how: row.stage === null ? 'here' : 'rerun' });
      if (row.stage !== null) await rest().waitFor(session, [`${row.stage}_done`]);
      const now = await left();
      expect(leftBefore(row.stage, now)).toEqual(leftBefore(row.stage, was));
      expect(runsSince(was, now)).toEqual(row.stage ? [`${row.stage} done`] : []);
      // what one way has made, another one finds made
      const computes = row.stage !== null && way === WAYS[0];
      expect([changed.adopted.length > 0, now.usage.requests > was.usage.requests]).toEqual([
        row.stage !== null && !computes,
        computes,
      ]);
      const back = await change[way](formerOf(row, held));
      expect(back.adopted.map(({ stage }) => stage)).toEqual(anew);
      const undone = await left();
      expect([undone.usage.requests, undone.usage.cost]).toEqual([now.usage.requests, now.usage.cost]);
      expect(lastContents(undone)).toEqual(lastContents(was));
      expect(await inForce()).toEqual(expect.arrayContaining(held));
    },
    120_000,
  );

  const spoken = SPOKEN_KEYS.filter(({ key }) => LONG || key === 'model.choice');
  describe('ordered in words', () => {
    let talked: string;
    beforeAll(async () => {
      // what the words change its scripts follow, and decide nothing against it
      const sentences = ['undo', ...SPOKEN_KEYS.map(({ order }) => order)];
      scripted.model.setScript(hearing(byStage(obedient()), sentences));
      talked = await newSession({ limits: GIVEN_LIMITS, mode: 'auto' });
      await rest().waitFor(talked, ['train_done']);
    }, 120_000);
    afterAll(() => scripted.model.setScript(byStage(obedient(decidesOwn()))));

    /** Says it after the last stage, and waits until all that it concerns has run again. */
    async function say(text: string): Promise<void> {
      const last = (await left(talked)).runs.filter(({ stage }) => stage === 'train').length;
      await rest().send('POST', `/api/sessions/${talked}/messages`, { text });
      await rest().waitForEvent(
        talked,
        ({ stage, run, data }) => stage === 'train' && run === last + 1 && data.state === 'train_done',
        120,
      );
    }

    test.each(spoken.map((row) => [row.key, row.order, row] as const))(
      '%s by “%s”: its stage and those behind it run again; “undo” gives the former outputs back',
      async (_key, order, row) => {
        const was = await left(talked);
        await say(order);
        const now = await left(talked);
        expect(leftBefore(row.stage, now)).toEqual(leftBefore(row.stage, was));
        expect(runsSince(was, now)).toEqual(stagesFrom(row.stage).map((stage) => `${stage} done`));
        expect(await inForce(talked)).toEqual(expect.arrayContaining([{ key: row.key, value: row.value }]));
        await say('undo');
        const undone = await left(talked);
        expect(undone.runs.slice(-1)[0]?.reason).toMatch(/^as run \d+ had made it$/);
        expect(lastContents(undone)).toEqual(lastContents(was));
      },
      240_000,
    );
  });

  test.each(ROWS.filter(({ stage }) => LONG || stage === 'prep').map((row) => [row.key, row] as const))(
    '%s decided from the start: the same decisions, splits and predictions as where it was changed',
    async (_key, row) => {
      const held = await inForce();
      await change.REST(wishes(row));
      if (row.stage !== null) await rest().waitFor(session, [`${row.stage}_done`]);
      for (const stage of stagesFrom(row.stage).slice(1)) await start(session, stage);
      const ledger = await inForce();
      const fresh = await newSession({ decisions: await savedDecisions() });
      for (const stage of STAGES) await start(fresh, stage);
      const sorted = (decisions: Changes) => decisions.map((each) => JSON.stringify(each)).sort();
      expect(sorted(await inForce(fresh))).toEqual(sorted(ledger));
      expect(lastContents(await left(fresh))).toEqual(lastContents(await left()));
      await change.REST(formerOf(row, held));
    },
    180_000,
  );
});
