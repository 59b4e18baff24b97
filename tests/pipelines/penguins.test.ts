/** The bundled penguins through EDA, Prep and Train with the offline model, on the real platform. */

import { expectNothingLeft } from '../platform/invariants.ts';
import { startPlatform, type TestPlatform } from '../platform/platform.ts';
import { expectBar, expectComplete, runPipeline, saidIn } from './pipeline.ts';
import { expectLineage, expectPredictions, expectTakeAway } from './take-away.ts';

const PENGUINS = 'examples/penguins.csv';

describe('penguins', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startPlatform();
  }, 120_000);
  afterAll(() => platform?.stop(), 60_000);

  test('with its target given: reports, splits and a model of accuracy 0.97 or more', async () => {
    const finished = await runPipeline(platform, PENGUINS, { fields: { target: 'species' } });
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

  test('without a target: says which one it chose and why', async () => {
    const finished = await runPipeline(platform, PENGUINS);
    await expectComplete(platform, finished);
    expectBar(finished, 'accuracy', 0.97);
    expect(finished.training.target_column).toBe('species');
    expect(finished.experiment.target).toBeNull();
    expect(finished.experiment.dataset.profile).toMatchObject({ suggested_target: { name: 'species' } });
    const said = saidIn(finished.events);
    expect(said).toMatch(/`?species`?[^\n]*because[^\n]*no target was given/);
    expect(finished.reports.eda).toMatch(/`?species`?[^\n]*because[^\n]*no target was given/);
  }, 240_000);
});
