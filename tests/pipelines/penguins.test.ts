/** The bundled penguins through EDA, Prep and Train with the offline model, on the real platform. */

import { expectNothingLeft } from '../platform/invariants.ts';
import type { TestPlatform } from '../platform/platform.ts';
import { takePlatform } from '../platform/shared.ts';
import { expectBar, expectComplete, finishedPenguins, readText, saidIn } from './pipeline.ts';
import { expectLineage, expectPredictions, expectTakeAway } from './take-away.ts';

const PENGUINS = 'examples/penguins.csv';

describe('penguins', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await takePlatform();
  }, 120_000);
  afterAll(() => platform?.stop(), 60_000);

  test('with its target given: reports, splits and a model of accuracy 0.97 or more', async () => {
    const finished = await finishedPenguins(platform);
    await expectComplete(platform, finished);
    expectBar(finished, 'accuracy', 0.97);
    expect(finished.training).toMatchObject({ problem_type: 'multiclass', target_column: 'species' });
    const { train = 0, val = 0, test = 0 } = finished.training.rows;
    expect(train + val + test).toBeLessThanOrEqual(344);
    expect(train + val + test).toBeGreaterThanOrEqual(330);
    // what an EDA of this table cannot leave out
    expect(finished.reports.eda).toMatch(/344/);
    expect(finished.reports.eda).toMatch(/missing/i);
    expect(finished.reports.eda.match(/!\[/g)?.length).toBeGreaterThanOrEqual(6);
    await expectNothingLeft(platform, finished.session.id);
    await expectLineage(platform, finished.session.id);
    await expectTakeAway(platform, finished.session.id);
    await expectPredictions(platform, finished.session.id);
  }, 240_000);

  // the rest of its way to a model: cli.test.ts
  test('without a target: says which one it chose and why', async () => {
    const { rest } = platform;
    const experiment = await rest.createExperiment(PENGUINS);
    expect(experiment.target).toBeNull();
    expect(experiment.dataset.profile).toMatchObject({ suggested_target: { name: 'species' } });
    const { id } = await rest.createSession(experiment.id, { mode: 'manual' });
    expect((await rest.send('POST', `/api/sessions/${id}/stages/eda/start`, {})).status).toBe(202);
    await rest.waitFor(id, ['eda_done']);
    expect(saidIn(await rest.events(id))).toMatch(/`?species`?[^\n]*because[^\n]*no target was given/);
    const report = await readText(rest.url, id, 'eda/report.md');
    expect(report).toMatch(/`?species`?[^\n]*because[^\n]*no target was given/);
  }, 240_000);
});
