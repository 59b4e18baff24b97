/**
 * Decided as before, a stage takes over what a former run of it had left, so that nothing is computed or paid
 * again: which run that is, and when there is none.
 */

import { adoptableRun } from './adoption.ts';
import type { Decision } from './decisions.ts';
import type { StageRun } from './records.ts';
import type { Stage } from './stages.ts';

const run = (stage: Stage, n: number, base: string | null, patch: Partial<StageRun> = {}): StageRun => ({
  ...{ session_id: 's', stage, run: n, state: 'done', reason: null, stale: false, prompt_version: '', base },
  ...{ checkpoint: `${stage}${n}`, started_at: '', ended_at: null },
  ...patch,
});
const agent = (position: number, key: string, value: unknown, patch: Partial<Decision> = {}): Decision => ({
  ...{
    id: `d${position}`,
    session_id: 's',
    stage: 'train',
    run: 1,
    key,
    value,
    alternatives: [],
    reason: '',
  },
  ...{ evidence: null, confidence: null, by: 'agent', step_id: 'x', position, standing: 'former' },
  ...{ superseded_by: null, created_at: '', inherited_from: null, to_confirm: false, withdraws: false },
  ...patch,
});
const person = (position: number, key: string, value: unknown, patch: Partial<Decision> = {}): Decision =>
  agent(position, key, value, { by: 'person', run: null, standing: 'in_force', ...patch });

const inherited = (position: number, key: string, value: unknown): Decision =>
  agent(position, key, value, { run: null, step_id: null, standing: 'in_force', inherited_from: 'other' });

const runs = [run('train', 1, 'prep1'), run('train', 2, 'prep1')];
const ends = new Map([
  ['train/1', 10],
  ['train/2', 20],
]);
const adopted = (ledger: Decision[], base: string | null = 'prep1') =>
  adoptableRun({ runs, ledger, ends }, 'train', base)?.run ?? null;

test.each<[string, Decision[], number | null]>([
  [
    'what run 1 chose itself is wanted again',
    [
      agent(11, 'model.choice', 'linear'),
      person(15, 'model.choice', 'forest'),
      person(25, 'model.choice', 'linear'),
    ],
    1,
  ],
  [
    'what the person wanted of run 2 is wanted again',
    [
      person(15, 'model.choice', 'forest'),
      person(25, 'model.choice', 'linear'),
      person(26, 'model.choice', 'forest'),
    ],
    2,
  ],
  [
    'no run was made so',
    [
      agent(11, 'model.choice', 'linear'),
      person(15, 'model.choice', 'forest'),
      person(25, 'model.choice', 'kernel'),
    ],
    null,
  ],
  [
    'a column that nobody spoke of was in',
    [person(15, 'column.age.use', 'out'), person(25, 'column.age.use', 'in')],
    1,
  ],
  [
    'what an earlier stage chose held then, too',
    [
      agent(5, 'metric', 'accuracy', { stage: 'eda', standing: 'superseded' }),
      person(15, 'metric', 'f1_macro'),
      person(25, 'metric', 'accuracy'),
    ],
    1,
  ],
  [
    'what a run that is followed or stale by now chose held then',
    [
      agent(5, 'metric', 'accuracy', { stage: 'eda', standing: 'former' }),
      person(15, 'metric', 'f1_macro'),
      person(25, 'metric', 'accuracy'),
    ],
    1,
  ],
  [
    'what an earlier stage has chosen since did not hold then',
    [
      agent(12, 'metric', 'accuracy', { stage: 'eda', standing: 'superseded' }),
      person(15, 'metric', 'f1_macro'),
      person(25, 'metric', 'accuracy'),
    ],
    null,
  ],
  [
    'what yielded was not chosen',
    [
      agent(11, 'model.choice', 'linear', { standing: 'yielded' }),
      person(15, 'model.choice', 'forest'),
      person(25, 'model.choice', 'linear'),
    ],
    null,
  ],
  [
    'what was kept from another session held then, too',
    [
      inherited(5, 'model.choice', 'linear'),
      agent(11, 'model.choice', 'boosting', { standing: 'yielded' }),
      person(15, 'model.choice', 'forest'),
      person(25, 'model.choice', 'linear'),
    ],
    1,
  ],
  ['a limit changes nothing', [person(12, 'budget.cost', 3)], 2],
  ['what waits is not wanted yet', [person(25, 'model.choice', 'linear', { standing: 'queued' })], 2],
])('%s', (_, ledger, expected) => {
  expect(adopted(ledger)).toBe(expected);
});

test('a run from other files, or one that did not end well, is not taken over', () => {
  expect(adopted([], 'prep2')).toBeNull();
  const failed = [
    run('train', 1, 'prep1', { state: 'failed' }),
    run('train', 2, 'prep1', { checkpoint: null }),
  ];
  expect(adoptableRun({ runs: failed, ledger: [], ends }, 'train', 'prep1')).toBeNull();
  expect(adoptableRun({ runs, ledger: [], ends: new Map() }, 'train', 'prep1')).toBeNull();
});

test('a metric does not concern preparation: its runs stay as they are', () => {
  const prep = [run('prep', 1, 'eda1')];
  const ledger = [person(15, 'metric', 'f1_macro')];
  const past = { runs: prep, ledger, ends: new Map([['prep/1', 4]]) };
  expect(adoptableRun(past, 'prep', 'eda1')?.run).toBe(1);
});

test.each<[string, Decision['stage'], number | null]>([
  ['the stage that has decided it', 'train', 1],
  ['every stage where none has', null, null],
])('a key that only a script knows concerns %s', (_, stage, expected) => {
  const prep = [run('prep', 1, 'eda1')];
  const ledger = [person(15, 'calibration', 'sigmoid', { stage })];
  const past = { runs: prep, ledger, ends: new Map([['prep/1', 4]]) };
  expect(adoptableRun(past, 'prep', 'eda1')?.run ?? null).toBe(expected);
});
