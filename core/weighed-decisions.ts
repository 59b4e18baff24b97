/** Decisions as they are shown: what was weighed stays beside a decision when a person makes another one. Pure. */

import { type Decision, isSettled } from './decisions.ts';

/** Rows that others than a person have made; what a lost step said counts for nothing. */
const isOwn = (row: Decision): boolean =>
  !isSettled(row) && row.standing !== 'dropped' && row.standing !== 'proposed';

/** The ledger, in which the person's decisions have as alternatives what the last script chose, and weighed. */
export function withWeighed(ledger: readonly Decision[]): Decision[] {
  const own = new Map(ledger.filter(isOwn).map((row) => [row.key, row]));
  return ledger.map((row) => {
    const chosen = own.get(row.key);
    if (chosen === undefined || !isSettled(row) || row.withdraws || row.alternatives.length > 0) return row;
    const weighed = [{ value: chosen.value, changes: chosen.reason }, ...chosen.alternatives];
    const same = JSON.stringify(row.value);
    return { ...row, alternatives: weighed.filter(({ value }) => JSON.stringify(value) !== same) };
  });
}
