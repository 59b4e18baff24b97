/** Which results are shown, as the page's address has it. */

import type { ResultsFilter } from '../../lib/api/classification.ts';

export const GROUPINGS = ['none', 'table', 'term'] as const;
export type ResultsGrouping = (typeof GROUPINGS)[number];

const SWITCHES = { doubt: 'needs_review', sensitive: 'sensitive', reviewed: 'reviewed' } as const;
export type SwitchName = keyof typeof SWITCHES;
export type SwitchValue = 'any' | 'yes' | 'no';

export const SWITCH_WORDS: Readonly<Record<SwitchName, Record<SwitchValue, string>>> = {
  doubt: { any: 'Sure or not', yes: 'Needs a person', no: 'Sure enough' },
  sensitive: { any: 'Sensitive or not', yes: 'Sensitive', no: 'Not sensitive' },
  reviewed: { any: 'Decided or not', yes: 'Decided', no: 'Not decided' },
};

export function switchOf(query: URLSearchParams, name: SwitchName): SwitchValue {
  const value = query.get(name);
  return value === 'yes' || value === 'no' ? value : 'any';
}

/** What the platform is asked for. */
export function filterOf(query: URLSearchParams): ResultsFilter {
  const filter: ResultsFilter = {};
  for (const name of ['q', 'code', 'database', 'table'] as const) {
    const value = query.get(name);
    if (value !== null && value !== '') filter[name] = value;
  }
  for (const [name, field] of Object.entries(SWITCHES)) {
    const value = switchOf(query, name as SwitchName);
    if (value !== 'any') filter[field] = value === 'yes';
  }
  return filter;
}

export const groupingOf = (query: URLSearchParams): ResultsGrouping =>
  GROUPINGS.find((each) => each === query.get('by')) ?? 'none';

export const orderOf = (query: URLSearchParams): 'position' | 'doubt' =>
  query.get('order') === 'doubt' ? 'doubt' : 'position';

/** True where something is left out. */
export const isFiltered = (filter: ResultsFilter): boolean => Object.keys(filter).length > 0;
