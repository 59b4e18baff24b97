/** What a person has decided so far, as it changes order by order: what holds now, and what was before the last one. */

import { columnKeys } from '../../../core/column-keys.ts';
import type { DecisionChange } from '../../../core/decision-changes.ts';
import type { Facts, Ordered } from '../facts.ts';
import type { KnownColumns } from './known-columns.ts';

/** By key what the person has decided; undefined where they have left it to the agent. */
type Values = Map<string, unknown>;

export class Decided {
  /** What was decided before this stage. */
  readonly #given: Values;
  #values: Values;
  /** Of each order of this stage that can be taken back what its keys were before; the last one last. */
  readonly #before: Values[] = [];
  readonly #keys: Map<string, string>;
  readonly #target: string | null;
  /** What is in force of others' choices. */
  readonly #others: ReadonlyMap<string, unknown>;
  /** Whether the last order that took one back knew which. */
  knewUndone = true;

  constructor(facts: Facts | null, { columns, target }: Pick<KnownColumns, 'columns' | 'target'>) {
    const persons = (facts?.decisions ?? []).filter(({ by }) => by === 'person');
    this.#given = new Map(persons.map(({ key, value, withdrawn }) => [key, withdrawn ? undefined : value]));
    this.#values = new Map(this.#given);
    const others = (facts?.decisions ?? []).filter(({ by }) => by !== 'person');
    this.#others = new Map(others.map(({ key, value }) => [key, value]));
    this.#keys = columnKeys([...new Set(columns)]);
    this.#target = target;
  }

  /** The key of a column's name. */
  keyOf(name: string): string {
    return this.#keys.get(name) ?? name;
  }

  valueOf(key: string): unknown {
    return this.#values.get(key);
  }

  /** What is in force of a key, whoever has decided it. */
  heldOf(key: string): unknown {
    return this.#values.get(key) ?? this.#others.get(key);
  }

  /** True where the person has said something of the key, also that it is the agent's. */
  isPersons(key: string): boolean {
    return this.#values.has(key);
  }

  /** True where it was decided before this stage began. */
  wasGiven(key: string): boolean {
    return this.#given.get(key) !== undefined;
  }

  /** What takes the last order of this stage back; null where there was none. */
  lastBack(): DecisionChange[] | null {
    const before = this.#before.at(-1);
    if (before === undefined) return null;
    return [...before].map(([key, value]) =>
      value === undefined ? { key, withdraw: true } : { key, value },
    );
  }

  /** True where the changes would leave no column to predict from. */
  leavesNone(changes: readonly DecisionChange[]): boolean {
    const after = new Map([...this.#values, ...changes.map(({ key, value }) => [key, value] as const)]);
    const target = after.get('target') ?? this.#target;
    const isOut = (key: string) => after.get(`column.${key}.use`) === 'out';
    return changes.length > 0 && [...this.#keys].every(([name, key]) => name === target || isOut(key));
  }

  /** What the ledger answered, or will; null where that is not known. */
  take(
    { undo, changes }: { undo: boolean; changes: readonly DecisionChange[] },
    outcome: Ordered | null,
  ): void {
    this.knewUndone = !undo || this.#before.length > 0;
    if (undo) this.#before.pop();
    const spoken = new Set(changes.map(({ key }) => key));
    const made = outcome?.decided ?? [];
    const before = made.filter(({ key }) => spoken.has(key)).map(({ key }) => key);
    if (before.length > 0) this.#before.push(new Map(before.map((key) => [key, this.#values.get(key)])));
    for (const { key, value, withdrawn, holds } of made)
      if (holds === 'now') this.#values.set(key, withdrawn ? undefined : value);
  }

  /** The facts with what is decided by now. */
  factsOf(facts: Facts): Facts {
    const changed = [...this.#values].filter(
      ([key, value]) => !this.#given.has(key) || this.#given.get(key) !== value,
    );
    if (changed.length === 0) return facts;
    const keys = new Set(changed.map(([key]) => key));
    const rest = (facts.decisions ?? []).filter(({ key }) => !keys.has(key));
    const made = changed.map(([key, value]) => ({
      ...{ key, value: value ?? null, by: 'person' },
      ...(value === undefined ? { withdrawn: true } : {}),
    }));
    const text = (key: string, given: string | null | undefined) =>
      keys.has(key) ? ((this.#values.get(key) as string | undefined) ?? null) : given;
    return {
      ...facts,
      decisions: [...rest, ...made],
      target: text('target', facts.target),
      metric: text('metric', facts.metric),
      excluded_columns: this.#excluded(facts.excluded_columns ?? [], keys),
      split_column: keys.has('split.strategy') ? null : facts.split_column,
    };
  }

  #excluded(given: readonly string[], changed: ReadonlySet<string>): string[] {
    const isSpoken = (name: string) => changed.has(`column.${this.keyOf(name)}.use`);
    const out = [...this.#keys].filter(
      ([name, key]) => isSpoken(name) && this.#values.get(`column.${key}.use`) === 'out',
    );
    return [...given.filter((name) => !isSpoken(name)), ...out.map(([name]) => name)];
  }
}
