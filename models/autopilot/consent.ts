/** Asking first: what a person wants to be asked about is proposed as a question before it is done. */

import type { Decision } from './decision.ts';
import { unable } from './decision.ts';
import type { StageView } from './stage-view.ts';
import type { Wishes } from './wishes.ts';

/** Words of a request to be asked, by what is about to be done. */
const TOPICS = {
  explore: /\b(target|predict\w*|drop\w*|remov\w*|leav\w*|exclud\w*|columns?|explor\w*|eda|report)\b/,
  prepare: /\b(split\w*|prep\w*|clean\w*|imput\w*|encod\w*|rows?|duplicates?|missing)\b/,
  train: /\b(train\w*|fit\w*|model\w*|metric\w*|test\w*|tun\w*|choos\w*|candidates?)\b/,
};
export type Topic = keyof typeof TOPICS;

const GO_ON = 'Go on';
const STOP = 'Stop here';

/**
 * The question that a wish demands before `topic`, null when none does or it was answered with consent. A request that
 * names nothing known is asked about in every stage. An answer may hold wishes: they change the proposal, and a changed
 * proposal is asked about anew.
 */
export function askFirst(view: StageView, wishes: Wishes, topic: Topic, proposal: string): Decision | null {
  const wish = wishes.askFirst.findLast((sentence) => concerns(sentence, topic));
  if (wish === undefined) return null;
  const question = `You asked to be asked first (“${wish}”). ${proposal} Shall I go on? You may also say what to do otherwise.`;
  const answer = view.answers.findLast((each) => each.question === question)?.text;
  if (answer === undefined)
    return { do: 'ask', say: 'I ask before I go on.', question, choices: [GO_ON, STOP] };
  if (!/^\s*(no\b|stop|don.?t|do not|cancel|wait)/i.test(answer)) return null;
  return unable(
    `You said “${answer}” when I asked before going on. Say in a message what should be done otherwise and start the stage again.`,
  );
}

function concerns(sentence: string, topic: Topic): boolean {
  const words = sentence.toLowerCase();
  if (TOPICS[topic].test(words)) return true;
  return !Object.values(TOPICS).some((pattern) => pattern.test(words));
}
