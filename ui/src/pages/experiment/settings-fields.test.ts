import type { Experiment } from '../../lib/api/types.ts';
import { settingsChange, settingsOf } from './settings-fields.ts';

const experiment: Experiment = {
  ...{ id: 'e', owner: 'local', name: 'Churn', description: '', instructions: 'Be brief.', dataset_ref: '' },
  dataset: { files: [], profile: null },
  ...{ target: 'left', problem_type: null, metric: null, seed: 0, excluded_columns: [], test_file: null },
  ...{ split_column: null, data_sharing: 'values', created_at: '' },
};

test('an untouched form changes nothing', () => {
  expect(settingsChange(experiment, settingsOf(experiment))).toEqual({});
});

test('only what was changed is sent, and a choice that was taken away is null', () => {
  const fields = { ...settingsOf(experiment), target: '', instructions: '', metric: 'f1_macro' };
  expect(settingsChange(experiment, fields)).toEqual({ target: null, instructions: '', metric: 'f1_macro' });
});
