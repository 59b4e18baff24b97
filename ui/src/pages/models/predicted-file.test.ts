import { predictedWords, readPredicted } from './predicted-file.ts';

const features = ['mass', 'island', 'year'].map((name) => ({ name, type: 'number' }));

test('the answer to a file is counted, with what the file lacked and what was not used', () => {
  const text = `mass,note,predicted_species,probability_a\n1,"a ""b"", c\nd",x,0.5\n2,,y,0.75\n`;
  const read = readPredicted(text, features, 'species');
  expect(read.rows).toEqual([
    ['1', 'a "b", c\nd', 'x', '0.5'],
    ['2', '', 'y', '0.75'],
  ]);
  expect([read.total, read.missing, read.unused]).toEqual([2, ['island', 'year'], ['note']]);
  expect(predictedWords(read)).toEqual([
    '2 rows predicted.',
    'Not in the file, so counted as missing: island, year.',
    'In the file and not used: note.',
  ]);
});

test('a file of many rows shows its first', () => {
  const lines = Array.from({ length: 100 }, (_, at) => `${at},1,2,z`);
  const read = readPredicted(
    `mass,island,year,predicted_species\n${lines.join('\n')}\n`,
    features,
    'species',
  );
  expect([read.rows.length, read.total, predictedWords(read)]).toEqual([5, 100, ['100 rows predicted.']]);
});

test('what the platform says of a file is shown before it is downloaded', () => {
  const read = readPredicted('mass,predicted_species\n1,x\n', features, 'species');
  const remarks = [
    'island is not in the file: it counts as missing in every row.',
    'mass is about 7 here (distance 0.41).',
  ];
  expect(predictedWords({ ...read, remarks })).toEqual(['1 row predicted.', ...remarks]);
  const many = Array.from({ length: 30 }, (_, at) => `column ${at} is not in the file.`);
  const words = predictedWords({ ...read, remarks: many });
  expect([words.length, words.at(-1)]).toEqual([14, 'And 18 more of the kind.']);
});
