/** What the scripted model does: an experiment's instructions name the script, `script: NAME` or `script: NAME/KEY`. */

import { existsSync, writeFileSync } from 'node:fs';
import { fail, outOfCredit, type Script, type ScriptedBlock } from '../anthropic-server/script.ts';
import { decidesOwn } from '../platform/decision-keys.ts';
import { obedient } from '../platform/obedient-scripts.ts';
import {
  byStage,
  code,
  finish,
  type ScriptedStages,
  type ScriptedTurn,
  tool,
  VALID_EDA,
} from '../platform/scripted.ts';
import { until } from '../platform/wait.ts';
import { hostileFiles, hostileText } from './hostile-content.ts';
import { heldFile, releaseFile } from './place.ts';

/** What a script is given. */
export interface Cue {
  /** Says its turn only once the test has released KEY. */
  held: (turn: ScriptedTurn) => ScriptedTurn;
  /** True once the test has released KEY. */
  isReleased: () => boolean;
  /** Resolves once the test has released KEY with this at its end. */
  released: (end: string) => Promise<unknown>;
  /** What stands after the script's name. */
  key: string;
}
type Scripted = (cue: Cue) => ScriptedStages;

/** How many steps `counts` takes after its first. */
export const COUNTS = 8;

const say = (text: string): ScriptedBlock => ({ type: 'text', text });
const draw = code('Draw a line', VALID_EDA);

/** What the model of `thinks` thinks; it is held after some words. */
export const THOUGHT =
  'Three species, so accuracy alone may flatter.\n\n<b>I compare</b> it with the commonest class.';
const ASKING_THOUGHT =
  'Body mass runs from 2,700 to 6,300. Kilograms cannot be that large for penguins, but ' +
  'nothing in the file names a unit.';
/** Events of a stream after which some words of the thinking are out. */
const WORDS_ARE_OUT = 9;

const SCRIPTS: Record<string, Scripted> = {
  plain: () => ({ eda: [[draw], [finish('A line was drawn.')]] }),
  asks: () => ({
    eda: [
      [{ type: 'thinking', thinking: ASKING_THOUGHT }, say('The table has 344 rows of three species.'), draw],
      [
        tool('ask_user', {
          question: 'Is body mass in grams or in kilograms?',
          choices: ['Grams', 'Kilograms'],
        }),
      ],
      [
        tool('request_approval', {
          action: 'Leave out two rows without any measurement',
          reason: 'Nothing can be learnt from them.',
        }),
      ],
      [finish('Body mass is in grams; two rows were left out.')],
    ],
  }),
  thinks: ({ held, released }) => ({
    eda: [
      held({
        kind: 'answer',
        content: [
          { type: 'thinking', thinking: THOUGHT },
          say('I look at the classes.'),
          { ...draw, id: 'toolu_thought' },
        ],
        midway: { after: WORDS_ARE_OUT, wait: async () => void (await released('-end')) },
      }),
      [{ type: 'redacted_thinking', thinking: 'sealed' }, finish('Accuracy is told with its baseline.')],
    ],
  }),
  waits: ({ held }) => ({
    eda: [[draw], held([code('Second step', 'print("second")')]), [finish('Two steps were taken.')]],
  }),
  counts: ({ held }) => ({
    eda: [
      held([draw]),
      ...Array.from({ length: COUNTS }, (_, at) => [code(`Count ${at + 1}`, `print(${at + 1})`)]),
      [finish('Counted.')],
    ],
  }),
  outage: ({ isReleased }) => ({
    eda: [
      () => (isReleased() ? [draw] : { ...fail(529), message: 'Overloaded <b>today</b>' }),
      [finish('A line was drawn.')],
    ],
  }),
  credit: ({ isReleased }) => ({
    eda: [() => (isReleased() ? [draw] : outOfCredit()), [finish('A line was drawn.')]],
  }),
  obeys: () => obedient(decidesOwn()),
  circles: () => ({ eda: [[tool('read_file', { path: 'eda/none.txt' })]] }),
  hostile: ({ key }) => ({
    eda: [
      [
        say(hostileText(`http://127.0.0.1:${key}`)),
        code('Write files', hostileFiles(`http://127.0.0.1:${key}`)),
      ],
      [finish(hostileText(`http://127.0.0.1:${key}`))],
    ],
  }),
};

/** A script for the model's server that plays each session by its instructions. */
export function scripts(home: string): Script {
  return (request, call) => {
    const [, name = 'plain', key = ''] =
      /script: (\w+)(?:\/([\w-]+))?/.exec(JSON.stringify(request.messages[0])) ?? [];
    const released = (end: string) =>
      until(`${key}${end} is released`, () => existsSync(releaseFile(home, `${key}${end}`)), 120);
    const held =
      (turn: ScriptedTurn): ScriptedTurn =>
      async (asked) => {
        writeFileSync(heldFile(home, key), '');
        await released('');
        const reply = typeof turn === 'function' ? await turn(asked) : turn;
        return Array.isArray(reply) ? { kind: 'answer', content: reply } : reply;
      };
    const isReleased = () => existsSync(releaseFile(home, key));
    return byStage(SCRIPTS[name]?.({ held, isReleased, released, key }) ?? {})(request, call);
  };
}
