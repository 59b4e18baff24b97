/** What scripts of a stage have told so far of the table: its columns, the target, the kind of problem. */

import type { ProblemType } from '../facts.ts';
import { readFindings } from '../facts.ts';
import type { ScriptExecution, StageView } from '../view.ts';

export interface KnownColumns {
  /** Every column that a script has named, the target among them; empty before the first. */
  columns: string[];
  /** Those that a model may take in this stage; empty in the exploration, which decides it. */
  features: string[];
  target: string | null;
  problem: ProblemType | null;
  /** The turn in which the columns became known; null before. */
  since: number | null;
}

/** Reads what is known from the runs of this stage. */
export function knownColumns(view: StageView): KnownColumns {
  const known: KnownColumns = {
    columns: [],
    features: [],
    target: view.given?.target ?? null,
    problem: view.given?.problem_type ?? null,
    since: null,
  };
  const columns = new Set<string>();
  for (const execution of view.executions) {
    const names = execution.ok ? namesOf(execution, known) : [];
    if (names.length > 0) known.since ??= execution.turn;
    for (const name of names) columns.add(name);
  }
  if (known.since !== null) for (const name of view.given?.excluded_columns ?? []) columns.add(name);
  return { ...known, columns: [...columns] };
}

function namesOf({ name, output }: ScriptExecution, known: KnownColumns): string[] {
  if (name === 'eda_profile') return (readFindings(name, output)?.columns ?? []).map((column) => column.name);
  const audit = name === 'prep_audit' ? readFindings(name, output) : null;
  const splits = name === 'train_look' ? readFindings(name, output) : null;
  const found = audit ?? splits;
  if (!found) return [];
  known.problem = found.problem_type;
  known.target = found.target;
  known.features = audit?.features ?? splits?.feature_names ?? [];
  const gone = audit ? Object.keys({ ...audit.drop, ...audit.leaks }) : (splits?.dropped_names ?? []);
  return [...known.features, ...gone, found.target];
}
