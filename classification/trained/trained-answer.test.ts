/** Columns as the trained members get them, and their answer as evidence. */

import { boundedColumn } from '../column.ts';
import { bundled, massesOf } from '../testing/bundled.ts';
import { learningLine, type TrainedAnswer, TrainedAnswerSchema, trainedEvidence } from './trained-answer.ts';

const { vocabulary, classify } = bundled();
const column = boundedColumn({ name: 'c1', table: 't', type: 'text', values: ['b', 'a', 'a'] });

const answer: TrainedAnswer = {
  ...{ codes: ['EMAIL', 'REGION', 'GONE'], labelled: 9, learned: 9, left_out: [] },
  members: {
    svm: { columns: [[[1, 0.9]], [], [[2, 0.8]]] },
    catboost: {
      columns: [
        [
          [1, 0.7],
          [0, 0.2],
        ],
        [[0, 0.5]],
        [],
      ],
      variance: [0, 0.05, 0.9],
    },
  },
};

test('a column goes to the trained members with its label, which counts less where a model gave it', () => {
  const plain = { name: 'c1', table: 't', type: 'text', values: ['a', 'b'] };
  const line = (...label: Parameters<typeof learningLine>) => JSON.parse(learningLine(...label));
  expect(line(column, null)).toEqual(plain);
  expect(line(column, { code: 'REGION', by: 'person', confidence: 0.3 })).toEqual({
    ...plain,
    label: 'REGION',
    weight: 1,
  });
  expect(line(column, { code: 'CITY', by: 'model', confidence: 0.8 })).toEqual({
    ...plain,
    label: 'CITY',
    weight: 0.4,
  });
  expect(line(column, { code: 'CITY', by: 'model', confidence: 0 }).weight).toBeGreaterThan(0);
});

test('what the trained members answer becomes masses of each column, with a reason', () => {
  const found = trainedEvidence(vocabulary, TrainedAnswerSchema.parse(answer));
  expect(found.map((each) => each.map(({ source }) => source))).toEqual(Array(3).fill(['svm', 'catboost']));
  const both = { ...classify({ name: 'c1', values: [] }), evidence: found[0] ?? [] };
  expect(massesOf(both, 'svm')).toEqual({ REGION: 0.72, Θ: 0.28 });
  expect(massesOf(both, 'catboost')).toEqual({ REGION: 0.63, EMAIL: 0.18, Θ: 0.19 });
  expect(found[0]?.[0]?.reasons).toEqual([
    'It learned from 9 labelled columns; by these it is Region with a probability of 0.90.',
  ]);
  expect(found[1]?.[0]?.reasons).toEqual(['It learned from 9 labelled columns and knows none like this.']);
});

test('of columns that no term fits the members learn just that, and it says nothing for a term', () => {
  const line = JSON.parse(learningLine(column, { code: null, by: 'person', confidence: 1 }));
  expect(line).toMatchObject({ label: '(no term)', weight: 1 });
  const none = {
    ...answer,
    codes: ['(no term)'],
    members: { svm: { columns: [[[0, 0.9] as [number, number]]] } },
  };
  const [[svm] = []] = trainedEvidence(vocabulary, none);
  expect([...(svm?.mass.masses.keys() ?? [])]).toEqual([vocabulary.frame.whole]);
  expect(svm?.reasons).toEqual(['It learned from 9 labelled columns; by these no term fits it.']);
});

test('a term that the vocabulary has no more says nothing, and neither do members that did not learn', () => {
  const gone = trainedEvidence(vocabulary, answer)[2] ?? [];
  for (const { mass } of gone) expect([...mass.masses.keys()]).toEqual([vocabulary.frame.whole]);
  expect(trainedEvidence(vocabulary, { ...answer, members: {} })).toEqual([]);
  const { svm } = answer.members;
  const alone = trainedEvidence(vocabulary, { ...answer, members: { svm } });
  expect(alone.map((each) => each.length)).toEqual([1, 1, 1]);
});

test('an opaque column is what the trained members say, and a clear one is not', () => {
  const [learned = []] = trainedEvidence(vocabulary, answer);
  expect(classify({ name: 'c1', values: ['north', 'south'] }, learned).decision.predicted).toBe('REGION');
  const clear = classify({ name: 'email', values: ['ada@example.com', 'bob@example.org'] }, learned);
  expect(clear).toMatchObject({ decision: { predicted: 'EMAIL' }, challenge: { code: 'EMAIL' } });
});
