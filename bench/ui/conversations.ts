/** Events as an agent's work leaves them: text, scripts with output, files, metrics. */

import type { NewEvent } from '../../core/events.ts';
import { STAGES } from '../../core/stages.ts';

/** What stands in the last row, by which a page is known to have drawn it. */
export const LAST_WORDS = 'This is the last message of the bench.';

const PROSE = [
  'The table has **344 rows** and 7 columns; `species` is what is asked for.',
  'Two columns miss values:\n\n| column | missing |\n| --- | ---: |\n| sex | 11 |\n| ' +
    'body_mass_g | 2 |\n\nThey are filled from the training rows alone.',
  'Next the *candidates* are compared by cross-validation:\n\n1. logistic regression\n2. a ' +
    'forest\n3. boosting\n\nThe score is balanced accuracy.',
  'The split is stratified. Nothing of the test rows is looked at before the end, so what they say is honest.',
];
const SOURCE = Array.from(
  { length: 30 },
  (_, line) => `frame_${line} = table.groupby("island")["body_mass_g"].agg(["mean", "std"])`,
).join('\n');
const OUTPUT = Array.from({ length: 12 }, (_, line) => `${line}  Biscoe  4716.${line}  782.8`).join('\n');

/** About `count` events of a session that ran its stages. */
export function studioEvents(count: number): NewEvent[] {
  const events: NewEvent[] = [];
  const share = Math.floor((count - 8) / STAGES.length);
  for (const stage of STAGES) {
    const at = { stage, run: 1 };
    const end = events.length + share;
    events.push({ ...at, key: `${stage}/begin`, type: 'state_change', data: { state: `${stage}_running` } });
    for (let turn = 0; events.length < end; turn += 1)
      events.push(...turnEvents(`${stage}/${turn}`, turn, at));
    const parts = Array.from({ length: 40 }, (_, part) => `## Part ${part}\n\n${PROSE[part % 4]}`);
    const content = [`# ${stage}`, ...parts].join('\n\n');
    events.push({ ...at, key: `${stage}/report`, type: 'report_ready', data: { content, stage } });
    events.push({ ...at, key: `${stage}/done`, type: 'state_change', data: { state: `${stage}_done` } });
  }
  return [...events, lastMessage()];
}

/** `count` rows of a conversation: prose of several lengths, and calls of tools in between. */
export function messageEvents(count: number): NewEvent[] {
  const events: NewEvent[] = [];
  for (let row = 0; row < count - 1; row += 1) {
    const key = `row/${row}`;
    if (row % 4 === 3) events.push(...callEvents(key, row, { stage: 'train', run: 1 }));
    else events.push(message(key, row));
  }
  return [...events, lastMessage()];
}

type At = Pick<NewEvent, 'stage' | 'run'>;

function turnEvents(key: string, turn: number, at: At): NewEvent[] {
  const items = Array.from({ length: 20 }, (_, point) => ({
    ...{ step: turn * 20 + point, name: 'loss', value: 1 / (turn + point + 1), stage: at.stage ?? 'eda' },
    run_tag: '',
  }));
  return [
    { ...message(key, turn), ...at },
    ...callEvents(key, turn, at),
    { ...at, key: `${key}/metrics`, type: 'metrics_batch', data: { items } },
    { ...at, key: `${key}/usage`, type: 'usage', data: { turn, tokens: 4_000, cost: 0.01 } },
  ];
}

const message = (key: string, place: number): NewEvent => ({
  ...{ key: `${key}/message`, type: 'agent_message', stage: 'train', run: 1 },
  data: { message: key, text: `${place}. ${PROSE[place % PROSE.length]}` },
});

const lastMessage = (): NewEvent =>
  ({ ...message('last', 0), data: { message: 'last', text: LAST_WORDS } }) as NewEvent;

function callEvents(key: string, place: number, at: At): NewEvent[] {
  const step = `${key}/step`;
  const tool = 'execute_code';
  const call = {
    step,
    tool,
    title: `Look at part ${place}`,
    input: { title: `Part ${place}`, code: SOURCE },
  };
  const output = { step, execution: 1, stream: 'stdout' as const, offset: 0, text: OUTPUT };
  return [
    { ...at, key: `${key}/start`, type: 'tool_start', data: call },
    { ...at, key: `${key}/output`, type: 'code_output', data: output },
    {
      ...at,
      key: `${key}/end`,
      type: 'tool_end',
      data: { step, tool, ok: true, output: OUTPUT, duration_ms: 900 },
    },
  ];
}
