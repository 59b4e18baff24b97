/**
 * Changes of decisions by a person: what is possible, which stage they concern first and what would be made anew. Pure:
 * a dry run says what the change itself will do, because both ask here.
 */

import { columnKeys } from './column-keys.ts';
import { KINDS, LEARNERS, REPEATS, strategiesFor, USES } from './decision-values.ts';
import { type Decision, firstStage, inForce, isSettled, ownChoice } from './decisions.ts';
import { TemperaError } from './errors.ts';
import { columnNames } from './given-decisions.ts';
import { LimitsSchema } from './limits.ts';
import { type Experiment, PROBLEM_TYPES, type ProblemType, type StageRun } from './records.ts';
import { STAGES, type Stage } from './stages.ts';
import { judgedColumn, normalized, type Possible, possibleOfTable } from './table-decisions.ts';
import { metricsFor } from './training-metrics.ts';

export interface DecisionChange {
  key: string;
  /** Absent where the person's decision is withdrawn. */
  value?: unknown;
  /** The person takes their decision back; the agent's own choice counts again. Default: false. */
  withdraw?: boolean;
}

/** What is known of a session when its decisions are to be changed. */
export interface ChangedLedger {
  experiment: Experiment;
  ledger: readonly Decision[];
  runs: readonly StageRun[];
  /** Nothing has run: a key that no table can judge waits for its script. */
  isStart?: true;
}

export interface PlannedChange {
  key: string;
  /** Null where nothing was decided. */
  from: unknown;
  /** Of what is withdrawn the agent's own choice; null where it has yet to choose. */
  to: unknown;
  stage: Stage | null;
  /** The person's decision is withdrawn. */
  withdraw?: true;
}

export interface ChangePlan {
  /** What differs from what is in force or waits, or confirms what no person had decided: `to` is then `from`. */
  changes: PlannedChange[];
  /** The first stage that is concerned; null where none is. */
  stage: Stage | null;
  /** Stages that have run and would have to run again, in order. */
  anew: Stage[];
}

/** Values that a refusal names. */
const MOST_NAMED = 50;

/** @throws TemperaError INVALID_DECISION, naming the key and what is possible */
export function planChanges(known: ChangedLedger, given: readonly DecisionChange[]): ChangePlan {
  const changes = given.map((change) =>
    change.withdraw ? change : { key: change.key, value: normalized(change.key, change.value) },
  );
  const held = inForce(known.ledger);
  const resulting = new Map([...held].map(([key, { value }]) => [key, value]));
  for (const { key, value, withdraw } of changes)
    resulting.set(key, withdraw ? ownChoice(known, key)?.value : value);
  for (const change of changes) if (!change.withdraw) check(change, { ...known, resulting });
  assertColumnIsLeft(known, resulting);
  const latest = latestByKey(known.ledger);
  const planned = changes.flatMap((change) =>
    change.withdraw ? withdrawal(known, change.key) : valueChange(known, change, latest.get(change.key)),
  );
  const stages = planned
    .filter((change) => isFelt(change, held.get(change.key)))
    .flatMap(({ stage }) => (stage === null ? [] : [STAGES.indexOf(stage)]));
  const stage = STAGES[Math.min(...stages)] ?? null;
  return { changes: planned, stage, anew: stage === null ? [] : stagesAnew(stage, known.runs) };
}

/** True where something else would be in force; what only waited was not yet felt. */
function isFelt({ to, withdraw }: PlannedChange, held: Decision | undefined): boolean {
  if (withdraw && (held === undefined || !isSettled(held))) return false;
  return held === undefined || (withdraw && to === null) || !isSame(held.value, to);
}

/** The last word on each key: what waits for the end of a stage, else what is in force. */
function latestByKey(ledger: readonly Decision[]): ReadonlyMap<string, Decision> {
  const latest = new Map(inForce(ledger));
  for (const row of ledger) if (row.standing === 'queued') latest.set(row.key, row);
  return latest;
}

function valueChange(
  { ledger }: ChangedLedger,
  { key, value }: DecisionChange,
  latest: Decision | undefined,
): PlannedChange[] {
  if (!isUnconfirmed(latest) && !latest?.withdraws && isSame(latest?.value, value)) return [];
  return [{ key, from: latest?.value ?? null, to: value, stage: stageOf(key, ledger) }];
}

/** Nothing where the person has decided nothing that could be withdrawn. */
function withdrawal(known: ChangedLedger, key: string): PlannedChange[] {
  const { ledger } = known;
  if (key.startsWith('budget.')) refuse(key, 'is a limit: set another one.', []);
  const decided = ledger.findLast(
    (row) => row.key === key && isSettled(row) && ['queued', 'in_force', 'withdrawn'].includes(row.standing),
  );
  if (decided === undefined || decided.withdraws) return [];
  const own = ownChoice(known, key)?.value ?? null;
  const stage = madeUnder(known, decided);
  return [{ key, from: decided.value, to: own, stage, withdraw: true }];
}

/** Keys that no stage before theirs hands on in files. */
const OF_THEIR_STAGE = /^(?:model\.choice|threshold|rows\.repeats|budget\..*)$/;

/**
 * The first stage whose outputs may rest on a decision: what ran under it may have handed it on, whatever stage it
 * concerns.
 */
function madeUnder({ ledger, runs }: ChangedLedger, { key, created_at: since }: Decision): Stage | null {
  const first = stageOf(key, ledger);
  if (first === null || OF_THEIR_STAGE.test(key)) return first;
  const under = runs.filter(
    ({ stale, state, ended_at }) => !stale && state === 'done' && (ended_at === null || since < ended_at),
  );
  return STAGES.find((stage) => stage === first || under.some((run) => run.stage === stage)) ?? first;
}

/** A person's word makes a difference, also where it says what holds already. */
const isUnconfirmed = (held: Decision | undefined): boolean => held?.by !== 'person' || held.to_confirm;

/** Of what would be in force, by key, what the table does not allow, with why. */
export function refusals(experiment: Experiment, decisions: readonly Decision[]): Map<string, string> {
  const resulting = new Map(decisions.map(({ key, value }) => [key, value]));
  const known = { experiment, ledger: decisions, runs: [], isStart: true as const, resulting };
  const refused = decisions.flatMap((decision): [string, string][] => {
    try {
      check(decision, known);
      return [];
    } catch (error) {
      if (!(error instanceof TemperaError)) throw error;
      return [[decision.key, error.message]];
    }
  });
  return new Map(refused);
}

/** Of a key that only a script knows, the earliest stage that has decided it. */
function stageOf(key: string, ledger: readonly Decision[]): Stage | null {
  const first = firstStage(key);
  if (first !== undefined) return first;
  const made = ledger.filter((decision) => decision.key === key).map(({ stage }) => stage);
  return STAGES.find((stage) => made.includes(stage)) ?? null;
}

/** Nothing has to be made anew where the stage has not run: it takes the change when it starts. */
function stagesAnew(stage: Stage, runs: readonly StageRun[]): Stage[] {
  const ran = new Set(runs.map((run) => run.stage));
  return ran.has(stage) ? STAGES.slice(STAGES.indexOf(stage)).filter((each) => ran.has(each)) : [];
}

interface CheckedLedger extends ChangedLedger {
  /** What would be in force. */
  resulting: ReadonlyMap<string, unknown>;
}

function check({ key, value }: DecisionChange, known: CheckedLedger): void {
  const column = judgedColumn(key);
  if (column !== undefined) assertColumn(key, column, known);
  const ofTable = possibleOfTable(key, known);
  if (ofTable !== undefined) {
    checkOfTable({ key, value }, ofTable);
    return;
  }
  if (wasMade({ key, value }, known)) return;
  const possible = possibleValues(key, known);
  if (possible === undefined) return;
  if (possible.some((each) => isSame(each, value))) return;
  const named = possible.slice(0, MOST_NAMED);
  const words = named.map((each) => JSON.stringify(each)).join(', ');
  const more = possible.length > named.length ? ` and ${possible.length - named.length} more` : '';
  refuse(key, `cannot be ${shown(value)}. Possible: ${words}${more}.`, named);
}

function checkOfTable({ key, value }: DecisionChange, { values, form }: Possible): void {
  if (form?.allows(value) ?? values.some((each) => isSame(each, value))) return;
  const words = values.map((each) => JSON.stringify(each)).join(', ') || 'nothing, there is one way alone';
  refuse(key, `cannot be ${shown(value)}. Possible: ${form?.words ?? words}.`, values.slice(0, MOST_NAMED));
}

/** A way of its own that a script has gone is possible again; what names columns is held against the table. */
function wasMade({ key, value }: DecisionChange, { ledger }: CheckedLedger): boolean {
  if (!/^(split\.strategy|model\.choice)$/.test(key)) return false;
  return ledger.some((row) => row.key === key && isOfScript(row) && isSame(row.value, value));
}

/**
 * The values that a key may have; undefined where it was decided before and its own scripts judge its value, or where
 * nothing is known of the table.
 */
function possibleValues(key: string, known: CheckedLedger): readonly unknown[] | undefined {
  const names = columnNames(known.experiment.dataset.profile);
  const use = /^column\.([^.]+)\.use$/u.exec(key)?.[1];
  if (use !== undefined) return possibleUses(key, use, known);
  const kindOf = /^column\.([^.]+)\.kind$/u.exec(key)?.[1];
  if (kindOf !== undefined) {
    assertColumn(key, kindOf, known);
    return KINDS;
  }
  const budget = /^budget\.(turns|tokens|cost|time)$/.exec(key)?.[1];
  if (budget !== undefined) return budgetOf(key, budget, known);
  switch (key) {
    case 'target':
      return names.length === 0 ? undefined : names;
    case 'problem':
      return PROBLEM_TYPES;
    case 'metric':
      return metricsFor(problemOf(known));
    case 'split.strategy':
      return strategiesFor(problemOf(known));
    case 'split.by':
      if (names.length === 0) return undefined;
      return [null, ...names.filter((name) => name !== known.resulting.get('target')), ...testFiles(known)];
    case 'split.test_file':
      return [null, ...testFiles(known)];
    case 'rows.repeats':
      return REPEATS;
    case 'model.choice':
      return learnersOf(known);
  }
  const isDecided = known.ledger.some((decision) => decision.key === key && isOfScript(decision));
  if (known.isStart || isDecided) return undefined;
  refuse(key, 'is no decision of this session. `GET …/decisions` lists what was decided.', []);
}

/** A script has decided the key, here or in the session that it was kept from. */
const isOfScript = ({ by, inherited_from }: Decision): boolean => by !== 'person' || inherited_from !== null;

/** A test file stands where a column may: rows are dealt by it. */
const testFiles = ({ experiment }: CheckedLedger): string[] =>
  experiment.dataset.files.slice(1).map(({ name }) => name);

function possibleUses(key: string, column: string, known: CheckedLedger): readonly unknown[] {
  const name = assertColumn(key, column, known);
  return name !== undefined && name === known.resulting.get('target') ? ['in'] : USES;
}

/** @returns its name, where the table is known @throws TemperaError INVALID_DECISION where it has no such column */
function assertColumn(key: string, column: string, { experiment }: CheckedLedger): string | undefined {
  const keys = keysOf(experiment.dataset);
  const name = keys.get(column);
  if (name !== undefined || keys.size === 0) return name;
  const known = [...keys.keys()].slice(0, MOST_NAMED);
  refuse(key, `names no column of the table. Its columns are ${known.join(', ')}.`, known);
}

/** A table's columns by their keys, made once: every one of thousands of decisions asks for it. */
const KEYS = new WeakMap<object, ReadonlyMap<string, string>>();

function keysOf(dataset: Experiment['dataset']): ReadonlyMap<string, string> {
  const known = KEYS.get(dataset);
  if (known) return known;
  const keys = columnKeys([...new Set(columnNames(dataset.profile))]);
  const made = new Map([...keys].map(([name, key]) => [key, name]));
  KEYS.set(dataset, made);
  return made;
}

function budgetOf(key: string, name: string, { resulting }: CheckedLedger): readonly unknown[] {
  const value = resulting.get(key);
  const parsed = LimitsSchema.shape[name as keyof typeof LimitsSchema.shape].safeParse(value);
  if (value === undefined || !parsed.success) refuse(key, `cannot be ${shown(value)}: it is a limit.`, []);
  return [value];
}

/** Learners that are known, and those that were compared in this session. */
function learnersOf({ ledger }: CheckedLedger): readonly unknown[] {
  const made = ledger.filter(({ key, by }) => key === 'model.choice' && by !== 'person');
  const compared = made.flatMap(({ value, alternatives }) => [
    value,
    ...alternatives.map((alternative) => alternative.value),
  ]);
  return [...new Set<unknown>([...compared, ...LEARNERS])];
}

/** Null where it is not known, as of a target that no script has measured yet. */
function problemOf({ ledger, resulting }: CheckedLedger): ProblemType | null {
  const held = inForce(ledger);
  const [target, problem] = [held.get('target'), held.get('problem')];
  const isOfAnother = !isSame(target?.value, resulting.get('target')) || isAfter(target, problem);
  const isMeasured = problem?.by !== 'person' && isSame(problem?.value, resulting.get('problem'));
  if (isOfAnother && isMeasured) return null;
  return PROBLEM_TYPES.find((type) => type === resulting.get('problem')) ?? null;
}

const isAfter = (one: Decision | undefined, other: Decision | undefined): boolean =>
  one !== undefined && other !== undefined && one.position > other.position;

/** @throws TemperaError INVALID_DECISION where no column would remain to predict from, or rows are dealt by none */
function assertColumnIsLeft({ experiment }: ChangedLedger, resulting: ReadonlyMap<string, unknown>): void {
  const names = [...new Set(columnNames(experiment.dataset.profile))];
  const keys = columnKeys(names);
  const target = resulting.get('target');
  const left = names.filter(
    (name) => name !== target && resulting.get(`column.${keys.get(name)}.use`) !== 'out',
  );
  if (names.length > 0 && left.length === 0)
    refuse('column', 'decisions leave no column to predict from. Keep one beside the target.', []);
  const strategy = resulting.get('split.strategy');
  if (
    (strategy === 'group' || strategy === 'time' || strategy === 'column') &&
    typeof resulting.get('split.by') !== 'string'
  )
    refuse(
      'split.strategy',
      `cannot be ${strategy} without split.by: name the column.`,
      names.slice(0, MOST_NAMED),
    );
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'left out';
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** @throws TemperaError INVALID_DECISION */
export function refuse(key: string, why: string, possible: readonly unknown[]): never {
  throw new TemperaError('INVALID_DECISION', `${key} ${why}`, { details: { key, possible } });
}
