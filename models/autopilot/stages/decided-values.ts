/**
 * What the ledger says that a person has decided, or that was kept from another session, as the brief lists it. Scripts
 * follow it by themselves.
 */

import { columnKeys } from '../../../core/column-keys.ts';
import type { Facts, Split } from '../facts.ts';

/** The settled value of a key; undefined where none is. */
export function decidedValue({ decisions }: Pick<Facts, 'decisions'>, key: string): unknown {
  const found = decisions?.find(
    ({ key: each, by, inherited }) => each === key && (by === 'person' || inherited === true),
  );
  return found?.withdrawn ? undefined : found?.value;
}

/** Of all the table's columns those that a person wants to be used. */
export function columnsIncluded(facts: Pick<Facts, 'decisions'>, names: readonly string[]): string[] {
  return [...columnKeys([...new Set(names)])]
    .filter(([, key]) => decidedValue(facts, `column.${key}.use`) === 'in')
    .map(([name]) => name);
}

/** Whether rows that repeat others are left out: as a person has decided, else as was measured. */
export function dropsRepeats(facts: Pick<Facts, 'decisions'>, measured: boolean): boolean {
  const decided = decidedValue(facts, 'rows.repeats');
  return decided === 'drop' || decided === 'keep' ? decided === 'drop' : measured;
}

/** How rows are to be dealt; null leaves it to what is measured. `dates` are columns that order rows. */
export function splitDecided(facts: Pick<Facts, 'decisions'>, dates: readonly string[]): Split | null {
  const strategy = decidedValue(facts, 'split.strategy');
  const by = decidedValue(facts, 'split.by');
  const asked = { because: 'it was asked for', confirm: false };
  if (strategy === 'random' || strategy === 'stratified') return { strategy, by: null, ...asked };
  if (typeof by !== 'string') return null;
  const usual = dates.includes(by) ? 'time' : 'group';
  return { strategy: typeof strategy === 'string' ? strategy : usual, by, ...asked };
}
