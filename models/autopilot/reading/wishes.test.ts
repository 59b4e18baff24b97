import type { ModelMessage } from '../../../core/ports/model.ts';
import { acknowledge } from '../answering/acknowledgement.ts';
import { viewStage, withWords } from '../stage-view.ts';
import { askFirst } from '../stages/consent.ts';
import { outcomeOf } from './clause-outcome.ts';
import { readClauses } from './clauses.ts';
import { knownColumns } from './known-columns.ts';
import { readMetric, unmetMetric } from './metrics-named.ts';
import { readWishes } from './wishes.ts';

const NAMES = ['island', 'species', 'sex'];
const brief = (stage: string, more = '') =>
  `# Stage: ${stage}\n\n\`\`\`json facts\n${JSON.stringify({ stage, files: ['birds.csv'] })}\n\`\`\`${more}`;

function conversation(stage: string, messages: string[], more = ''): ModelMessage[] {
  const content = [brief(stage, more), ...messages].map((text) => ({ type: 'text' as const, text }));
  return [{ role: 'user', content }];
}

test.each([
  ['use f1_macro', 'f1_macro'],
  ['optimise recall', 'balanced_accuracy'],
  ['balance precision and recall', 'f1_macro'],
  ['use accuracy, not AUC', 'accuracy'],
  ['do not use accuracy but log loss', 'log_loss'],
  ['judge it by ROC-AUC', 'roc_auc'],
  ['judge it by MCC', null],
  ['nothing of the kind', null],
])('%s is judged by %s', (sentence, metric) => {
  expect(readMetric(sentence)).toBe(metric);
});

test('a measure that stands in for another says why; one that cannot be used leaves the one before it', () => {
  const recall = readWishes(['optimise recall', 'and look at PR AUC'], NAMES);
  expect(recall.metricNote).toMatch(/stands in for it/);
  expect(recall).toMatchObject({ metric: 'balanced_accuracy', unknownMetric: 'pr auc' });
  expect(unmetMetric(recall, 'binary')[0]).toMatch(
    /by pr auc here; it can be by accuracy, balanced_accuracy/,
  );
  expect(unmetMetric(readWishes(['use rmse'], NAMES), 'binary')[0]).toMatch(/does not fit a binary target/);
  expect(unmetMetric(readWishes(['use f1'], NAMES), 'binary')).toEqual([]);
});

test('a column that is to be kept is remembered until it is to be left out', () => {
  expect(readWishes(['Keep island.'], NAMES)).toMatchObject({ excluded: [], included: ['island'] });
  expect(readWishes(['Keep island.', 'Leave out island.'], NAMES)).toMatchObject({
    excluded: ['island'],
    included: [],
  });
});

test('what to ask about first is no order to do it', () => {
  expect(readWishes(['Ask me before you drop island.'], NAMES)).toMatchObject({
    excluded: [],
    askFirst: ['Ask me before you drop island.'],
  });
});

describe('asking first', () => {
  const wishes = readWishes(['Ask me before training.'], NAMES);
  const view = (answer?: string, stage = 'train') => {
    const messages = conversation(stage, []);
    if (answer === undefined) return viewStage(messages);
    const action = askFirst(viewStage(messages), wishes, {
      topic: 'train',
      proposal: 'I would fit a tree.',
    });
    if (action?.do !== 'ask') throw new Error('nothing was asked');
    const input = { question: action.question };
    messages.push({ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'ask_user', input }] });
    messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: answer }] });
    return viewStage(messages);
  };

  test('the stage concerned proposes and waits; others go on', () => {
    const proposal = 'I would fit a tree.';
    expect(askFirst(view(), wishes, { topic: 'train', proposal })).toMatchObject({
      do: 'ask',
      question: expect.stringContaining('“Ask me before training.”). I would fit a tree.'),
    });
    const exploring = view(undefined, 'eda');
    expect(askFirst(exploring, wishes, { topic: 'explore', proposal })).toBeNull();
    expect(
      askFirst(exploring, readWishes(['Ask me first.'], NAMES), { topic: 'explore', proposal })?.do,
    ).toBe('ask');
  });

  test('consent lets it go on, refusal ends the stage, a changed proposal is asked about anew', () => {
    const proposal = 'I would fit a tree.';
    expect(askFirst(view('Go on'), wishes, { topic: 'train', proposal })).toBeNull();
    expect(askFirst(view('Stop here'), wishes, { topic: 'train', proposal })).toMatchObject({
      do: 'finish',
      unable: expect.stringContaining('start the stage again'),
    });
    expect(
      askFirst(view('Use f1 instead'), wishes, { topic: 'train', proposal: 'I would fit a bush.' })?.do,
    ).toBe('ask');
    expect(view('Use f1 instead').messages).toContain('Use f1 instead');
  });
});

test('words of one stage reach the stages after it', () => {
  const first = viewStage(conversation('prep', ['Use f1_macro.\nAsk me before training.']));
  const handed = withWords('Splits are ready.', first);
  const second = viewStage(conversation('train', [], `\n\n## What the prep stage handed over\n\n${handed}`));
  expect(readWishes(second.messages, NAMES)).toMatchObject({
    metric: 'f1_macro',
    askFirst: ['Ask me before training.'],
  });
  expect(second.stageMessages).toEqual([]);
});

test('a message is answered by what becomes of it', () => {
  const acknowledged = (stage: string, text: string) => acknowledge(viewStage(conversation(stage, [text])));
  expect(acknowledged('train', 'Use f1_macro.')).toContain('You said “Use f1_macro.”: noted;');
  expect(acknowledged('train', 'Judge it by MCC.')).toMatch(/No model can be chosen by mcc here/);
  expect(acknowledged('train', 'Ask me before training.')).toContain('I ask you before I do that.');
  expect(acknowledged('eda', 'Use a neural network.')).toMatch(/noted.*I follow nothing offline/);
});

describe('what is given as such and what the instructions say', () => {
  const instructions = 'Predict island. Judge it by f1_macro.';
  const facts = { stage: 'eda', files: ['birds.csv'], target: 'species', metric: 'accuracy', instructions };
  const text = `# Stage: eda\n\n\`\`\`json facts\n${JSON.stringify(facts)}\n\`\`\``;
  const view = viewStage([{ role: 'user', content: [{ type: 'text', text }] }]);

  test('what is given wins, and that is said', () => {
    expect(readWishes([instructions], NAMES, facts)).toMatchObject({ target: null, metric: null });
    const clauses = readClauses(instructions, NAMES);
    const known = { ...knownColumns(view), columns: NAMES };
    const outcomes = clauses.map((clause) => outcomeOf(clause, view, { known, given: facts }));
    expect(outcomes).toEqual([
      'The target was given as `species`, which goes before these words: I predict that.',
      'The metric was given as accuracy, which goes before these words: the model is judged by that.',
    ]);
  });

  test('what the person says later wins over both', () => {
    const later = readWishes([instructions, 'predict sex and judge it by log loss'], NAMES, facts);
    expect(later).toMatchObject({ target: 'sex', metric: 'log_loss' });
  });

  test('words that agree with what is given are not contradicted', () => {
    const [clause] = readClauses('Predict species.', NAMES);
    if (!clause) throw new Error('no clause');
    const known = { ...knownColumns(view), columns: NAMES };
    expect(outcomeOf(clause, view, { known, given: facts })).toBe('I predict `species`.');
  });
});
