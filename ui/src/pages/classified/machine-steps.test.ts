import { CLASSIFICATION_STATES } from '../../../../core/classification/states.ts';
import { type MachineInput, machineSteps } from './machine-steps.ts';

const input = (fields: Partial<MachineInput>): MachineInput => ({
  ...{ state: 'IDLE', last: null, visited: new Set(), hasModel: false, ...fields },
});
const placesOf = (fields: Partial<MachineInput>): Record<string, string> =>
  Object.fromEntries(machineSteps(input(fields)).map(({ state, place }) => [state, place]));

test('what is behind is done, one is now, the rest lies ahead; what is passed by is marked', () => {
  expect(placesOf({ state: 'CLASSIFYING' })).toMatchObject({
    ...{ LOADING_VOCAB: 'done', SAMPLING: 'done', LLM_SWEEP: 'skipped', TRAINING: 'skipped' },
    ...{ CLASSIFYING: 'now', FUSING: 'ahead', EVALUATING: 'ahead', CONVERGED: 'ahead' },
  });
  expect(placesOf({ state: 'SAMPLING', hasModel: true })).toMatchObject({
    LLM_SWEEP: 'ahead',
    FUSING: 'ahead',
  });
  expect(
    placesOf({ state: 'FUSING', hasModel: true, visited: new Set(['LLM_SWEEP', 'VALIDATING']) }),
  ).toMatchObject({
    ...{ LLM_SWEEP: 'done', VALIDATING: 'done', TRAINING: 'skipped' },
  });
});

test('an end is shown with where it came from', () => {
  expect(placesOf({ state: 'STOPPED' })).toMatchObject({ EVALUATING: 'done', STOPPED: 'now' });
  expect(placesOf({ state: 'ERROR', last: 'SAMPLING' })).toMatchObject({
    ...{ DISCOVERING: 'done', SAMPLING: 'broken', FUSING: 'skipped', ERROR: 'now' },
  });
});

test('every state has its place, and a run is at one alone', () => {
  for (const state of CLASSIFICATION_STATES) {
    const steps = machineSteps(input({ state, last: 'FUSING' }));
    expect(steps.filter(({ place }) => place === 'now').map((step) => step.state)).toEqual(
      state === 'IDLE' ? [] : [state],
    );
  }
});
