/**
 * What is answered to the person's words: how each clause was understood, what is done, and what cannot be followed. It
 * is said in the turn in which the words come or, where they need the table's columns or something that is looked up,
 * in the turn in which that is known.
 */

import { asksSomething, type Clause, changesSomething, isUnderstood } from '../reading/clause.ts';
import { type Heard, NOTHING_HERE, NOTHING_IN_IT, outcomeOf, shortened } from '../reading/clause-outcome.ts';
import { NO_COLUMNS, readClauses } from '../reading/clauses.ts';
import { type KnownColumns, knownColumns } from '../reading/known-columns.ts';
import { isOfLedger } from '../reading/ledger-changes.ts';
import { withoutOpenDetails } from '../reading/open-details.ts';
import { type SpokenRequest, spokenOrders } from '../reading/spoken-orders.ts';
import { isOverruled, standing } from '../reading/standing-orders.ts';
import type { Wishes } from '../reading/wishes.ts';
import { wishesInForce } from '../reading/wishes-in-force.ts';
import type { StageView, Words } from '../view.ts';
import { HOW_BACK, refusalsIn, settledParts } from './order-words.ts';
import { type Answer, answersIn } from './stage-answers.ts';

/** Clauses of one message that are answered one by one. */
const MOST_ANSWERED = 100;
const TAIL =
  'Beyond a target, columns to leave out or to use, how cells are read, how columns become features, a metric, a ' +
  'model, a threshold, how much to try and what to ask first I follow nothing offline. ';
const OTHER_LANGUAGE = 'I read English only, so nothing changes; say it in English.';
const LATER = 'noted; I read it again when I know the columns.';
const OVERRULED = 'What you said later goes before it.';
const LOOKED_UP = 'I look that up.';

/** Empty when nothing is to be answered; validation's errors are answered by mending. */
export function acknowledge(view: StageView): string {
  if (view.facts === null || view.followUp !== null) return '';
  const known = knownColumns(view);
  const orders = spokenOrders(view);
  const understood = { known, answers: answersIn(view, known), orders };
  const sentences = [
    ...refusalsIn(orders, view.turn),
    ...view.words.flatMap((words) => [
      ...tell(view, words, understood),
      ...tellLate(view, words, understood),
    ]),
  ];
  if (sentences.length === 0) return '';
  const isLost = (text: string) => [NOTHING_IN_IT, NOTHING_HERE, LATER].some((words) => text.includes(words));
  const tail = sentences.some(isLost) ? TAIL : '';
  return `${sentences.join(' ')} ${tail}`;
}

interface Understood {
  known: KnownColumns;
  answers: readonly Answer[];
  orders: readonly SpokenRequest[];
}

/** The turn in which words are answered: when they come, or when what they need is known. */
function turnOf(view: StageView, words: Words, { known, orders }: Understood): number {
  const { text, turn } = words;
  const ordered = orders.filter((order) => order.words === words).map((order) => order.turn);
  const isRead = readClauses(text, NO_COLUMNS).every(
    (clause) => (isUnderstood(clause) && !isOfLedger(clause)) || clause.kind === 'language',
  );
  if (isRead && ordered.length === 0 && !isTakenBackBy(view, turn ?? 0)) return turn ?? 0;
  return Math.max(turn ?? 0, known.since ?? Number.POSITIVE_INFINITY, ...ordered);
}

/** True when words that came by then take something back: what it is hangs on the columns. */
const isTakenBackBy = (view: StageView, by: number): boolean =>
  view.words.some(
    ({ text, turn }) =>
      (turn ?? 0) <= by &&
      readClauses(text, NO_COLUMNS).some(({ undo, revoked }) => undo || revoked !== null),
  );

function tell(view: StageView, words: Words, understood: Understood): string[] {
  if (words.turn === null) return [];
  const quoted = `You said “${shortened(words.quote)}”:`;
  const turn = turnOf(view, words, understood);
  if (turn !== view.turn) {
    const isInstruction = words.quote === view.facts?.instructions;
    const isAsked = understood.orders.some(
      (order) => order.words === words && order.state === 'open' && order.outcome === null,
    );
    const waits = turn > view.turn && words.turn === view.turn && !isInstruction && !isAsked;
    return waits ? [`${quoted} ${LATER}`] : [];
  }
  const { known, answers, orders } = understood;
  const clauses = readClauses(words.text, known.columns);
  const given = words.quote === view.facts?.instructions ? view.given : null;
  const wishes = wishesInForce(view, known.columns);
  const outcomes = clauses.map((clause, place) => {
    if (clause.kind === 'language') return OTHER_LANGUAGE;
    const order = orders.find((each) => each.words === words && each.place === place);
    if (!asksSomething(clause)) return outcomeWith(clause, order, { view, known, given, wishes });
    const answer = answerOf(answers, { words, place });
    return answer === undefined || answer.turn > view.turn ? LOOKED_UP : answer.say;
  });
  const isChanged = orders.some(
    ({ words: of, undo, outcome }) => of === words && !undo && outcome?.decided.length,
  );
  const isDone = isChanged && outcomes.some((outcome) => outcome !== OVERRULED);
  return [...together(quoted, clauses, outcomes), ...(isDone ? [HOW_BACK] : [])];
}

/** What becomes of a clause: what the ledger holds of it now, what later, and what not. */
function outcomeWith(
  clause: Clause,
  order: SpokenRequest | undefined,
  { wishes, ...heard }: Heard & { wishes: Wishes },
): string {
  if (order === undefined) return standingOutcome(withoutOpenDetails(clause), wishes, heard);
  const { now, sentences } = settledParts(clause, order, heard.known.columns);
  const first = now === null ? [] : [standingOutcome(now, wishes, heard)];
  return [...first, ...sentences].join(' ');
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
function tellLate(view: StageView, words: Words, understood: Understood): string[] {
  if (words.turn === null || turnOf(view, words, understood) >= view.turn) return [];
  return understood.answers
    .filter((answer) => answer.words === words && answer.turn === view.turn)
    .map(({ text, say }) => `You asked “${shortened(text)}”: ${say}`);
}

const answerOf = (
  answers: readonly Answer[],
  { words, place }: { words: Words; place: number },
): Answer | undefined => answers.find((answer) => answer.words === words && answer.place === place);

/** What becomes of a clause, of which only that is told as done which later words leave standing. */
function standingOutcome(clause: Clause, wishes: Wishes, { view, ...heard }: Heard): string {
  const left = standing(clause, wishes, { given: heard.given, predicted: heard.known.target });
  if (!isOverruled(clause, left)) return outcomeOf(left, view, heard);
  return changesSomething(left)
    ? `${outcomeOf(left, view, heard)} ${OVERRULED.replace('before it', 'before the rest')}`
    : OVERRULED;
}
