/** What a column is to the table as a whole, and which decisions make it so. */

import type { DecisionChange } from './pending-changes.ts';

export const ROLES = {
  feature: 'feature',
  target: 'target',
  group: 'groups rows',
  time: 'orders the split',
  column: 'names the split',
} as const;
export type ColumnRole = keyof typeof ROLES;
/** Those that a person may give. */
const GIVEN_ROLES = ['feature', 'target', 'group', 'time'] as const satisfies ColumnRole[];

/** By name (or key) of each column that is more than a feature. */
export function columnRoles(values: (key: string) => unknown): Map<string, ColumnRole> {
  const roles = new Map<string, ColumnRole>();
  const strategy = values('split.strategy');
  const role = strategy === 'time' || strategy === 'column' ? strategy : 'group';
  for (const name of namesIn(values('split.by'))) roles.set(name, role);
  for (const name of namesIn(values('target'))) roles.set(name, 'target');
  return roles;
}

const namesIn = (value: unknown): string[] => [value].flat().filter((each) => typeof each === 'string');

/**
 * What has to be decided so that the column `name`, which is `now`, gets the role.
 * @param oneByOne how rows are dealt where no column says so
 */
export function roleChanges(
  { name, now, oneByOne }: { name: string; now: ColumnRole; oneByOne: string },
  role: ColumnRole,
): DecisionChange[] {
  if (role === 'target') return [{ key: 'target', value: name }];
  if (role === 'group' || role === 'time' || role === 'column')
    return [
      { key: 'split.by', value: name },
      { key: 'split.strategy', value: role },
    ];
  if (now === 'feature' || now === 'target') return [];
  return [
    { key: 'split.by', value: null },
    { key: 'split.strategy', value: oneByOne },
  ];
}

/** What a column may become, what it is first. The target stays it until another column is made it. */
export function possibleRoles({ role, planned }: { role: ColumnRole; planned: ColumnRole }): ColumnRole[] {
  return [...new Set([role, planned, ...(role === 'target' ? [] : GIVEN_ROLES)])];
}

/** Keys of changes that were begun about the column's role; taken back, it has the role that is in force. */
export function roleKeys(
  { name, role }: { name: string; role: ColumnRole },
  pending: (key: string) => unknown,
): string[] {
  const ofTarget = role === 'target' || pending('target') === name;
  const ofSplit = (role !== 'feature' && role !== 'target') || pending('split.by') === name;
  return [...(ofTarget ? ['target'] : []), ...(ofSplit ? ['split.by', 'split.strategy'] : [])];
}
