/**
 * Orders in words, through the whole platform with the offline agent: they are rows of the ledger by the person, in a
 * stage and after the last one; what they concern runs again, and "undo" brings the former runs back.
 */

import type { Decision } from '../../core/decisions.ts';
import type { StageRun } from '../../core/records.ts';
import { documentOf, temperaHere } from '../pipelines/command-line.ts';
import type { TestPlatform } from '../platform/platform.ts';
import { takePlatform } from '../platform/shared.ts';

interface Prepared {
  feature_columns: string[];
}

describe('orders in words', () => {
  let platform: TestPlatform;
  let session: string;
  beforeAll(async () => {
    platform = await takePlatform();
    const experiment = await rest().createExperiment('examples/penguins.csv', { target: 'species' });
    session = (await rest().createSession(experiment.id, { mode: 'auto', model: 'autopilot/standard' })).id;
    await say('Leave out sex, use f1 as the metric. Should we drop island?');
    await rest().waitFor(session, ['train_done']);
  }, 400_000);
  afterAll(() => platform?.stop(), 60_000);

  const rest = () => platform.rest;
  const say = (text: string) => rest().send('POST', `/api/sessions/${session}/messages`, { text });
  const file = <T>(path: string) => rest().get<T>(`/api/sessions/${session}/files/${path}`);
  const persons = async () => {
    const { items } = await rest().get<{ items: Decision[] }>(`/api/sessions/${session}/decisions`);
    const decided = items.filter(({ by, key }) => by === 'person' && key !== 'target');
    return decided.map(({ key, value, reason }) => [key, value, reason]);
  };
  const runs = async () => {
    const { items } = await rest().get<{ items: StageRun[] }>(`/api/sessions/${session}/stages`);
    return items.map(({ stage, run, state }) => `${stage} ${run} ${state}`);
  };
  const train = (run: number) =>
    rest().waitForEvent(
      session,
      (event) =>
        event.type === 'state_change' &&
        event.run === run &&
        event.data.state === 'train_done' &&
        event.stage === 'train',
      240,
    );
  const FIRST = [
    ['column.sex.use', 'out', '“Leave out sex”'],
    ['metric', 'f1_macro', '“use f1 as the metric.”'],
  ];

  test('said before a stage has come to it, they are followed, and a question changes nothing', async () => {
    expect(await persons()).toEqual(FIRST);
    expect((await file<Prepared>('prep/data/metadata.json')).feature_columns).not.toContain('sex');
    expect((await file<Prepared>('prep/data/metadata.json')).feature_columns).toContain('island');
    expect(await file('train/data/metadata.json')).toMatchObject({ primary_metric: 'f1_macro' });
    expect(await runs()).toEqual(['eda 1 done', 'prep 1 done', 'train 1 done']);
  });

  test('after the last stage what they concern runs again', async () => {
    await say('leave out island');
    await train(2);
    expect(await persons()).toEqual([...FIRST, ['column.island.use', 'out', '“leave out island”']]);
    expect((await file<Prepared>('prep/data/metadata.json')).feature_columns).not.toContain('island');
    expect(await runs()).toEqual(expect.arrayContaining(['prep 2 done', 'train 2 done']));
    expect(await runs()).not.toContain('eda 2 done');
  }, 400_000);

  test('undo brings what was before back, and nothing is computed', async () => {
    const before = await rest().usage(session);
    await say('undo');
    await train(3);
    expect(await persons()).toEqual(FIRST);
    expect((await file<Prepared>('prep/data/metadata.json')).feature_columns).toContain('island');
    expect(await runs()).toEqual(expect.arrayContaining(['prep 3 done', 'train 3 done']));
    const { reason } =
      (await rest().get<{ items: StageRun[] }>(`/api/sessions/${session}/stages`)).items.at(-1) ?? {};
    expect(reason).toBe('as run 1 had made it');
    expect((await rest().usage(session)).cost).toBe(before.cost);
  }, 400_000);

  test('on the command line it is left to the agent again, and what was made under it would be made anew', async () => {
    const done = await temperaHere(
      ['decisions', session, '--unset', 'metric', '--dry-run', '--rerun', '--format', 'json'],
      platform,
    );
    expect(documentOf(done).data).toMatchObject({
      changes: [{ key: 'metric', from: 'f1_macro', withdraw: true }],
      anew: ['eda', 'prep', 'train'],
    });
    expect(await persons()).toEqual(FIRST);
  });
});
