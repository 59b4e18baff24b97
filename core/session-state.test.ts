import { doneState, lastDoneStage, runningStage, SESSION_STATES } from './session-state.ts';
import { STAGES } from './stages.ts';

test('a running state names its stage, others none', () => {
  expect(SESSION_STATES.map(runningStage)).toEqual([
    null,
    'eda',
    null,
    'prep',
    null,
    'train',
    null,
    null,
    null,
  ]);
});

test('the last done stage follows from the state', () => {
  expect(SESSION_STATES.map((state) => lastDoneStage(state, 'train'))).toEqual([
    null,
    null,
    'eda',
    'eda',
    'prep',
    'prep',
    'train',
    'prep',
    null,
  ]);
  expect(STAGES.map(doneState)).toEqual(['eda_done', 'prep_done', 'train_done']);
});
