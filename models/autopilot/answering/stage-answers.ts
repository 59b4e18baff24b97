/** Questions that are asked while a stage runs: what is to be looked up for them, and the answers that are there. */

import type { Facts } from '../facts.ts';
import type { NextAction } from '../next-action.ts';
import { asksSomething, type Clause } from '../reading/clause.ts';
import { readClauses } from '../reading/clauses.ts';
import { type KnownColumns, knownColumns } from '../reading/known-columns.ts';
import type { StageView, Words } from '../view.ts';
import type { Knowledge } from './knowledge.ts';
import { replyTo } from './replies.ts';
import { recordNeeded, stageKnowledge } from './stage-knowledge.ts';
import type { Found } from './table-answer.ts';

/** Questions of a stage that are looked up: each takes turns, of which a stage has few. */
const MOST_LOOKED_UP = 5;
/** Questions of a stage that are answered, the newest. */
const MOST_ASKED = 100;
const TOO_MANY =
  `I look up ${MOST_LOOKED_UP} questions in a stage at most, so that turns are left for its work; ask again in the ` +
  'next one or after training.';

export interface Answer {
  words: Words;
  /** Which clause of the words it answers. */
  place: number;
  text: string;
  say: string;
  /** The turn in which it is told: all that it needs is there. */
  turn: number;
}

interface Asked {
  words: Words;
  place: number;
  clause: Clause;
}

/** What is to be looked up next for a question; null when nothing is. */
export function nextLookUp(view: StageView): NextAction | null {
  const steps = stepsIn(view, knownColumns(view));
  return steps.find(({ action, refused }) => action.do !== 'answer' && !refused)?.action ?? null;
}

/** Every answer that can be given by now. */
export function answersIn(view: StageView, known: KnownColumns): Answer[] {
  return stepsIn(view, known).flatMap(({ asked, action, turn, refused }): Answer[] => {
    const { words, place, clause } = asked;
    const came = Math.max(words.turn ?? 0, known.since ?? 0);
    const answer = { words, place, text: clause.text };
    if (refused) return [{ ...answer, say: TOO_MANY, turn: came }];
    return action.do === 'answer' ? [{ ...answer, say: action.say, turn: Math.max(came, turn) }] : [];
  });
}

interface Step {
  asked: Asked;
  action: NextAction;
  /** The turn in which the last thing came that it needs. */
  turn: number;
  /** Enough was looked up in this stage. */
  refused: boolean;
}

/** The next step of each question, once the table's columns are known. */
function stepsIn(view: StageView, known: KnownColumns): Step[] {
  const { facts } = view;
  const asking = facts === null || known.since === null ? [] : questionsIn(view, known);
  if (facts === null || asking.length === 0) return [];
  const knowledge = stageKnowledge(view, facts);
  let lookedUp = 0;
  return asking.map((asked) => {
    const { action, found } = stepFor(asked, { view, facts, knowledge });
    const refused = found.queries > 0 && lookedUp >= MOST_LOOKED_UP;
    if (found.queries > 0) lookedUp += 1;
    return { asked, action, turn: found.turn, refused };
  });
}

/** What the person asked in this stage, oldest first. */
function questionsIn(view: StageView, { columns }: KnownColumns): Asked[] {
  return view.words
    .filter(({ turn }) => turn !== null)
    .flatMap((words) =>
      readClauses(words.text, columns).flatMap((clause, place) =>
        asksSomething(clause) ? [{ words, place, clause }] : [],
      ),
    )
    .slice(-MOST_ASKED);
}

/** The next step towards an answer, and what was asked for on the way. */
function stepFor(
  { clause, words }: Asked,
  { view, facts, knowledge }: { view: StageView; facts: Facts; knowledge: Knowledge },
): { action: NextAction; found: LookedUp } {
  const record = recordNeeded(facts);
  const found = new LookedUp(view);
  if (record !== null && !found.hasRecord(record)) {
    const say = `You asked “${words.quote.slice(0, 120)}”: I look it up in ${record}.`;
    return { action: { do: 'read', say, path: record }, found };
  }
  const hidden = facts.data_sharing != null && facts.data_sharing !== 'values';
  return { action: replyTo({ clause, known: knowledge, found, hidden }), found };
}

/** What was looked up, and the latest turn in which something of it came that was asked for. */
class LookedUp implements Found {
  readonly #view: StageView;
  turn = 0;
  /** How often a query was asked for. */
  queries = 0;

  constructor(view: StageView) {
    this.#view = view;
  }

  has(sql: string): boolean {
    this.queries += 1;
    return this.hasRecord(sql);
  }

  hasRecord(subject: string): boolean {
    const found = this.#view.lookedUp.get(subject);
    this.turn = Math.max(this.turn, found?.turn ?? 0);
    return found !== undefined;
  }

  get(subject: string): string | null | undefined {
    return this.#view.lookedUp.get(subject)?.content;
  }
}
