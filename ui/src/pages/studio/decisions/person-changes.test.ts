/** Which decisions a person changed, by which report, model and data are marked. */

import { changedColumns, changesWords, personChanges } from './person-changes.ts';
import { decision } from './testing/decision.ts';

const experiment = {
  ...{ target: 'species', problem_type: null, metric: 'accuracy', excluded_columns: ['body mass'] },
  ...{ split_column: null, test_file: null },
  dataset: { files: [], profile: null },
};
const byPerson = (key: string, value: unknown) => decision({ key, value, by: 'person' });

test('what the experiment asked for is no change, nor is what others decided, nor a limit', () => {
  const items = [
    byPerson('target', 'species'),
    byPerson('metric', 'accuracy'),
    byPerson('column.body_mass.use', 'out'),
    byPerson('budget.cost', 3),
    decision({ key: 'split.by', value: 'island', by: 'agent' }),
  ];
  expect(personChanges(items, experiment)).toEqual([]);
});

test('what a person changed is named, a column by its name', () => {
  const changes = personChanges(
    [
      byPerson('metric', 'f1_macro'),
      byPerson('split.by', 'island'),
      byPerson('column.body_mass.use', 'in'),
      byPerson('column.body_mass.kind', 'category'),
      byPerson('column.sex.use', 'out'),
    ],
    experiment,
  );
  expect(changesWords(changes, experiment)).toBe(
    'Metric: f1_macro, Split by: island, body mass: used, body mass: category and 1 more',
  );
  expect([...changedColumns(changes, experiment)]).toEqual([['body mass', 'used, category']]);
});
