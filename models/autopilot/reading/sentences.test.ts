/**
 * That no sentence of a person's is dropped: each is followed, refused with its reason, or asked back, in every
 * stage.
 */

import type { ModelMessage } from '../../../core/ports/model.ts';
import { acknowledge } from '../answering/acknowledgement.ts';
import { viewStage } from '../stage-view.ts';
import { isUnderstood } from './clause.ts';
import { readClauses } from './clauses.ts';
import { readWishes } from './wishes.ts';

const COLUMNS = ['rides', 'member', 'temp', 'wind speed', 'day_of_week', 'hour'];
const FEATURES = COLUMNS.filter((name) => name !== 'rides');

/** Sentences, what they leave out, and what the model says of each in the preparation, when all columns are known. */
const SENTENCES: [sentence: string, excluded: string[], answer: RegExp][] = [
  ['Please avoid the column member', ['member'], /I leave out `member`\. Say “undo” to take it back/],
  ['exclude "member"', ['member'], /I leave out `member`/],
  ['Drop member, temp and hour.', ['member', 'temp', 'hour'], /I leave out `member`, `temp` and `hour`/],
  ['ignore the features `member` & wind_speed', ['member', 'wind speed'], /leave out .*`wind speed`/],
  ['Train without day of week.', ['day_of_week'], /leave out `day_of_week`/],
  ["Don't use member or hour.", ['member', 'hour'], /leave out `member` and `hour`/],
  ['don’t use the column "wind speed"', ['wind speed'], /leave out .*`wind speed`/],
  ['Leave member out, please.', ['member'], /leave out `member`/],
  [
    'leave out member, use mae as metric, then go on',
    ['member'],
    /leave out `member`.*judged by mae.*I go on/,
  ],
  ['The column temp should be left out.', ['temp'], /leave out `temp`/],
  ['member and hour must not be used', ['member', 'hour'], /leave out `member` and `hour`/],
  ['Use all columns except temp.', ['temp'], /leave out `temp`/],
  ['Get rid of the useless column hour', ['hour'], /leave out `hour`/],
  ['Drop member because it leaks the answer.', ['member'], /leave out `member`/],
  [
    'Leave out member and foo.',
    [],
    /I know no column “foo”: which do you mean\?.*Nothing changes until you say/,
  ],
  [
    'Leave out membership.',
    [],
    /I know no column “membership”: which do you mean\? The columns are `member`/,
  ],
  ['Leave out rides.', ['rides'], /`rides` is what is predicted, so it stays/],
  ['Drop rows with missing temp.', [], /not rows or values/],
  ['Do not drop member.', [], /`member` stays in/],
  ['Keep the column hour.', [], /`hour` stays in/],
  ['Use only temp and hour.', [], /I use `temp` and `hour` alone and leave out the others/],
  ['Drop everything except temp.', [], /I use `temp` alone and leave out the others/],
  [
    'Predict member.',
    [],
    /“predict `member`” concerns the exploration, which runs again when this stage has ended/,
  ],
  ['Predict the weather.', [], /I know no column in it to predict/],
  ['Ask me which metric matters.', [], /I ask you before I do that/],
  ['Check with me about the model.', [], /I ask you before I do that/],
  ['Ask me which column to predict.', [], /settled in an earlier stage, so I cannot ask/],
  ['Leave out hour, and ask me before the end.', ['hour'], /leave out `hour`.*I ask you before I do that/],
  ['Before you drop member, ask me.', [], /I ask you before I do that/],
  ['Do not ask me anything.', [], /I ask nothing/],
  ['Judge it by MCC.', [], /No model can be chosen by mcc here; it can be by r2/],
  ['Optimise accuracy.', [], /accuracy was asked for, but does not fit a regression target/],
  ['Use a neural network.', [], /I have no neural network to order, so nothing changes/],
  ['Make it pretty.', [], /nothing in it that I can follow.*I follow nothing offline/],
  ['The data is from 2023.', [], /nothing in it that I can follow/],
  ['Pretty plots would be nice!', [], /nothing in it that I can follow/],
];

const marked = (name: string) => `# playbook ${name} 0123456789ab\n`;
const AUDIT = {
  ...{ problem_type: 'regression', target: 'rides', metric: 'r2', features: FEATURES, leaks: {}, drop: {} },
  ...{ feature_count: FEATURES.length, high_cardinality: [], with_missing: [], drop_duplicates: true },
  split: { strategy: 'random', by: null },
};

/** A preparation that has checked the decisions, then hears `words` as a message or as the answer to a question. */
function heard(words: string, as: 'message' | 'answer'): ModelMessage[] {
  const facts = { stage: 'prep', files: ['rides.csv'] };
  const found = `exit: ok\nstdout:\n=== findings ===\n${JSON.stringify(AUDIT)}\n=== end of findings ===`;
  const audit = { code: marked('prep_audit') };
  const messages: ModelMessage[] = [
    { role: 'user', content: [{ type: 'text', text: `\`\`\`json facts\n${JSON.stringify(facts)}\n\`\`\`` }] },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'execute_code', input: audit }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: found }] },
  ];
  const question = { question: 'Shall I go on?' };
  const call = { type: 'tool_use' as const, id: 'b', name: as === 'answer' ? 'ask_user' : 'list_files' };
  messages.push({ role: 'assistant', content: [{ ...call, input: as === 'answer' ? question : {} }] });
  const content = as === 'answer' ? words : 'ok';
  const result = { type: 'tool_result' as const, tool_use_id: 'b', content };
  const text = as === 'message' ? [{ type: 'text' as const, text: words }] : [];
  messages.push({ role: 'user', content: [result, ...text] });
  return messages;
}

test.each(SENTENCES)('“%s” is read', (sentence, excluded) => {
  expect(readWishes([sentence], COLUMNS).excluded).toEqual(excluded);
});

test.each(SENTENCES)('“%s” is answered, as a message and as an answer', (sentence, _excluded, answer) => {
  for (const as of ['message', 'answer'] as const)
    expect(acknowledge(viewStage(heard(sentence, as)))).toMatch(answer);
});

test('every sentence of a long message gets its own answer', () => {
  const all = SENTENCES.map(([sentence]) => sentence.replace(/[.!]?$/, '.')).join(' ');
  const answer = acknowledge(viewStage(heard(all, 'message')));
  for (const clause of readClauses(all, COLUMNS)) expect(answer).toContain(`“${clause.text}”: `);
});

test('words of instructions wait for the columns and are then answered, once', () => {
  const facts = { stage: 'eda', files: ['rides.csv'], instructions: 'Avoid member. Be quick about it.' };
  const messages: ModelMessage[] = [
    { role: 'user', content: [{ type: 'text', text: `\`\`\`json facts\n${JSON.stringify(facts)}\n\`\`\`` }] },
  ];
  expect(acknowledge(viewStage(messages))).toBe('');
  const columns = COLUMNS.map((name) => ({ name, kind: 'number', distinct: 50, flags: [] }));
  const read = { file: 'rides.csv', format: 'csv', header: true };
  const findings = JSON.stringify({ read, column_count: columns.length, columns });
  const speak = (name: string, content: string) => {
    const call = { type: 'tool_use' as const, id: name, name: 'execute_code', input: { code: marked(name) } };
    messages.push({ role: 'assistant', content: [call] });
    messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: name, content }] });
    return acknowledge(viewStage(messages));
  };
  const answer = speak('eda_profile', `exit: ok\n=== findings ===\n${findings}\n=== end of findings ===`);
  expect(answer).toMatch(
    /“Avoid member\.”: I leave out `member`\. “Be quick about it\.”: I find nothing in it/,
  );
  expect(speak('eda_relations', 'exit: error')).toBe('');
});

test('what was said between two stages is answered and followed in the next one', () => {
  const messages = heard('Go on', 'answer');
  const brief = messages[0]?.content[0];
  if (brief?.type !== 'text') throw new Error('no brief');
  brief.text += '\n\n## Said by the person since\n\n- Please avoid the column member';
  expect(acknowledge(viewStage(messages.slice(0, 1)))).toMatch(
    /noted; I read it again when I know the columns/,
  );
  const view = viewStage(messages.slice(0, 3));
  expect(acknowledge(view)).toMatch(/avoid the column member”: I leave out `member`/);
  expect(readWishes(view.messages, COLUMNS).excluded).toEqual(['member']);
});

test('mere consent needs no answer', () => {
  for (const text of ['Go on', 'yes, please go on', 'OK, thanks!', 'Sounds good.']) {
    expect(readClauses(text, COLUMNS).every((clause) => clause.consent && isUnderstood(clause))).toBe(true);
    expect(acknowledge(viewStage(heard(text, 'answer')))).toBe('');
  }
});
