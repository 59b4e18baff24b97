import type { Session } from '../../lib/api/types.ts';
import { groupAgents } from './agents.ts';

function session(id: string, state: Session['state'], rest: Partial<Session> = {}): Session {
  return {
    ...{ id, state, owner: 'local', experiment_id: 'e', failed_stage: null, waiting: null, mode: 'auto' },
    ...{
      model: 'autopilot/standard',
      limits: { turns: 30, tokens: 1, cost: 1, time: 1 },
      stop_after_step: false,
    },
    ...{ forked_from: null, follow_up: null, created_at: '', updated_at: id, ...rest },
  };
}

test('agents are told apart by whether they need a person, work or rest', () => {
  const question = { waiting: { reason: 'question' as const } };
  const groups = groupAgents([
    session('5', 'eda_running', question),
    session('4', 'prep_running', question),
    session('3', 'train_running'),
    session('2', 'train_done'),
    session('1', 'created'),
  ]);
  const ids = Object.values(groups).map((group: Session[]) => group.map(({ id }) => id));
  expect(ids).toEqual([['4', '5'], ['3'], ['2']]);
});
