import { type DecisionChange, planChanges } from './decision-changes.ts';
import type { Decision } from './decisions.ts';
import type { Experiment, StageRun } from './records.ts';
import type { Stage } from './stages.ts';

const names = ['species', 'island', 'body mass (g)', 'sex'];
const experiment = {
  dataset: { files: [], profile: { columns: names.map((name) => ({ name })) } },
} as unknown as Experiment;
const decided = (key: string, value: unknown, patch: Partial<Decision> = {}): Decision => ({
  ...{ id: key, session_id: 's', stage: 'prep', run: 1, key, value, alternatives: [], reason: '' },
  ...{ evidence: null, confidence: null, by: 'agent', step_id: null, position: 1, standing: 'in_force' },
  ...{ superseded_by: null, created_at: '' },
  ...patch,
});
const run = (stage: Stage): StageRun => ({
  ...{ session_id: 's', stage, run: 1, state: 'done', reason: null, stale: false, prompt_version: '' },
  ...{ base: null, checkpoint: null, started_at: '', ended_at: null },
});
const ledger = [decided('target', 'species', { by: 'person', run: null }), decided('split.by', 'island')];
const plan = (changes: Record<string, unknown>, stages: Stage[] = ['eda', 'prep', 'train']) =>
  planChanges(
    { experiment, ledger, runs: stages.map(run) },
    Object.entries(changes).map(([key, value]): DecisionChange => ({ key, value })),
  );

test.each<[Record<string, unknown>, Stage | null, Stage[]]>([
  [{ target: 'sex' }, 'eda', ['eda', 'prep', 'train']],
  [{ problem: 'binary' }, 'eda', ['eda', 'prep', 'train']],
  [{ 'column.body_mass_g.kind': 'category' }, 'eda', ['eda', 'prep', 'train']],
  [{ 'split.by': 'sex' }, 'prep', ['prep', 'train']],
  [{ 'split.by': null }, 'prep', ['prep', 'train']],
  [{ 'split.strategy': 'random' }, 'prep', ['prep', 'train']],
  [{ 'rows.repeats': 'keep' }, 'prep', ['prep', 'train']],
  [{ 'column.body_mass_g.use': 'out' }, 'prep', ['prep', 'train']],
  [{ metric: 'f1_macro' }, 'train', ['train']],
  [{ 'model.choice': 'linear' }, 'train', ['train']],
  [{ 'model.choice': 'linear', 'column.sex.use': 'out' }, 'prep', ['prep', 'train']],
  [{ 'budget.cost': 5 }, null, []],
])('%j concerns %s first', (changes, stage, anew) => {
  const { changes: made, ...rest } = plan(changes);
  expect(rest).toEqual({ stage, anew });
  expect(made.map(({ key, to }) => [key, to])).toEqual(Object.entries(changes));
});

test('what is in force already changes nothing, and what has not run is not made anew', () => {
  expect(plan({ target: 'species', 'split.by': 'island' })).toEqual({ changes: [], stage: null, anew: [] });
  expect(plan({ 'split.by': 'sex' }, ['eda'])).toMatchObject({ stage: 'prep', anew: [] });
  expect(plan({ target: 'sex' }, ['eda', 'prep']).anew).toEqual(['eda', 'prep']);
});

test.each<[Record<string, unknown>, RegExp]>([
  [{ target: 'mass' }, /target cannot be "mass"\. Possible: "species", "island"/],
  [{ problem: 'ranking' }, /problem cannot be "ranking"\. Possible: "binary", "multiclass", "regression"/],
  [{ metric: 'bleu' }, /metric cannot be "bleu"/],
  [{ problem: 'regression', metric: 'accuracy' }, /metric cannot be "accuracy"\. Possible: "r2"/],
  [{ 'split.by': 'species' }, /split\.by cannot be "species"/],
  [{ 'split.by': null, 'split.strategy': 'group' }, /split\.strategy cannot be group without split\.by/],
  [{ 'split.strategy': 'alphabetical' }, /Possible: "random", "stratified", "group", "time", "column"/],
  [{ problem: 'binary', 'split.strategy': 'random' }, /cannot be "random"\. Possible: "stratified", "group"/],
  [{ 'rows.repeats': true }, /Possible: "drop", "keep"/],
  [
    { 'column.mass.use': 'out' },
    /names no column of the table\. Its columns are species, island, body_mass_g/,
  ],
  [{ 'column.sex.kind': 'date' }, /Possible: "category", "text", "number"/],
  [{ 'column.mass.kind': 'text' }, /names no column/],
  [{ 'column.sex.use': 'maybe' }, /Possible: "in", "out"/],
  [{ 'column.species.use': 'out' }, /column\.species\.use cannot be "out"\. Possible: "in"/],
  [
    { 'column.island.use': 'out', 'column.body_mass_g.use': 'out', 'column.sex.use': 'out' },
    /leave no column/,
  ],
  [{ 'model.choice': 'oracle' }, /model\.choice cannot be "oracle"/],
  [{ 'budget.turns': 0 }, /budget\.turns cannot be 0/],
  [{ 'imputation.method': 'mean' }, /is no decision of this session/],
  [{ toString: 1 }, /is no decision of this session/],
])('%j is refused with what is possible', (changes, message) => {
  expect(() => plan(changes)).toThrow(
    expect.objectContaining({ code: 'INVALID_DECISION', message: expect.stringMatching(message) }),
  );
});

test('a key that its own script decided may have any value, and is made anew from its stage on', () => {
  const known = {
    experiment,
    runs: [run('eda'), run('prep')],
    ledger: [decided('imputation.method', 'mean')],
  };
  const planned = planChanges(known, [{ key: 'imputation.method', value: 'median' }]);
  expect(planned).toMatchObject({ stage: 'prep', anew: ['prep'] });
});
