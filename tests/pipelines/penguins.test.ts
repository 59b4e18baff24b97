/**
 * The bundled penguins through EDA, Prep and Train with the offline model, on the real platform. Their archive holds
 * all that its scripts need, each runs by hand in a run's folder, the notebook runs from top to bottom, the model
 * leads back to the upload, predicts in a sandbox child, says what is odd about a row, and its CSV runs nothing in a
 * spreadsheet.
 */

import { join } from 'node:path';
import { expectNothingLeft } from '../platform/invariants.ts';
import type { TestPlatform } from '../platform/platform.ts';
import { takePlatform } from '../platform/shared.ts';
import { finishedRun } from './finished-run.ts';
import { expectBar, expectComplete, readFinished } from './pipeline.ts';
import { expectLineage, expectPredictions, expectTakeAway } from './take-away.ts';

describe('penguins', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await takePlatform();
  }, 120_000);
  afterAll(() => platform?.stop(), 60_000);

  test('with its target given: reports, splits and a model of accuracy 0.97 or more', async () => {
    const run = await finishedRun(platform);
    const finished = await readFinished(platform.rest, run.session);
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
    await expectTakeAway(platform, finished.session.id, join(run.out, 'penguins'));
    await expectPredictions(platform, finished.session.id);
  }, 240_000);
});
