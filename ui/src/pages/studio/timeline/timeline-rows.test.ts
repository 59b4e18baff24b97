import type { Step } from '../../../lib/api/types.ts';
import { timelineRuns } from './timeline-rows.ts';

const step = (change: Partial<Step>): Step => ({
  ...{
    id: 's',
    session_id: 'x',
    stage: 'eda',
    run: 1,
    turn: 1,
    call: '',
    kind: 'tool',
    tool: 'execute_code',
  },
  ...{
    title: 'Look',
    state: 'done',
    epoch: 1,
    execution: 1,
    base: null,
    checkpoint: null,
    input: {},
    output: null,
  },
  ...{ output_offset: 0, metrics_offset: 0, usage: null, cost: 0, started_at: at(0), ended_at: at(100) },
  ...change,
});
const at = (milliseconds: number): string => new Date(milliseconds).toISOString();

test('each run has its own axis', () => {
  const [eda, prep] = timelineRuns(
    [
      step({ id: 'a', kind: 'model', turn: 3, cost: 0.5, ended_at: at(25) }),
      step({ id: 'b', started_at: at(25), ended_at: at(100) }),
      step({ id: 'c', stage: 'prep', started_at: at(9_000), ended_at: null, state: 'running' }),
    ],
    [{ reason: 'question', stage: 'eda', run: 1, from: 50, to: 75 }],
    10_000,
  );
  expect(eda).toMatchObject({ milliseconds: 100, cost: 0.5 });
  expect(eda?.rows.map(({ title, from, width }) => [title, from, width])).toEqual([
    ['Turn 3: the model thinks', 0, 0.25],
    ['Look', 0.25, 0.75],
  ]);
  expect(eda?.waits).toEqual([{ reason: 'question', from: 0.5, width: 0.25, milliseconds: 25 }]);
  expect(prep).toMatchObject({ stage: 'prep', milliseconds: 1_000, rows: [{ from: 0, width: 1 }] });
});
