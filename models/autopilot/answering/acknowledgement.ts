/**
 * What is answered to the person's words: how each clause was understood, what is done, and what cannot be followed. It
 * is said in the turn in which the words come or, where they need the table's columns or something that is looked up,
 * in the turn in which that is known.
 */

import { asksSomething, type Clause, changesSomething, isUnderstood } from '../reading/clause.ts';
import { type Heard, NOTHING_HERE, NOTHING_IN_IT, outcomeOf, shortened } from '../reading/clause-outcome.ts';
import { NO_COLUMNS, readClauses } from '../reading/clauses.ts';
import { type KnownColumns, knownColumns } from '../reading/known-columns.ts';
import { isOverruled, standing } from '../reading/standing-orders.ts';
import { readWishes, takenBack, type Wishes } from '../reading/wishes.ts';
import type { StageView, Words } from '../stage-view.ts';
import { type Answer, answersIn } from './stage-answers.ts';

/** Clauses of one message that are answered one by one. */
const MOST_ANSWERED = 100;
const TAIL =
  'Beyond a target, columns to leave out or to use, a metric, a model, how much to try and what to ask first I ' +
  'follow nothing offline. ';
const OTHER_LANGUAGE = 'I read English only, so nothing changes; say it in English.';
const LATER = 'noted; I read it again when I know the columns.';
const OVERRULED = 'What you said later goes before it.';
const LOOKED_UP = 'I look that up.';

/** Empty when nothing is to be answered; validation's errors are answered by mending. */
export function acknowledge(view: StageView): string {
  if (view.facts === null || view.followUp !== null) return '';
  const known = knownColumns(view);
  const answers = answersIn(view, known);
  const sentences = view.words.flatMap((words) => [
    ...tell(view, words, { known, answers }),
    ...tellLate(view, words, { known, answers }),
  ]);
  if (sentences.length === 0) return '';
  const isLost = (text: string) => [NOTHING_IN_IT, NOTHING_HERE, LATER].some((words) => text.includes(words));
  const tail = sentences.some(isLost) ? TAIL : '';
  return `${sentences.join(' ')} ${tail}`;
}

interface Understood {
  known: KnownColumns;
  answers: readonly Answer[];
}

/** The turn in which words are answered: when they come, or when the columns that they need are known. */
function turnOf(view: StageView, { text, turn }: Words, { since }: KnownColumns): number {
  const isRead = readClauses(text, NO_COLUMNS).every(
    (clause) => isUnderstood(clause) || clause.kind === 'language',
  );
  if (isRead && !isTakenBackBy(view, turn ?? 0)) return turn ?? 0;
  return Math.max(turn ?? 0, since ?? Number.POSITIVE_INFINITY);
}

/** True when words that came by then take something back: what it is hangs on the columns. */
const isTakenBackBy = (view: StageView, by: number): boolean =>
  view.words.some(
    ({ text, turn }) =>
      (turn ?? 0) <= by &&
      readClauses(text, NO_COLUMNS).some(({ undo, revoked }) => undo || revoked !== null),
  );

function tell(view: StageView, words: Words, { known, answers }: Understood): string[] {
  if (words.turn === null) return [];
  const quoted = `You said “${shortened(words.quote)}”:`;
  const turn = turnOf(view, words, known);
  if (turn !== view.turn) {
    const isInstruction = words.quote === view.facts?.instructions;
    const waits = turn > view.turn && words.turn === view.turn && !isInstruction;
    return waits ? [`${quoted} ${LATER}`] : [];
  }
  const clauses = readClauses(words.text, known.columns);
  const given = words.quote === view.facts?.instructions ? view.facts : null;
  const mayUndo = changesBefore(view, words, known);
  const wishes = readWishes(view.messages, known.columns, view.facts);
  const outcomes = clauses.map((clause, place) => {
    if (clause.kind === 'language') return OTHER_LANGUAGE;
    if (!asksSomething(clause))
      return standingOutcome(clause, wishes, { view, known, given, mayUndo: mayUndo.get(clause) });
    const answer = answerOf(answers, { words, place });
    return answer === undefined || answer.turn > view.turn ? LOOKED_UP : answer.say;
  });
  return together(quoted, clauses, outcomes);
}

function together(quoted: string, clauses: readonly Clause[], outcomes: readonly string[]): string[] {
  if (clauses.every((clause) => clause.consent)) return [];
  const [first = ''] = outcomes;
  if (outcomes.every((outcome) => outcome === first && (clauses.length === 1 || isGeneral(outcome))))
    return [`${quoted} ${first}`];
  const changes = clauses.some(changesSomething);
  const each = outcomes
    .slice(0, MOST_ANSWERED)
    .map((outcome) => (outcome === NOTHING_IN_IT && changes ? NOTHING_HERE : outcome))
    .map((outcome, place) => `“${shortened(clauses[place]?.text ?? '')}”: ${outcome}`);
  const more = outcomes.length - each.length;
  return [`You said ${each.join(' ')}${more > 0 ? ` And ${more} more, read the same way.` : ''}`];
}

const isGeneral = (outcome: string): boolean => outcome === NOTHING_IN_IT || outcome === OTHER_LANGUAGE;

/** Answers to what was asked before this turn, once all that they need was looked up. */
function tellLate(view: StageView, words: Words, { known, answers }: Understood): string[] {
  if (words.turn === null || turnOf(view, words, known) >= view.turn) return [];
  return answers
    .filter((answer) => answer.words === words && answer.turn === view.turn)
    .map(({ text, say }) => `You asked “${shortened(text)}”: ${say}`);
}

const answerOf = (
  answers: readonly Answer[],
  { words, place }: { words: Words; place: number },
): Answer | undefined => answers.find((answer) => answer.words === words && answer.place === place);

/** Of each clause of the words that takes the last change back whether there was one. */
function changesBefore(view: StageView, words: Words, { columns }: KnownColumns): Map<Clause, boolean> {
  const before = view.words.slice(0, view.words.indexOf(words) + 1).map(({ text }) => text);
  const undoing = readClauses(words.text, columns).filter(({ undo }) => undo);
  const undone = takenBack(before, columns, view.facts);
  return new Map(undoing.map((clause, place) => [clause, undone.at(place - undoing.length) ?? false]));
}

/** What becomes of a clause, of which only that is told as done which later words leave standing. */
function standingOutcome(clause: Clause, wishes: Wishes, { view, ...heard }: Heard): string {
  const left = standing(clause, wishes, heard.given);
  if (!isOverruled(clause, left)) return outcomeOf(left, view, heard);
  return changesSomething(left)
    ? `${outcomeOf(left, view, heard)} ${OVERRULED.replace('before it', 'before the rest')}`
    : OVERRULED;
}
