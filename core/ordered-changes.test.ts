import type { LedgerRow } from './decisions.ts';
import { type ChangeRequest, carryOut, type OrderedAt } from './ordered-changes.ts';
import type { Experiment, StageRun } from './records.ts';
import type { Stage } from './stages.ts';

const names = ['species', 'island', 'sex'];
const experiment = {
  dataset: { files: [], profile: { columns: names.map((name) => ({ name })) } },
} as unknown as Experiment;
const row = (position: number, key: string, value: unknown, patch: Partial<LedgerRow> = {}): LedgerRow => ({
  ...{ id: `d${position}`, session_id: 's', stage: 'eda', run: 1, key, value, alternatives: [], reason: '' },
  ...{ evidence: null, confidence: null, by: 'agent', step_id: null, position, step_state: null },
  ...{ yields: false, queued: false, withdraws: false, change: null, undoes: null, created_at: '1' },
  ...{ inherited_from: null, to_confirm: false },
  ...patch,
});
const person = (position: number, key: string, value: unknown, patch: Partial<LedgerRow> = {}): LedgerRow =>
  row(position, key, value, { by: 'person', run: null, ...patch });
const run = (stage: Stage): StageRun => ({
  ...{ session_id: 's', stage, run: 1, state: 'done', reason: null, stale: false, prompt_version: '' },
  ...{ base: null, checkpoint: null, started_at: '0', ended_at: '2' },
});
const GIVEN = person(1, 'target', 'species');
const spoken = (changes: Record<string, unknown>, patch: Partial<ChangeRequest> = {}): ChangeRequest => ({
  changes: Object.entries(changes).map(([key, value]) =>
    value === undefined ? { key, withdraw: true } : { key, value },
  ),
  undo: false,
  ...patch,
});
const at = (stage: Stage, ran: Stage[], rows: LedgerRow[] = [GIVEN], followUp = false): OrderedAt => ({
  ...{ experiment, rows, runs: ran.map(run), stage, followUp },
});
const heldIn = (order: ChangeRequest, where: OrderedAt) =>
  carryOut(order, where).ordered.decided.map(({ key, value, withdrawn, holds }) => [
    key,
    value ?? withdrawn,
    holds,
  ]);

test.each<[string, ChangeRequest, OrderedAt, unknown[]]>([
  ['of the stage that runs', spoken({ 'column.sex.use': 'out' }), at('prep', ['eda']), ['out', 'now']],
  ['of a later one', spoken({ metric: 'f1_macro' }), at('eda', []), ['f1_macro', 'now']],
  ['of an earlier one', spoken({ 'column.sex.use': 'out' }), at('train', ['eda', 'prep']), ['out', 'later']],
  [
    'in a follow-up',
    spoken({ metric: 'f1_macro' }),
    at('train', ['eda', 'prep', 'train'], [GIVEN], true),
    ['f1_macro', 'later'],
  ],
])('what is ordered %s holds then', (_what, order, where, held) => {
  expect(heldIn(order, where).map(([, ...rest]) => rest)).toEqual([held]);
});

test('what waits is made anew, and its row is queued', () => {
  const { rows, ordered } = carryOut(spoken({ target: 'island' }), at('train', ['eda', 'prep', 'train']));
  expect(ordered.anew).toEqual(['eda', 'prep', 'train']);
  expect(rows).toEqual([
    { key: 'target', value: 'island', withdraws: false, stage: 'eda', queued: true, undoes: null },
  ]);
});

test('of several changes the possible ones are made, the others are refused with what is possible', () => {
  const { ordered } = carryOut(
    spoken({ 'column.sex.use': 'out', 'column.mass.use': 'out', 'budget.cost': 5 }),
    at('eda', []),
  );
  expect(ordered.decided).toEqual([{ key: 'column.sex.use', value: 'out', holds: 'now' }]);
  expect(ordered.refused).toEqual([
    { key: 'budget.cost', why: expect.stringContaining('Limits') },
    { key: 'column.mass.use', why: expect.stringContaining('island') },
  ]);
});

test('what the agent had chosen so becomes the person’s', () => {
  const { rows } = carryOut(
    spoken({ metric: 'accuracy' }),
    at('train', ['eda'], [GIVEN, row(2, 'metric', 'accuracy')]),
  );
  expect(rows).toMatchObject([{ key: 'metric', value: 'accuracy', queued: false }]);
});

describe('undo', () => {
  const undo = spoken({}, { undo: true });
  const out = person(3, 'column.sex.use', 'out', { change: 'a', stage: 'prep' });
  const metric = person(4, 'metric', 'f1_macro', { change: 'b', stage: 'train' });

  test('takes the last change back, whatever stage has carried it out; a second one the change before', () => {
    const rows = [GIVEN, person(2, 'metric', 'accuracy'), out, metric];
    const first = carryOut(undo, at('train', ['eda', 'prep'], rows));
    expect(first.rows).toMatchObject([{ key: 'metric', value: 'accuracy', undoes: 'b', queued: false }]);
    const back = person(5, 'metric', 'accuracy', { change: 'c', undoes: 'b' });
    const second = carryOut(undo, at('train', ['eda', 'prep'], [...rows, back]));
    expect(second.rows).toMatchObject([{ key: 'column.sex.use', withdraws: true, undoes: 'a' }]);
    expect(second.ordered.undone).toBe(true);
  });

  test('what was given at the start is no change', () => {
    expect(carryOut(undo, at('eda', [], [GIVEN])).ordered).toMatchObject({ decided: [], undone: false });
  });

  test('what only waits is taken back before it takes force, and nothing runs again', () => {
    const rows = [GIVEN, { ...out, queued: true }];
    const { ordered } = carryOut(undo, at('train', ['eda', 'prep'], rows));
    expect(ordered.decided).toEqual([{ key: 'column.sex.use', withdrawn: true, holds: 'later' }]);
    expect(ordered.anew).toEqual([]);
  });
});

test('withdrawn: what the agent had chosen is in force again, and made anew is what ran under the person’s', () => {
  const rows = [
    GIVEN,
    row(2, 'metric', 'accuracy'),
    person(3, 'metric', 'f1_macro', { change: 'a', created_at: '3' }),
  ];
  const { rows: made, ordered } = carryOut(spoken({ metric: undefined }), at('train', ['eda', 'prep'], rows));
  expect(made).toMatchObject([{ key: 'metric', value: null, withdraws: true, stage: 'train' }]);
  expect(ordered.decided).toEqual([{ key: 'metric', withdrawn: true, holds: 'now' }]);
  const early = [GIVEN, person(2, 'metric', 'f1_macro', { change: 'a' })];
  expect(carryOut(spoken({ metric: undefined }), at('train', ['eda', 'prep'], early)).ordered.anew).toEqual([
    'eda',
    'prep',
  ]);
});
