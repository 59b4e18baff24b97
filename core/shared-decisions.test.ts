/** No cell of the table reaches an agent's brief by a decision, whatever a script has decided under whatever key. */

import type { Decision } from './decisions.ts';
import type { Experiment } from './records.ts';
import { sharedDecisions } from './shared-decisions.ts';

const CELL = 'Plantedcell';
const decided = (key: string, value: unknown, by: Decision['by'] = 'agent'): Decision => ({
  ...{ id: key, session_id: 's', stage: 'eda', run: 1, key, value, by, alternatives: [], reason: CELL },
  ...{ evidence: { cell: CELL }, confidence: null, step_id: null, position: 1, standing: 'in_force' },
  ...{ superseded_by: null, created_at: '', inherited_from: null, to_confirm: false, withdraws: false },
});
const experiment = (data_sharing: Experiment['data_sharing']) => ({
  data_sharing,
  dataset: { files: [], profile: { columns: [{ name: 'species' }, { name: 'body mass' }] } },
});
const ledger = [
  ...[decided('target', 'species'), decided('metric', 'f1_macro'), decided('split.by', 'body mass')],
  ...[decided('column.body_mass.use', 'out'), decided('column.species.kind', CELL)],
  ...[decided(`column.${CELL}.use`, 'out'), decided('threshold', 73_914.25), decided(CELL.toLowerCase(), 1)],
  ...[decided('model.choice', CELL), decided('split.strategy', 'group')],
  ...[decided('rows.repeats', CELL, 'person'), decided('column.body_mass.kind', 'number', 'person')],
];
const keysFor = (sharing: Experiment['data_sharing'], rows = ledger) =>
  sharedDecisions(rows, experiment(sharing)).map(({ key }) => key);

test.each(['values', 'aggregates'] as const)(
  '%s: words of ours and names of columns are listed',
  (sharing) => {
    expect(keysFor(sharing)).toEqual([
      ...['target', 'metric', 'split.by', 'split.strategy', 'rows.repeats'],
      ...['column.body_mass.use', 'column.body_mass.kind'],
    ]);
  },
);

test('none: no column’s name but what the person has said', () => {
  expect(keysFor('none')).toEqual(['metric', 'split.strategy', 'rows.repeats', 'column.body_mass.kind']);
});

test('a script’s cell is in none of them, and reasons and evidence are left out', () => {
  const own = ledger.filter(({ by }) => by === 'agent');
  for (const sharing of ['values', 'aggregates', 'none'] as const)
    expect(JSON.stringify(sharedDecisions(own, experiment(sharing)))).not.toMatch(/plantedcell|73914/i);
});

test('what was kept from another session is marked, and its cells stay out as a script’s do', () => {
  const inherited = [decided('metric', 'f1_macro'), decided('model.choice', CELL)].map((row) => ({
    ...row,
    inherited_from: 'other',
  }));
  expect(sharedDecisions(inherited, experiment('values'))).toEqual([
    { key: 'metric', value: 'f1_macro', by: 'agent', inherited: true },
  ]);
});

test('columns are listed up to a bound', () => {
  const many = Array.from({ length: 500 }, (_, at) => decided(`column.c${at}.use`, 'out', 'person'));
  expect(keysFor('values', many)).toHaveLength(200);
});
