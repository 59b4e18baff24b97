/** Asking first: what a person wants to be asked about is proposed as a question before it is done. */

import type { NextAction } from '../next-action.ts';
import { unable } from '../next-action.ts';
import { pointsOf, type Topic } from '../reading/ask-words.ts';
import { asksSomething, type Clause, isUnderstood } from '../reading/clause.ts';
import { asksOnly, NO_COLUMNS, readClauses } from '../reading/clauses.ts';
import type { Wishes } from '../reading/wishes.ts';
import { isSame, YOU_CHOOSE } from '../stage-view.ts';
import type { StageView } from '../view.ts';
import { CARING, LEAVING_IT, REFUSING } from '../vocabulary/consent.ts';
import { oneOf } from '../vocabulary/lines.ts';
import { type Consequence, choiceTable, recommendedFirst } from './choice-table.ts';

const GO_ON = 'Go on';
const STOP = 'Stop here';
/** A question whose answers cannot be read is asked so often; then the stage ends. */
const MOST_ASKED = 3;
/** Characters of a question; the tool takes no more. */
const LONGEST_QUESTION = 2_000;
const REFUSAL = new RegExp(`^\\s*(?:no\\b|don.?t|${oneOf(REFUSING)})`, 'i');
const LEFT_TO_US = new RegExp(`\\b(?:${oneOf(LEAVING_IT)}|do(?: not|n.?t) ${oneOf(CARING)})\\b`, 'i');

/** A question with answers to choose from. */
export interface Choice {
  topic: Topic;
  /** What would be chosen unasked; a whole sentence. */
  proposal: string;
  /** How the question ends. */
  question: string;
  choices: readonly string[];
  /** The choice that the proposal is. */
  recommended: string;
  /** What comes of each, where it can be told. */
  consequences: readonly Consequence[];
  /** True when the answer names one of the choices. */
  names: (answer: string) => boolean;
}

/** What would be done next, which a wish may want to be asked about. */
export interface Proposal {
  topic: Topic;
  /** Whole sentences. */
  proposal: string;
  /** Of the table, as an answer may name them. */
  columns?: readonly string[];
}

/**
 * The question that a wish demands before `topic`, null when none does or it was answered with consent. A request that
 * names nothing known is asked about in every stage. An answer may hold wishes: they change the proposal, and a changed
 * proposal is asked about anew, unless the answer said to go on. An answer that cannot be read is asked back.
 */
export function askFirst(
  view: StageView,
  wishes: Wishes,
  { topic, proposal, columns = [] }: Proposal,
): NextAction | null {
  const wish = wishFor(view, wishes, topic);
  if (wish === null) return null;
  const ending = topic === 'end' ? 'Shall I end the stage?' : 'Shall I go on?';
  const question =
    `You asked to be asked first (“${wish}”). ${proposal} ${ending} You may also say what to ` +
    'do otherwise.';
  const asked = view.answers.filter((each) => each.question.includes(wish) && each.question.includes(ending));
  const last = asked.at(-1);
  const ask = (before = ''): NextAction => ({
    do: 'ask',
    say: 'I ask before I go on.',
    question: `${before}${question}`,
    choices: [GO_ON, STOP],
  });
  if (last === undefined) return ask();
  const clauses = readClauses(last.text, columns);
  const same = last.question.endsWith(question);
  if (saysNo(last.text, clauses)) return refused(last.text);
  const unclear = clauses.filter((clause) => !isFollowable(clause));
  const hasWish = clauses.some((clause) => isFollowable(clause) && !clause.consent);
  if (unclear.length > 0 && same)
    return askBack(last.text, { asked, ask, how: 'Choose an answer, or say what to do otherwise. ' });
  if (clauses.some((clause) => clause.consent) && (same || hasWish)) return null;
  return same ? null : ask();
}

/** The same for what has answers to choose from; null once it was answered, whatever is proposed since. */
export function askChoice(view: StageView, wishes: Wishes, choice: Choice): NextAction | null {
  const wish = wishFor(view, wishes, choice.topic);
  if (wish === null) return null;
  const asked = view.answers.filter((each) => each.question.endsWith(choice.question));
  const ask = (before = ''): NextAction => ({
    do: 'ask',
    say: 'I ask before I choose.',
    question: questionOf(choice, `${before}You asked to be asked first (“${wish}”). `),
    choices: [...recommendedFirst(choice.choices, choice.recommended).slice(0, 19), YOU_CHOOSE],
  });
  const last = asked.at(-1);
  if (last === undefined) return ask();
  const isOffered = choice.choices.some((each) => isSame(each, last.text));
  const isQuestion = asksOnly(last.text);
  if (isOffered || (!isQuestion && (choice.names(last.text) || LEFT_TO_US.test(last.text)))) return null;
  if (saysNo(last.text, readClauses(last.text, NO_COLUMNS))) return refused(last.text);
  return askBack(last.text, { asked, ask, how: 'I find none of the choices in it. ' });
}

/** With a table of the choices where that is no longer than a question may be. */
function questionOf({ proposal, question, ...choice }: Choice, before: string): string {
  const table = choiceTable(choice.consequences, choice.recommended);
  const whole = `${before}${proposal}${table === '' ? ' ' : table}${question}`;
  return whole.length <= LONGEST_QUESTION ? whole : `${before}${proposal} ${question}`;
}

/** The newest wish that is to be asked about here; null when none is. */
function wishFor(view: StageView, wishes: Wishes, topic: Topic): string | null {
  const stage = view.facts?.stage ?? 'eda';
  const concerns = (wish: string) => {
    const since = view.words.findLast(({ text }) => text.includes(wish))?.stage ?? 'eda';
    return pointsOf(wish, since).some((point) => point.stage === stage && point.topic === topic);
  };
  return wishes.askFirst.findLast(concerns) ?? null;
}

/** True for a refusal that says nothing of what is wanted instead. */
function saysNo(answer: string, clauses: readonly Clause[]): boolean {
  const wants = (clause: Clause) => isUnderstood(clause) || clause.unknownColumn !== null;
  return REFUSAL.test(answer) && !clauses.some(wants);
}

function isFollowable(clause: Clause): boolean {
  const refusedMetric = clause.metric !== null && clause.metric.unknownMetric !== null;
  return isUnderstood(clause) && clause.unknownColumn === null && !refusedMetric;
}

function askBack(
  answer: string,
  {
    asked,
    ask,
    how,
  }: { asked: readonly { text: string }[]; ask: (before: string) => NextAction; how: string },
): NextAction {
  // who asks back is answered, and asked again as often as that is
  const unread = asked.filter(({ text }) => !readClauses(text, NO_COLUMNS).some(asksSomething));
  if (unread.length < MOST_ASKED) return ask(`I cannot follow all of “${answer.slice(0, 200)}”. ${how}`);
  return unable(
    `I asked ${MOST_ASKED} times and could not read the answer, the last being “${answer.slice(0, 200)}”. ` +
      'Say in a message what should be done and start the stage again.',
  );
}

function refused(answer: string): NextAction {
  return unable(
    `You said “${answer}” when I asked before going on. Say in a message what should be done ` +
      'otherwise and start the stage again.',
  );
}
