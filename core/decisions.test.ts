import {
  binds,
  type Decision,
  firstStage,
  inForce,
  type LedgerRow,
  readLedger,
  type Standing,
} from './decisions.ts';
import { experimentAsDecided, givenDecisions } from './given-decisions.ts';
import type { Experiment, StageRun } from './records.ts';

const row = (position: number, patch: Partial<LedgerRow> = {}): LedgerRow => ({
  ...{ id: `d${position}`, session_id: 's', stage: 'prep', run: 1, key: 'split.by', value: position },
  ...{ alternatives: [], reason: '', evidence: null, confidence: null, by: 'agent', step_id: 'step' },
  ...{ position, yields: false, queued: false, step_state: 'done', created_at: '' },
  ...{ inherited_from: null, to_confirm: false },
  ...{ withdraws: false, change: null, undoes: null },
  ...patch,
});
const byPerson = (position: number, patch: Partial<LedgerRow> = {}): LedgerRow =>
  row(position, { by: 'person', run: null, step_id: null, step_state: null, ...patch });
const run = (n: number, patch: Partial<StageRun> = {}): StageRun => ({
  ...{
    session_id: 's',
    stage: 'prep',
    run: n,
    state: 'done',
    reason: null,
    stale: false,
    prompt_version: '',
  },
  ...{ base: null, checkpoint: null, started_at: '', ended_at: null },
  ...patch,
});
const standings = (rows: LedgerRow[], runs: StageRun[]): Standing[] =>
  readLedger(rows, runs).map(({ standing }) => standing);

test.each<[string, LedgerRow[], StageRun[], Standing[]]>([
  ['the latest row counts', [row(1), row(2)], [run(1)], ['superseded', 'in_force']],
  ['of each key', [row(1), row(2, { key: 'metric' })], [run(1)], ['in_force', 'in_force']],
  ['a person’s supersedes an agent’s', [row(1), byPerson(2)], [run(1)], ['superseded', 'in_force']],
  ['a person’s outlives its stage', [byPerson(1), row(2)], [run(1, { stale: true })], ['in_force', 'stale']],
  [
    'a stale run’s leaves the earlier one in force',
    [row(1), row(2, { run: 2 })],
    [run(1), run(2, { stale: true })],
    ['former', 'stale'],
  ],
  [
    'a script’s waits for its step',
    [row(1), row(2, { step_state: 'running' })],
    [run(1)],
    ['in_force', 'proposed'],
  ],
  ['a failed step’s goes', [row(1, { step_state: 'failed' })], [run(1)], ['dropped']],
  ['a cancelled step’s goes', [row(1, { step_state: 'cancelled' })], [run(1)], ['dropped']],
  [
    'withdrawn, the agent’s counts again',
    [row(1), byPerson(2), byPerson(3, { withdraws: true })],
    [run(1)],
    ['in_force', 'superseded', 'withdrawn'],
  ],
  [
    'withdrawn, what the agent would have decided counts',
    [byPerson(1), row(2, { yields: true }), byPerson(3, { withdraws: true })],
    [run(1)],
    ['superseded', 'in_force', 'withdrawn'],
  ],
  [
    'but not what only repeats the person',
    [byPerson(1), row(2, { yields: true, value: 1 }), byPerson(3, { withdraws: true })],
    [run(1)],
    ['superseded', 'yielded', 'withdrawn'],
  ],
  [
    'what is decided after a withdrawal counts',
    [byPerson(1), byPerson(2, { withdraws: true }), row(3)],
    [run(1)],
    ['superseded', 'withdrawn', 'in_force'],
  ],
  [
    'a withdrawal is followed by the person’s next',
    [byPerson(1), byPerson(2, { withdraws: true }), byPerson(3)],
    [run(1)],
    ['superseded', 'superseded', 'in_force'],
  ],
  ['what yields never counts', [byPerson(1), row(2, { yields: true })], [run(1)], ['in_force', 'yielded']],
  [
    'what waits does not count yet',
    [row(1), byPerson(2, { queued: true })],
    [run(1)],
    ['in_force', 'queued'],
  ],
  [
    'a former run counts until the new one is done',
    [row(1), row(2, { run: 2, key: 'metric' })],
    [run(1), run(2, { state: 'running' })],
    ['in_force', 'in_force'],
  ],
  [
    'a former run’s counts no more',
    [row(1), row(2, { run: 2, key: 'metric' })],
    [run(1), run(2)],
    ['former', 'in_force'],
  ],
  [
    'what was kept holds against every run, until a person decides',
    [
      ...[row(1, { inherited_from: 'other', run: null, step_state: null }), row(2, { yields: true })],
      byPerson(3, { key: 'metric' }),
    ],
    [run(1, { stale: true })],
    ['in_force', 'yielded', 'in_force'],
  ],
  [
    'what was kept and does not fit never counts',
    [row(1, { inherited_from: 'other', run: null, yields: true, step_state: null }), row(2)],
    [run(1)],
    ['unfit', 'in_force'],
  ],
  ['order is the positions’', [row(2), row(1)], [run(1)], ['superseded', 'in_force']],
])('%s', (_, rows, runs, expected) => {
  expect(standings(rows, runs)).toEqual(expected);
});

test('a script follows the person, what was kept, and earlier stages', () => {
  const of = (patch: Partial<LedgerRow>) => binds(row(1, patch), 'prep');
  expect([of({}), of({ stage: 'eda' }), of({ by: 'person' }), of({ inherited_from: 'other' })]).toEqual([
    ...[false, true, true, true],
  ]);
});

test('a row that was superseded names the next that counts', () => {
  const ledger = readLedger([byPerson(1), row(2, { yields: true }), byPerson(3), byPerson(4)], [run(1)]);
  expect(ledger.map(({ id, superseded_by }) => [id, superseded_by])).toEqual([
    ['d1', 'd3'],
    ['d2', null],
    ['d3', 'd4'],
    ['d4', null],
  ]);
  expect([...inForce(ledger)].map(([key, { id }]) => [key, id])).toEqual([['split.by', 'd4']]);
});

test('any order of rows is read alike, and at most one of a key is in force', () => {
  const states = ['done', 'failed', 'running', null] as const;
  const rows = Array.from({ length: 64 }, (_, at) =>
    row(at, {
      ...{ key: `key${at % 3}`, run: (at % 4) + 1, yields: at % 7 === 0, queued: at % 11 === 0 },
      step_state: states[at % states.length] ?? null,
    }),
  );
  const runs = [run(1), run(2, { stale: true }), run(3), run(4, { state: 'running' })];
  const read = readLedger(rows, runs);
  const rotated = [...rows.slice(20), ...rows.slice(0, 20).toReversed()];
  expect(readLedger(rotated, runs)).toEqual(read);
  const current = read.filter(({ standing }) => standing === 'in_force').map(({ key }) => key);
  expect(current.length).toBeGreaterThan(0);
  expect(new Set(current).size).toBe(current.length);
  const ids = new Map<string, Decision>(read.map((each) => [each.id, each]));
  for (const each of read.filter(({ standing }) => standing === 'superseded'))
    expect(ids.get(each.superseded_by ?? '')?.key).toBe(each.key);
});

test.each([
  ['target', 'eda'],
  ['column.age.kind', 'eda'],
  ['column.größe_m.use', 'prep'],
  ['split.by', 'prep'],
  ['metric', 'train'],
  ['model.choice', 'train'],
  ['budget.cost', null],
  ['budget.size', undefined],
  ['imputation.method', undefined],
  ['column.a.b.use', undefined],
  ['toString', undefined],
])('%s concerns %s first', (key, stage) => {
  expect(firstStage(key)).toBe(stage);
});

test('what was given becomes the first decisions', () => {
  const experiment = {
    ...{ target: 'species', problem_type: null, metric: 'accuracy', split_column: 'set', test_file: 't.csv' },
    excluded_columns: ['Body Mass', 'gone'],
    dataset: {
      files: [],
      profile: { columns: [{ name: 'species' }, { name: 'body mass' }, { name: 'Body Mass' }] },
    },
  };
  const given = givenDecisions(experiment, { cost: 3 }).map(({ key, value }) => [key, value]);
  expect(given).toEqual([
    ['target', 'species'],
    ['metric', 'accuracy'],
    ['split.strategy', 'column'],
    ['split.by', 'set'],
    ['split.test_file', 't.csv'],
    ['column.body_mass_2.use', 'out'],
    ['column.gone.use', 'out'],
    ['budget.cost', 3],
  ]);
  const nothing = { ...experiment, target: null, metric: null, split_column: null, test_file: null };
  expect(
    givenDecisions({ ...nothing, excluded_columns: [], dataset: { files: [], profile: null } }, {}),
  ).toEqual([]);
});

test('what is wanted is what the person has decided by now; of the rest the experiment speaks', () => {
  const experiment = {
    ...{ target: 'species', problem_type: 'multiclass', metric: null, split_column: 'set', test_file: null },
    excluded_columns: ['sex', 'year'],
    dataset: {
      files: [],
      profile: { columns: ['species', 'sex', 'year', 'Site A'].map((name) => ({ name })) },
    },
  } as unknown as Experiment;
  const ledger = readLedger(
    [
      ...[
        byPerson(1, { key: 'metric', value: 'f1_macro' }),
        byPerson(2, { key: 'column.sex.use', value: 'in' }),
      ],
      ...[
        byPerson(3, { key: 'column.site_a.use', value: 'out' }),
        byPerson(4, { key: 'split.strategy', value: 'group' }),
      ],
      ...[byPerson(5, { key: 'split.by', value: 'Site A' }), row(6, { key: 'target', value: 'year' })],
    ],
    [run(1)],
  );
  expect(experimentAsDecided(experiment, ledger)).toMatchObject({
    ...{ target: 'species', problem_type: 'multiclass', metric: 'f1_macro', split_column: null },
    excluded_columns: ['year', 'Site A'],
  });
  expect(experimentAsDecided(experiment, [])).toEqual(experiment);
});
