/**
 * A session's decisions held against another table: what is kept, what does not fit and is asked about, what is new.
 *
 * 1. The same column is one of the same name, or of the same name written otherwise; nothing is asked of it.
 * 2. What is missing is asked about first, for what is asked about kinds, split and target rests on the answers.
 * 3. Where no answer is given the safe choice stands in, and what came of it is marked as to be confirmed.
 * Pure: a dry run tells what the run itself will do, because both ask here.
 */

import { columnKeys } from '../column-keys.ts';
import { refusals } from '../decision-changes.ts';
import type { Decision } from '../decisions.ts';
import { TemperaError } from '../errors.ts';
import { quoted } from '../nearest-names.ts';
import type { Experiment } from '../records.ts';
import { asDecision, type StartedDecision } from '../started-decisions.ts';
import {
  applied,
  columnOf,
  concernedBy,
  concerning,
  type InheritedLedger,
  renamed,
  startedFrom,
} from './inherited-ledger.ts';
import * as questions from './questions.ts';
import { sameColumns, type Table, type TableColumn } from './table-columns.ts';

export interface FitRequest {
  /** The session with whose decisions another one begins. */
  session: string;
  /** In force there. */
  ledger: readonly Decision[];
  former: Table;
  now: Table;
  /** Of which `now` is the table. */
  experiment: Experiment;
  /** By the question's id. */
  answers: Readonly<Record<string, string>>;
}

/** Missing columns that are looked for under other names; a table that lacks more of them is of another form. */
const MOST_SEARCHED = 12;

/** A question with what was answered; null: nothing yet. */
export interface Asked extends questions.Question {
  answer: string | null;
}

export interface Fit {
  /** With which the new session begins. */
  inherited: StartedDecision[];
  /** What was in force and cannot be kept, as it was. */
  unfit: StartedDecision[];
  questions: Asked[];
  missing_columns: string[];
  new_columns: string[];
}

/** @throws TemperaError INVALID_DECISION for an answer that no question has */
export function fitDecisions(request: FitRequest): Fit {
  const { session, former, now } = request;
  const same = sameColumns(former, now);
  const extra = newColumns(now, same);
  const start = withSameNames(startLedger(request.ledger), former, same);
  let fitting: Fitting = { ledger: start, asked: [], unsure: new Set(), request };
  const missing = missingColumns(start, former, { now, same });
  for (const column of missing.slice(0, MOST_SEARCHED))
    fitting = ask(fitting, (asking) => questions.missingColumn(column, asking, extra));
  fitting = askOfTable({ ...fitting, ledger: withoutColumns(fitting.ledger, now) });
  fitting = askOfRefused(fitting);
  assertAnswers(request.answers, fitting.asked);
  const { ledger, asked, unsure } = fitting;
  const lost = [...withoutColumns(start, now).values()].filter(({ key }) => !ledger.has(key));
  return {
    inherited: [...ledger.values()].map((inherited) => startedFrom(session, inherited)),
    unfit: lost.map((each) => startedFrom(session, { ...each, to_confirm: unsure.has(each.key) })),
    questions: [...asked],
    missing_columns: former.columns.filter(({ name }) => !same.has(name)).map(({ name }) => name),
    new_columns: extra.map(({ name }) => name),
  };
}

interface Fitting {
  ledger: InheritedLedger;
  asked: readonly Asked[];
  /** Keys that nobody has confirmed to be decided anew. */
  unsure: ReadonlySet<string>;
  request: FitRequest;
}

function startLedger(ledger: readonly Decision[]): InheritedLedger {
  return new Map(
    ledger.map(({ key, value, by, stage, reason, to_confirm }) => [
      key,
      { key, value, by, stage, reason, to_confirm },
    ]),
  );
}

/** Asks, and goes on with what is answered, else with the safe choice. */
function ask(fitting: Fitting, of: (asking: questions.Asking) => questions.Question | null): Fitting {
  const { ledger, request, asked, unsure } = fitting;
  const question = of({ ledger, former: request.former, now: request.now });
  if (question === null) return fitting;
  const answer = request.answers[question.id] ?? null;
  const taken = answer === null ? question.safe : chosen(question, answer);
  const effects = taken?.effects ?? [];
  const gone = answer === null ? effects.filter(({ to }) => to === null).map(({ key }) => key) : [];
  return {
    ...{ request, asked: [...asked, { ...question, answer }] },
    ...{ ledger: applied(ledger, effects, answer === null), unsure: new Set([...unsure, ...gone]) },
  };
}

/** What rests on columns that are there. */
function askOfTable(fitting: Fitting): Fitting {
  const { now } = fitting.request;
  const column = (name: unknown) => now.columns.find((each) => each.name === name);
  const value = (key: string, of: Fitting) => of.ledger.get(key)?.value;
  let next = ask(fitting, questions.missingTestFile);
  for (const inherited of [...next.ledger.values()].filter(({ key }) => /^column\.[^.]+\.kind$/u.test(key))) {
    const about = now.columns.find(({ key }) => key === columnOf(inherited.key));
    next = ask(next, (asking) => questions.otherKind(asking, inherited, about));
  }
  const by = column(value('split.by', next));
  if (by) next = ask(next, (asking) => questions.constantSplit(asking, by));
  const given = column(value('target', next));
  if (given) next = ask(next, (asking) => questions.constantTarget(asking, given));
  for (const inquire of [questions.lostClasses, questions.otherProblem]) {
    const target = column(value('target', next));
    if (target) next = ask(next, (asking) => inquire(asking, target));
  }
  return next;
}

/** A target that nobody has answered yet is asked about already. */
function askOfRefused(fitting: Fitting): Fitting {
  const { experiment, session } = fitting.request;
  const rows = [...fitting.ledger.values()].map((each) => asDecision(startedFrom(session, each)));
  let next = fitting;
  for (const [key, why] of refusals(experiment, rows))
    if (next.asked.every(({ id }) => id !== key))
      next = ask(next, (asking) => questions.notPossible(asking, key, why));
  return next;
}

function chosen({ id, choices }: questions.Question, answer: string): questions.Choice {
  const found = choices.find((choice) => choice.answer === answer);
  if (found) return found;
  const possible = choices.map((choice) => choice.answer);
  const message = `The answer to ${id} cannot be ${quoted(answer)}. Possible: ${possible.join(', ')}.`;
  throw new TemperaError('INVALID_DECISION', message, { details: { key: id, possible } });
}

function assertAnswers(answers: Readonly<Record<string, string>>, asked: readonly Asked[]): void {
  const ids = asked.map(({ id }) => id);
  const stray = Object.keys(answers).find((id) => !ids.includes(id));
  if (stray === undefined) return;
  const known = ids.length === 0 ? 'Nothing is asked.' : `Asked are ${ids.join(', ')}.`;
  const message = `Nothing is asked by the name ${quoted(stray)}. ${known}`;
  throw new TemperaError('INVALID_DECISION', message, {
    details: { key: stray.slice(0, 200), possible: ids },
  });
}

/** Columns under the same name written otherwise, and keys that count otherwise. */
function withSameNames(
  ledger: InheritedLedger,
  former: Table,
  same: ReadonlyMap<string, TableColumn>,
): InheritedLedger {
  const effects = former.columns.filter(concernedBy(ledger)).flatMap((column) => {
    const to = same.get(column.name);
    if (!to || (to.name === column.name && to.key === column.key)) return [];
    return renamed(concerning(ledger, column), column, to);
  });
  return applied(ledger, effects, false);
}

type Named = Pick<TableColumn, 'name' | 'key'> & Partial<TableColumn>;

/** Columns that decisions are about or name, and that the table lacks. */
function missingColumns(
  ledger: InheritedLedger,
  former: Table,
  { now, same }: { now: Table; same: ReadonlyMap<string, TableColumn> },
): Named[] {
  const known = former.columns.filter(({ name }) => !same.has(name));
  const keys = new Set([...former.columns, ...now.columns].map(({ key }) => key));
  const names = new Set([...former.columns, ...now.columns].map(({ name }) => name));
  const files = new Set([...former.files, ...now.files]);
  const strayKeys = [...ledger.keys()].map(columnOf).filter((key) => key !== null && !keys.has(key));
  // of a session whose table has no profile; a file to judge on is named where a column may be
  const strayNames = ['target', 'split.by']
    .map((key) => ledger.get(key)?.value)
    .filter((name) => typeof name === 'string' && !names.has(name) && !files.has(name));
  const others = [...strayNames, ...strayKeys].map(String).map((name) => ({
    ...{ name, key: columnKeys([name]).get(name) ?? name },
  }));
  const isNamed = ({ name }: Named): boolean =>
    strayNames.includes(name) || name === ledger.get('target')?.value;
  return [...others, ...known]
    .filter(concernedBy(ledger))
    .toSorted((one, other) => Number(isNamed(other)) - Number(isNamed(one)));
}

/** What is decided of a column alone goes with it. */
function withoutColumns(ledger: InheritedLedger, { columns }: Table): InheritedLedger {
  const there = new Set(columns.map(({ key }) => key));
  return new Map(
    [...ledger].filter(([key]) => {
      const column = columnOf(key);
      return column === null || there.has(column);
    }),
  );
}

function newColumns(now: Table, same: ReadonlyMap<string, TableColumn>): TableColumn[] {
  const known = new Set([...same.values()].map(({ name }) => name));
  return now.columns.filter(({ name }) => !known.has(name));
}
