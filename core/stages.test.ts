import { isStage, STAGES, stageAfter, stageBefore, stagesAfter } from './stages.ts';

test('stages know their neighbours', () => {
  expect(STAGES.map(stageBefore)).toEqual([null, 'eda', 'prep']);
  expect(STAGES.map(stageAfter)).toEqual(['prep', 'train', null]);
  expect(STAGES.map(stagesAfter)).toEqual([['prep', 'train'], ['train'], []]);
});

test('only the three names are stages', () => {
  expect(['eda', 'prep', 'train', 'EDA', '', 'toString'].map(isStage)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
