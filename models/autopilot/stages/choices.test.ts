/** An answer by a question's own choice is understood, whatever words it is made of; it is told of nothing else. */

import type { ModelMessage } from '../../../core/ports/model.ts';
import { acknowledge } from '../answering/acknowledgement.ts';
import type { Findings } from '../facts.ts';
import { NO_WISHES, readWishes } from '../reading/wishes.ts';
import { TARGET_QUESTION, viewStage, YOU_CHOOSE } from '../stage-view.ts';
import { choiceTable } from './choice-table.ts';
import { askChoice, askFirst } from './consent.ts';
import { metricChoice } from './eda.ts';
import { MODEL_TITLES, modelChoice, modelChosen } from './model-choice.ts';

const NAMES = Object.keys(MODEL_TITLES).filter((name) => name !== 'dummy');
const COMPARED: Findings<'train_compare'> = {
  metric: 'accuracy',
  best: 'boosting',
  within_one_se: ['boosting'],
  beats_dummy: true,
  failed: [],
  candidates: NAMES.map((name) => ({ name, title: name, mean: 0.9, sd: 0.1, se: 0.01 })),
};

/** A stage whose question was answered. */
function answered(question: string, choices: readonly string[], answer: string) {
  const facts = { stage: 'train', files: ['a.csv'] };
  const messages: ModelMessage[] = [
    { role: 'user', content: [{ type: 'text', text: `\`\`\`json facts\n${JSON.stringify(facts)}\n\`\`\`` }] },
    {
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'a', name: 'ask_user', input: { question, choices: [...choices] } }],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: answer }] },
  ];
  return viewStage(messages);
}

test.each(NAMES)('the candidate %s by its title and by its own name', (name) => {
  const choice = modelChoice(COMPARED, 'boosting');
  for (const answer of [MODEL_TITLES[name] ?? name, name, (MODEL_TITLES[name] ?? name).toUpperCase()]) {
    const view = answered(choice.question, choice.choices, answer);
    expect(modelChosen(view, COMPARED)).toBe(name);
    expect(choice.names(answer)).toBe(true);
  }
  const view = answered(choice.question, choice.choices, MODEL_TITLES[name] ?? name);
  expect(acknowledge(view)).not.toMatch(/nothing in it|do not understand/);
  expect(view.messages).toEqual([]);
});

test.each(metricChoice('roc_auc', null, 'binary').choices)('the metric %s', (metric) => {
  const choice = metricChoice('roc_auc', null, 'binary');
  const view = answered(choice.question, choice.choices, metric);
  expect(readWishes(view.messages, []).metric).toBe(metric);
});

test.each(['Why?', 'leave out', 'age. Then', 'a, b and c', 'is it?', 'größe', 'nicht', 'You choose to'])(
  'the target “%s”',
  (name) => {
    const view = answered(TARGET_QUESTION, [name, 'other'], name);
    expect(readWishes(view.messages, [name, 'other'])).toEqual({ ...NO_WISHES, target: name });
  },
);

test('what leaves the choice to the agent is no wish, and nothing is said of it', () => {
  for (const question of [TARGET_QUESTION, modelChoice(COMPARED, 'boosting').question]) {
    const view = answered(question, ['a', YOU_CHOOSE], YOU_CHOOSE);
    expect(view.messages).toEqual([]);
    expect(acknowledge(view)).toBe('');
  }
});

test('who asks back is answered and asked again, however often', () => {
  const wishes = { ...NO_WISHES, askFirst: ['Ask me which model it is.'] };
  const choice = modelChoice(COMPARED, 'boosting');
  const question = `You asked to be asked first (“Ask me which model it is.”). ${choice.proposal} ${choice.question}`;
  const view = answered(question, choice.choices, 'why not a forest?');
  const words = { text: wishes.askFirst[0] ?? '', quote: '', stage: 'train' as const, turn: 0 };
  const asked = Array.from({ length: 5 }, () => ({ question, text: 'why not a forest?' }));
  const again = askChoice({ ...view, words: [words], answers: asked }, wishes, choice);
  expect(again?.do).toBe('ask');
  const unread = asked.map(({ question: each }) => ({ question: each, text: 'I like pie' }));
  expect(askChoice({ ...view, words: [words], answers: unread }, wishes, choice)?.do).toBe('finish');
});

test.each([
  ['why not a forest?', 'Which model should it be?'],
  ['why not age?', TARGET_QUESTION],
  ['is log loss better?', 'Which metric should it be?'],
])('a question is no answer: “%s”', (text, question) => {
  const view = answered(question, ['random forest', 'age', 'log_loss'], text);
  expect(modelChosen(view, COMPARED)).toBeNull();
  expect(readWishes(view.messages, ['age'])).toEqual(NO_WISHES);
});

test('to go on and to stop are understood', () => {
  const wishes = { ...NO_WISHES, askFirst: ['Ask me first.'] };
  const proposal = { topic: 'train' as const, proposal: 'I would fit a tree.' };
  const words = { text: 'Ask me first.', quote: '', stage: 'train' as const, turn: 0 };
  const first = askFirst({ ...answered('', [], ''), words: [words], answers: [] }, wishes, proposal);
  if (first?.do !== 'ask') throw new Error('nothing was asked');
  const after = (text: string) =>
    askFirst(
      { ...answered('', [], ''), words: [words], answers: [{ question: first.question, text }] },
      wishes,
      proposal,
    );
  expect(after(first.choices[0] ?? '')).toBeNull();
  expect(after(first.choices[1] ?? '')?.do).toBe('finish');
});

test('a question names its choices with what comes of each, the recommended one first with its reason', () => {
  const wishes = { ...NO_WISHES, askFirst: ['Ask me which model it is.'] };
  const words = { text: 'Ask me which model it is.', quote: '', stage: 'train' as const, turn: 0 };
  const asked = askChoice(
    { ...answered('', [], ''), words: [words], answers: [] },
    wishes,
    modelChoice(COMPARED, 'boosting'),
  );
  if (asked?.do !== 'ask') throw new Error('nothing was asked');
  expect(asked.choices[0]).toBe('gradient boosting');
  expect(asked.question).toMatch(
    /\n\| --- \| --- \|\n\| gradient boosting \(recommended\) \| accuracy 0\.900 .*: it scores best/,
  );
  expect(asked.question).toMatch(/\n\| random forest \| accuracy 0\.900/);
  expect(asked.question.length).toBeLessThanOrEqual(2_000);
  expect(choiceTable([{ choice: 'a|b\nc', means: 'x' }], 'a|b\nc')).toContain(
    '| a\\|b c (recommended) | x |',
  );
});
