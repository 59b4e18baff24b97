/** What is told as done is what the final wishes hold: orders that are taken back or overruled are not. */

import { acknowledge } from '../answering/acknowledgement.ts';
import { viewStage } from '../stage-view.ts';
import {
  explorationHears,
  namesOf,
  SPOKEN_TABLES,
  type SpokenTable,
  statesOf,
  trainingHears,
} from '../testing/spoken.ts';
import { readWishes } from './wishes.ts';

const TITANIC = SPOKEN_TABLES.titanic as SpokenTable;
const PREPARED = {
  target_column: 'survived',
  metric: 'log_loss',
  metric_reason: 'it counts confident errors',
  feature_columns: ['age', 'fare'],
  total_rows: 10,
  train_rows: 6,
  val_rows: 2,
  test_rows: 2,
};
const NAMES = namesOf(TITANIC);

/** All that a person says before the stage begins is heard in its first turn. */
function answerTo(sentences: readonly string[]): string {
  const [begin, ...rest] = explorationHears(TITANIC, []);
  if (begin === undefined) throw new Error('no brief');
  const messages = sentences.map((text) => ({
    role: 'user' as const,
    content: [{ type: 'text' as const, text }],
  }));
  const turns = [[], rest.slice(0, 2), rest];
  return turns.map((found) => acknowledge(viewStage([begin, ...messages, ...found]))).join(' ');
}

const wishesOf = (sentences: readonly string[]): string[] =>
  [...statesOf(readWishes(sentences, NAMES))].sort();

test.each([
  [['leave out age', 'undo that'], /I leave out `age`|no change of yours/, /I take the last change back/],
  [
    ['use only age and sex', 'undo that'],
    /alone and leave out|no change of yours/,
    /I take the last change back/,
  ],
  [['use log loss', 'undo that'], /judged by log_loss|no change of yours/, /I take the last change back/],
  [['leave out age', 'keep age'], /I leave out `age`/, /`age` stays in/],
  [['use log loss', 'use accuracy'], /judged by log_loss/, /judged by accuracy/],
  [
    ['leave out age and fare', 'keep age'],
    /I leave out `age`/,
    /I leave out `fare`. What you said later goes/,
  ],
  [
    ['no boosting', 'use boosting'],
    /does not try/,
    /compares gradient boosting|compares the gradient boosting/,
  ],
])('%j before the stage starts', (sentences, never, answer) => {
  const say = answerTo(sentences);
  expect(say).not.toMatch(never);
  expect(say.replaceAll('You said “undo that”', '“undo that”')).toMatch(answer);
});

test.each([
  [['use log loss', 'forget what I said about log loss'], []],
  [['forget what I said about log loss'], []],
  [['use log loss', 'forget about log loss'], []],
  [['use log loss', 'never mind the log loss'], []],
  [['use log loss', 'cancel log loss'], []],
  [['use log loss', 'undo the log loss'], []],
  [['use log loss', 'please forget what I said about the metric'], []],
  [['leave out age', 'forget what I told you about age'], []],
  [['leave out age and fare', 'disregard what I said about age'], ['out:fare']],
  [['use only age and sex', 'forget what I said about sex'], ['only:age']],
  [['use boosting', 'ignore what I said about boosting'], []],
  [['no boosting', 'forget what I said about boosting'], []],
  [['use log loss', 'Forget log loss, use accuracy'], ['metric:accuracy']],
  [['leave out age', 'forget what I said about snorfle'], ['out:age']],
  [['use log loss', 'Should we forget about log loss?'], ['metric:log_loss']],
  [['leave out age', 'forget what I said about age', 'undo that'], ['out:age']],
  [['Drop sex, no wait, drop age.', 'undo that'], []],
])('%j comes to %j', (sentences, wishes) => {
  expect(wishesOf(sentences)).toEqual(wishes);
});

test('what is revoked is said, and what cannot be is asked about', () => {
  expect(answerTo(['forget what I said about log loss'])).toMatch(/said before of log_loss counts no more/);
  expect(answerTo(['forget what I said about snorfle'])).toMatch(/nothing changes/);
});

test.each([
  ['Drop fare. Actually, keep it.', ['in:fare']],
  ['Drop fare and age. Actually, keep them.', ['in:age', 'in:fare']],
  ['Drop fare and age. Actually, keep it.', ['out:age', 'out:fare']],
  ['Drop fare. Is age useful? Keep it.', ['out:fare']],
  ['I don’t want you to use cabin.', ['out:cabin']],
  ['I do not want the model to use cabin', ['out:cabin']],
  ['I don’t want you to drop age.', ['in:age']],
  ['You do not need to drop age.', ['in:age']],
  ['Could we skip the name column, and would you use log loss please', ['metric:log_loss', 'out:name']],
  ['Could we skip the name column, and would you use log loss?', []],
  ['Please tell me, could we drop age?', []],
])('“%s” comes to %j', (sentence, wishes) => {
  expect(wishesOf([sentence])).toEqual(wishes);
});

test.each([
  ['use f1', 'judged by f1_macro, because you asked for it'],
  ['use accuracy', 'judged by accuracy, because you asked for it'],
  ['use rmse', 'judged by log_loss, because it counts confident errors'],
])('after “%s” in training the reason told is of the metric in force', (order, reason) => {
  const path = 'prep/data/metadata.json';
  const say = acknowledge(
    viewStage([
      ...trainingHears(TITANIC, [`${order}. Why log loss?`], 'log_loss'),
      { role: 'assistant', content: [{ type: 'tool_use', id: 'r', name: 'read_file', input: { path } }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'r', content: JSON.stringify(PREPARED) }],
      },
    ]),
  );
  expect(say).toContain(reason);
  expect(say.match(/judged by/g)).toHaveLength(1);
});
