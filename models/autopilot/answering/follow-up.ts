/**
 * What is said after the last stage. Offline there is no understanding of language, so questions are answered by their
 * words, from what the stages recorded and by SQL over the upload. Orders go into the ledger, which makes anew what
 * they concern once the follow-up has ended; what no ledger holds is done by starting the stage again, which is said.
 */

import type { Facts } from '../facts.ts';
import type { NextAction } from '../next-action.ts';
import { asksSomething, type Clause, changesSomething, isStopped } from '../reading/clause.ts';
import { outcomeOf } from '../reading/clause-outcome.ts';
import { readClauses } from '../reading/clauses.ts';
import { withoutOpenDetails } from '../reading/open-details.ts';
import { viewStage } from '../stage-view.ts';
import type { FollowUpView } from '../view.ts';
import * as vocabulary from '../vocabulary/answers.ts';
import { anyOf } from '../vocabulary/lines.ts';
import { type FollowUpRequest, followUpOrders } from './follow-up-orders.ts';
import type { Knowledge } from './knowledge.ts';
import { followedWords } from './order-words.ts';
import { DECISIONS, explorationOf, PREP, preparationOf, TRAIN, trainingOf, withStages } from './recorded.ts';
import { orderOf, replyTo, stageFor } from './replies.ts';

const OTHER_LANGUAGE = 'I read English only, so nothing changes; ask in English.';
const GLADLY = 'Gladly. Ask what you like of the model, the columns and the rows.';
/** Clauses of one follow-up that are answered. */
const MOST_ANSWERED = 20;

/** The next step towards an answer: read what the stages recorded, ask the table where that is needed, answer. */
export function decideFollowUp(
  { asked, found, ordered = [] }: FollowUpView,
  facts: Facts | null = null,
): NextAction {
  for (const path of [TRAIN, PREP]) {
    if (!found.has(path)) return { do: 'read', say: `I look it up in ${path}.`, path };
  }
  const prepared = preparationOf(found.get(PREP));
  const staged = prepared && withStages(prepared, explorationOf(found.get(DECISIONS)));
  const trained = staged && trainingOf(found.get(TRAIN), staged);
  if (trained === null) return { do: 'answer', say: CANNOT_READ };
  const known = {
    ...trained,
    decided: (facts?.decisions ?? []).filter(({ withdrawn }) => withdrawn !== true),
  };
  const names = known.table.map(({ name }) => name);
  const spoken = asked
    .flatMap((text) => readClauses(text, names).map((clause) => ({ clause, text })))
    .slice(0, MOST_ANSWERED);
  const clauses = spoken.map(({ clause }) => clause);
  if (!found.has(DECISIONS) && clauses.some((clause) => concernsExploration(clause, known)))
    return { do: 'read', say: `I look it up in ${DECISIONS}.`, path: DECISIONS };
  const orders = followUpOrders(spoken, { known, facts, ordered });
  const open = orders.filter(({ outcome }) => outcome === null);
  if (open.length > 0) return { do: 'decide', say: 'I put that into the ledger of decisions.', orders: open };
  const replies = clauses.map((clause) => reply(clause, known, { found, orders }));
  const next = replies.find((action) => action.do !== 'answer');
  if (next !== undefined) return next;
  const parts = replies.map(({ say }, place) =>
    replies.length === 1 ? say : `“${clauses[place]?.text}”: ${say}`,
  );
  return { do: 'answer', say: [...new Set(parts)].join('\n\n') || GLADLY };
}

const WHY = anyOf(vocabulary.WHY, 'i');
const OF_SPLIT = anyOf(vocabulary.OF_SPLIT, 'i');

/**
 * True where it asks why rows are dealt so, or a column is to be used that an earlier stage left out: which one only
 * the exploration tells.
 */
function concernsExploration(clause: Clause, { leftOut, leftOutIn }: Knowledge): boolean {
  if (asksSomething(clause) && WHY.test(clause.text) && OF_SPLIT.test(clause.text)) return true;
  const { included, only } = clause.supposed ?? clause;
  return [...included, ...only].some((name) => leftOut[name] !== undefined && leftOutIn[name] === undefined);
}

const CANNOT_READ =
  `I work offline and answer from ${TRAIN} and ${PREP}, which I cannot read here. ` +
  'The reports are beside them.';

function reply(
  clause: Clause,
  known: Knowledge,
  { found, orders }: { found: FollowUpView['found']; orders: readonly FollowUpRequest[] },
): NextAction {
  const order = orders.find((each) => each.clause === clause);
  if (order?.outcome) return { do: 'answer', say: followedWords(clause, order.outcome) };
  if (asksSomething(clause)) return replyTo({ clause, known, found, done: true });
  if (clause.kind === 'language') return { do: 'answer', say: OTHER_LANGUAGE };
  if (clause.kind === 'courtesy') return { do: 'answer', say: GLADLY };
  if (clause.details.length > 0) return { do: 'answer', say: stopped(withoutOpenDetails(clause), known) };
  if (changesSomething(clause)) return { do: 'answer', say: noWork(clause, known) };
  if (isStopped(clause) || clause.unfollowed !== null || clause.ofRows)
    return { do: 'answer', say: stopped(clause, known) };
  // what is no order that is known may still ask: "average fare by class"
  return replyTo({ clause: { ...clause, kind: 'question' }, known, found, done: true });
}

/** Where an order can be followed that is no decision of the ledger. */
function noWork(clause: Clause, known: Knowledge): string {
  return (
    `I work offline and do no new work in a follow-up, so nothing changes. Start ${stageFor(clause, known)} again ` +
    `with “${orderOf(clause)}” in a message, or choose a session with a language model.`
  );
}

function stopped(clause: Clause, { table, target }: Knowledge): string {
  const columns = table.map(({ name }) => name);
  const known = { columns, features: [], target: target?.value ?? null, problem: null, since: 0 };
  return outcomeOf(clause, viewStage([]), { known, given: null });
}
