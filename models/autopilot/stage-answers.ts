/** Questions that are asked while a stage runs: what is to be looked up for them, and the answers that are there. */

import { asksSomething, type Clause } from './clause.ts';
import { readClauses } from './clauses.ts';
import type { Facts } from './facts.ts';
import type { KnownColumns } from './known-columns.ts';
import { knownColumns } from './known-columns.ts';
import type { NextAction } from './next-action.ts';
import { replyTo } from './replies.ts';
import { recordNeeded, stageKnowledge } from './stage-knowledge.ts';
import type { StageView, Words } from './stage-view.ts';
import type { Found } from './table-answer.ts';

/** Questions of a stage that are looked up: each takes turns, of which a stage has few. */
const MOST_LOOKED_UP = 5;
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
  const known = knownColumns(view);
  if (view.facts === null || known.since === null) return null;
  for (const asked of questionsIn(view, known).slice(0, MOST_LOOKED_UP)) {
    const { action } = stepFor(view, view.facts, asked);
    if (action.do !== 'answer') return action;
  }
  return null;
}

/** Every answer that can be given by now. */
export function answersIn(view: StageView, known: KnownColumns): Answer[] {
  const { facts } = view;
  if (facts === null || known.since === null) return [];
  const since = known.since;
  return questionsIn(view, known).flatMap((asked, at): Answer[] => {
    const { words, place, clause } = asked;
    const came = Math.max(words.turn ?? 0, since);
    const answer = { words, place, text: clause.text };
    const { action, turn } = stepFor(view, facts, asked);
    if (action.do === 'answer') return [{ ...answer, say: action.say, turn: Math.max(came, turn) }];
    return at < MOST_LOOKED_UP ? [] : [{ ...answer, say: TOO_MANY, turn: came }];
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
    );
}

/** The next step towards an answer, and the turn in which the last thing came that it needs. */
function stepFor(
  view: StageView,
  facts: Facts,
  { clause, words }: Asked,
): { action: NextAction; turn: number } {
  const record = recordNeeded(facts);
  const found = new LookedUp(view);
  if (record !== null && !found.has(record)) {
    const say = `You asked “${words.quote.slice(0, 120)}”: I look it up in ${record}.`;
    return { action: { do: 'read', say, path: record }, turn: 0 };
  }
  const action = replyTo({ clause, known: stageKnowledge(view, facts), found });
  return { action, turn: found.turn };
}

/** What was looked up, and the latest turn in which something of it came that was asked for. */
class LookedUp implements Found {
  readonly #view: StageView;
  turn = 0;

  constructor(view: StageView) {
    this.#view = view;
  }

  has(subject: string): boolean {
    const found = this.#view.lookedUp.get(subject);
    this.turn = Math.max(this.turn, found?.turn ?? 0);
    return found !== undefined;
  }

  get(subject: string): string | null | undefined {
    return this.#view.lookedUp.get(subject)?.content;
  }
}
