/** Two tables of the field through the whole platform: a regression and a binary one without a header. */

import type { TestPlatform } from '../platform/platform.ts';
import { takePlatform } from '../platform/shared.ts';
import { expectBar, expectComplete, runPipeline, testWithTable } from './pipeline.ts';

describe('tables that are not bundled', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await takePlatform();
  }, 120_000);
  afterAll(() => platform?.stop(), 60_000);

  testWithTable(
    { name: 'mpg: R² of 0.85 or more', table: 'mpg.csv' },
    async (file) => {
      const finished = await runPipeline(platform, file, { fields: { target: 'mpg' } });
      await expectComplete(platform, finished);
      expectBar(finished, 'r2', 0.85);
      expect(finished.training).toMatchObject({ problem_type: 'regression', target_column: 'mpg' });
    },
    240_000,
  );

  testWithTable(
    {
      name: 'pima: area under the ROC curve of 0.81 or more, the header missing',
      table: 'pima-indians-diabetes.csv',
    },
    async (file) => {
      const finished = await runPipeline(platform, file, { fields: { target: 'column_9' } });
      await expectComplete(platform, finished);
      expectBar(finished, 'roc_auc', 0.81);
      expect(finished.training).toMatchObject({ problem_type: 'binary', target_column: 'column_9' });
      expect(finished.experiment.dataset.profile).toMatchObject({ header: false, rows: 768 });
      // zeros that cannot be measurements are told of
      expect(finished.reports.eda).toMatch(
        /`column_2` is `0` in 5 \(0\.7 %\) of the rows, which stands for no value/,
      );
    },
    240_000,
  );
});
