/**
 * What the person has ordered in a stage, as changes of the ledger, and what is wanted once they are made.
 *
 * 1. Each clause that orders something that the ledger knows is put there by one call, with the person's words.
 * 2. Until its result is there it is taken as the ledger will answer it; the result goes before that.
 * 3. A metric waits until it is known what kind of problem the target is.
 * What is not of the ledger (how much to try, what to ask first) stays a wish of the conversation.
 */

import type { DecisionChange } from '../../../core/decision-changes.ts';
import { firstStage } from '../../../core/decisions.ts';
import { STAGES } from '../../../core/stages.ts';
import type { Facts, Ordered, ProblemType } from '../facts.ts';
import { readFindings } from '../facts.ts';
import type { OrderResult, StageView, Words } from '../view.ts';
import { type Clause, changesSomething } from './clause.ts';
import { readClauses } from './clauses.ts';
import { Decided } from './decided-so-far.ts';
import { type KnownColumns, knownColumns } from './known-columns.ts';
import { changesIn } from './ledger-changes.ts';
import { quoteOf } from './quotations.ts';
import { under } from './wishes.ts';

export interface SpokenRequest {
  words: Words;
  /** Of which clause of the words. */
  place: number;
  /** The person's words that the ledger keeps as its reason. */
  spoken: string;
  undo: boolean;
  changes: readonly DecisionChange[];
  /** `open`: it is to be put into the ledger now. `waits`: the kind of problem is not known yet. */
  state: 'open' | 'waits' | 'done';
  /** What came of it, or will; null while that cannot be told. */
  outcome: Ordered | null;
  /** The turn in which that can be told first; its words may be told later. */
  turn: number;
  /** The turn in which the ledger answered; null before. */
  answered: number | null;
}

/** What is wanted by now: the brief's facts with all that was ordered since and holds in this stage. */
export function factsNow(view: StageView): Facts | null {
  return view.given === null ? null : (walked(view)?.decided.factsOf(view.given) ?? view.given);
}

/** The orders of this stage, oldest first; none before the columns are known. */
export const spokenOrders = (view: StageView): SpokenRequest[] => walked(view)?.orders ?? [];

interface Walk {
  view: StageView;
  given: Facts;
  known: KnownColumns & { since: number };
  decided: Decided;
  orders: SpokenRequest[];
  /** How often words were ordered by. */
  reported: Map<string, number>;
  /** Words of which an order waits: later ones of the same words wait with it. */
  waiting: Set<string>;
  /** The turn in which the target was ordered last. */
  targetSince: number;
}

function walked(view: StageView): Walk | null {
  const { given } = view;
  const known = knownColumns(view);
  if (given === null || known.since === null) return null;
  const walk: Walk = {
    ...{ view, given, known: { ...known, since: known.since }, orders: [] },
    decided: new Decided(given, known),
    ...{ reported: new Map(), waiting: new Set(), targetSince: -1 },
  };
  for (const words of view.words.filter(({ turn }) => turn !== null))
    for (const [place, clause] of readClauses(words.text, known.columns).entries())
      hear(walk, words, { place, clause });
  return walk;
}

function hear(walk: Walk, words: Words, { place, clause }: { place: number; clause: Clause }): void {
  const { view, given, decided } = walk;
  const isInstruction = words.quote === given.instructions && words.turn === 0;
  const heard = isInstruction ? under(clause, given) : clause;
  if (!changesSomething(heard)) return;
  const problem = problemNow(walk);
  const { changes, needsProblem } = changesIn(heard, {
    ...walk.known,
    dates: datesIn(view),
    texts: columnsOf(view, 'text'),
    problem,
    decided,
  });
  // what was decided since the instructions were written goes before them
  const desired = isInstruction ? changes.filter(({ key }) => !decided.isPersons(key)) : changes;
  if (desired.length === 0 && !heard.undo && !needsProblem) return;
  const spoken = quoteOf(clause.text, words.quote);
  const order = { words, place, spoken, undo: heard.undo, changes: desired };
  // what is taken back is the order before
  if (needsProblem || walk.waiting.has(spoken) || (heard.undo && walk.waiting.size > 0)) {
    walk.waiting.add(spoken);
    const turn = Number.POSITIVE_INFINITY;
    walk.orders.push({ ...order, state: 'waits', outcome: null, turn, answered: null });
    return;
  }
  const result = resultOf(walk, spoken);
  const turn = Math.max(words.turn ?? 0, walk.known.since);
  const outcome = result === null ? predicted(walk, order) : (result.ordered ?? refusedBy(order, result));
  decided.take(order, outcome);
  if (outcome?.decided.some(({ key, holds }) => key === 'target' && holds === 'now'))
    walk.targetSince = result?.turn ?? view.turn;
  const state = result === null ? ('open' as const) : ('done' as const);
  const reported = needsOf(walk, order, { turn, result });
  walk.orders.push({ ...order, state, outcome, turn: reported, answered: result?.turn ?? null });
}

/** An order that needed what was measured, or the ledger's answer, is told when that is there. */
function needsOf(
  { given, view, decided, orders }: Walk,
  order: Pick<SpokenRequest, 'changes' | 'undo'>,
  { turn, result }: { turn: number; result: OrderResult | null },
): number {
  if (order.undo && !decided.knewUndone) return result?.turn ?? Number.POSITIVE_INFINITY;
  if (order.undo) return Math.max(turn, ...orders.map((before) => before.turn));
  const isMetric = order.changes.some(({ key, withdraw }) => key === 'metric' && !withdraw);
  if (!isMetric || given.stage !== 'eda' || given.problem_type != null) return turn;
  return Math.max(turn, measuredIn(view)?.turn ?? turn);
}

/** The next result of a call with these words. */
function resultOf({ view, reported }: Walk, spoken: string): OrderResult | null {
  const place = reported.get(spoken) ?? 0;
  reported.set(spoken, place + 1);
  return view.ordered.filter((result) => result.spoken === spoken)[place] ?? null;
}

const refusedBy = ({ changes }: Pick<SpokenRequest, 'changes'>, { why }: OrderResult): Ordered => ({
  ...{ decided: [], anew: [], undone: null },
  refused: changes.map(({ key }) => ({ key, why })),
});

/** As the ledger will answer; null where only it knows what is taken back. */
function predicted(
  { given, decided }: Walk,
  { changes, undo }: Pick<SpokenRequest, 'changes' | 'undo'>,
): Ordered | null {
  const back = undo ? decided.lastBack() : [];
  if (back === null) return null;
  const desired = [...back.filter(({ key }) => changes.every((each) => each.key !== key)), ...changes];
  if (decided.leavesNone(desired)) {
    const why = 'No column would remain to predict from.';
    return { decided: [], anew: [], undone: null, refused: desired.map(({ key }) => ({ key, why })) };
  }
  const made = desired.map((change) => ({
    key: change.key,
    value: change.value,
    withdrawn: change.withdraw === true,
    holds: isLater(change, given, decided) ? ('later' as const) : ('now' as const),
  }));
  return { decided: made, refused: [], anew: [], undone: undo ? true : null };
}

const OF_THEIR_STAGE = /^(?:model\.choice|rows\.repeats)$/;

/** What concerns a stage that is done waits for the end of this one. */
function isLater({ key, withdraw }: DecisionChange, { stage }: Facts, decided: Decided): boolean {
  const first = firstStage(key) ?? stage;
  if (STAGES.indexOf(first) < STAGES.indexOf(stage)) return true;
  // earlier stages have handed on what they were told
  return withdraw === true && stage !== 'eda' && decided.wasGiven(key) && !OF_THEIR_STAGE.test(key);
}

/** What kind of problem the target is, as far as it was measured since it was named. */
function problemNow({ given, known, view, targetSince }: Walk): ProblemType | null {
  if (given.problem_type != null || given.stage !== 'eda') return known.problem;
  const measured = measuredIn(view);
  return measured !== null && measured.turn > targetSince ? measured.problem : null;
}

/** Columns that order rows, as a script of the stage has told. */
function datesIn(view: StageView): string[] {
  const audit = readFindings('prep_audit', latestOf(view, 'prep_audit'));
  return audit?.dates ?? columnsOf(view, 'date');
}

const latestOf = (view: StageView, name: string): string =>
  view.executions.findLast((run) => run.ok && run.name === name)?.output ?? '';

/** Columns of a kind, as the profile has told. */
function columnsOf(view: StageView, kind: 'date' | 'text'): string[] {
  const profiled = readFindings('eda_profile', latestOf(view, 'eda_profile'))?.columns ?? [];
  return profiled.filter((column) => column.kind === kind).map(({ name }) => name);
}

/** What kind of problem it is, as far as a script of the stage has told. */
export const problemIn = (view: StageView): ProblemType | null =>
  knownColumns(view).problem ?? measuredIn(view)?.problem ?? null;

function measuredIn(view: StageView): { problem: ProblemType; turn: number } | null {
  const run = view.executions.findLast(({ name, ok }) => ok && name === 'eda_relations');
  const found = run && readFindings('eda_relations', run.output);
  return run && found ? { problem: found.problem_type, turn: run.turn } : null;
}
