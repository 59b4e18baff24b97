import { type DecisionChange, planChanges } from './decision-changes.ts';
import type { Decision } from './decisions.ts';
import type { Experiment, StageRun } from './records.ts';
import type { Stage } from './stages.ts';

const columns = Object.entries({
  ...{ species: 'category', island: 'category', 'body mass (g)': 'number', sex: 'category', seen: 'time' },
}).map(([name, kind]) => ({ name, kind }));
const experiment = { dataset: { files: [], profile: { columns } } } as unknown as Experiment;
const decided = (key: string, value: unknown, patch: Partial<Decision> = {}): Decision => ({
  ...{ id: key, session_id: 's', stage: 'prep', run: 1, key, value, alternatives: [], reason: '' },
  ...{ evidence: null, confidence: null, by: 'agent', step_id: null, position: 1, standing: 'in_force' },
  ...{ superseded_by: null, created_at: '', inherited_from: null, to_confirm: false, withdraws: false },
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

test('a way of its own that a script has gone is possible again, and no other of the kind', () => {
  const own = [...ledger, decided('split.strategy', 'time_and_group'), decided('split.by', 'island')];
  const again = (value: string) =>
    planChanges({ experiment, ledger: own, runs: [] }, [{ key: 'split.strategy', value }]);
  expect(again('time_and_group').stage).toBeNull();
  expect(() => again('file')).toThrow('split.strategy cannot be "file"');
});

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
  [{ 'rows.left_out': ['total'] }, 'eda', ['eda', 'prep', 'train']],
  [{ 'column.sex.missing': ['?', 'NA'] }, 'eda', ['eda', 'prep', 'train']],
  [{ 'column.sex.missing': [] }, 'eda', ['eda', 'prep', 'train']],
  [{ 'column.sex.date_order': 'day' }, 'eda', ['eda', 'prep', 'train']],
  [{ 'column.body_mass_g.decimal': 'thousands' }, 'eda', ['eda', 'prep', 'train']],
  [{ 'target.meaning': 'as_number' }, 'eda', ['eda', 'prep', 'train']],
  [{ 'column.island.features': 'means' }, 'prep', ['prep', 'train']],
  [{ threshold: 0.25 }, 'train', ['train']],
])('%j concerns %s first', (changes, stage, anew) => {
  const { changes: made, ...rest } = plan(changes);
  expect(rest).toEqual({ stage, anew });
  expect(made.map(({ key, to }) => [key, to])).toEqual(Object.entries(changes));
});

test('what a person has decided already changes nothing, and what has not run is not made anew', () => {
  expect(plan({ target: 'species' })).toEqual({ changes: [], stage: null, anew: [] });
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
    /names no column of the table\. Its columns are species, island, body_mass_g, sex, seen/,
  ],
  [{ 'column.sex.kind': 'date' }, /Possible: "category", "text", "number"/],
  [{ 'column.mass.kind': 'text' }, /names no column/],
  [{ 'column.sex.use': 'maybe' }, /Possible: "in", "out"/],
  [{ 'column.species.use': 'out' }, /column\.species\.use cannot be "out"\. Possible: "in"/],
  [
    Object.fromEntries(['island', 'body_mass_g', 'sex', 'seen'].map((key) => [`column.${key}.use`, 'out'])),
    /leave no column/,
  ],
  [{ 'model.choice': 'oracle' }, /model\.choice cannot be "oracle"/],
  [{ 'budget.turns': 0 }, /budget\.turns cannot be 0/],
  [{ 'rows.left_out': ['blank'] }, /Possible: a list of some of \["footnote","total","unaligned"\]/],
  [{ 'rows.left_out': 'no' }, /rows\.left_out cannot be \["no"\]/],
  [{ 'column.mass.missing': [] }, /names no column/],
  [{ 'column.sex.missing': [true] }, /a list of at most 50 texts that stand for no value/],
  [{ 'column.sex.missing': [''] }, /\[\] for none/],
  [{ 'column.sex.date_order': 'year' }, /Possible: "day", "month"/],
  [{ 'column.sex.currencies': 'convert' }, /Possible: "as_they_stand"/],
  [{ 'column.mass.features': 'log' }, /names no column/],
  [{ 'column.island.features': 'log' }, /Possible: "labels", "means", "words"/],
  [{ 'column.body_mass_g.features': 'words' }, /Possible: "number", "log"/],
  [{ 'column.sex.kind': 'number', 'column.sex.features': 'labels' }, /Possible: "number", "log"/],
  [{ 'column.seen.features': 'log' }, /nothing, there is one way alone/],
  [{ 'target.meaning': 'event' }, /Possible: "observed_only", "as_number"/],
  [{ threshold: 1 }, /threshold cannot be 1\. Possible: a probability between 0 and 1/],
  [{ threshold: '0.5' }, /a probability between 0 and 1/],
  [{ problem: 'regression', threshold: 0.2 }, /Possible: 0\.5/],
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

test('what an agent has decided is confirmed by the same value: the person’s row, and nothing is made anew', () => {
  const confirmed = { key: 'split.by', from: 'island', to: 'island', stage: 'prep' };
  expect(plan({ 'split.by': 'island' })).toEqual({ changes: [confirmed], stage: null, anew: [] });
  const both = plan({ 'split.by': 'island', metric: 'f1_macro' });
  expect(both).toMatchObject({ stage: 'train', anew: ['train'] });
  expect(both.changes.map(({ key }) => key)).toEqual(['split.by', 'metric']);
});

test('sets are the same in any order, and a text alone stands for the list of it', () => {
  const known = (key: string, value: unknown, given: unknown) => {
    const row = decided(key, value, { by: 'person', stage: 'eda', run: null });
    return planChanges({ experiment, ledger: [row], runs: [run('eda')] }, [{ key, value: given }]).changes;
  };
  expect(known('rows.left_out', ['footnote', 'total'], ['total', 'footnote'])).toEqual([]);
  expect(known('column.sex.missing', ['-1', 'NA'], ['NA', '-1', 'NA'])).toEqual([]);
  expect(known('column.sex.missing', [], -1)).toMatchObject([{ to: ['-1'] }]);
});

test('lines that the table does not have cannot be left out', () => {
  const row = decided('rows.left_out', ['total'], {
    ...{ stage: 'eda' as const, by: 'rule' as const, alternatives: [{ value: [], changes: '1 more row' }] },
  });
  const known = { experiment, ledger: [row], runs: [run('eda')] };
  expect(() => planChanges(known, [{ key: 'rows.left_out', value: ['footnote'] }])).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/some of \["total"\]/) }),
  );
  expect(planChanges(known, [{ key: 'rows.left_out', value: [] }]).anew).toEqual(['eda']);
});

test('what waits is the last word on its key: the value in force is a change back', () => {
  const waiting = decided('metric', 'f1_macro', { by: 'person', run: null, standing: 'queued' });
  const held = decided('metric', 'accuracy');
  const known = { experiment, runs: [run('train')], ledger: [...ledger, held, waiting] };
  const back = planChanges(known, [{ key: 'metric', value: 'accuracy' }]);
  expect(back).toMatchObject({ changes: [{ from: 'f1_macro', to: 'accuracy' }], anew: [] });
  expect(planChanges(known, [{ key: 'metric', withdraw: true }])).toMatchObject({ anew: [] });
});

test('a metric of another target is judged once that is measured', () => {
  const measured = decided('problem', 'multiclass', { position: 2 });
  const known = { experiment, runs: [], ledger: [...ledger, measured] };
  const change = (target: string) => [
    { key: 'target', value: target },
    { key: 'metric', value: 'rmse' },
  ];
  expect(() => planChanges(known, change('species'))).toThrow(/metric cannot be "rmse"/);
  expect(planChanges(known, change('body mass (g)')).changes).toHaveLength(2);
});

test('withdrawn is what the person decided, and nothing else', () => {
  const known = { experiment, runs: [run('eda')], ledger };
  expect(planChanges(known, [{ key: 'split.by', withdraw: true }]).changes).toEqual([]);
  expect(planChanges(known, [{ key: 'target', withdraw: true }])).toMatchObject({
    changes: [{ key: 'target', from: 'species', to: null, withdraw: true }],
    anew: ['eda'],
  });
  expect(() => planChanges(known, [{ key: 'budget.cost', withdraw: true }])).toThrow(/is a limit/);
});
