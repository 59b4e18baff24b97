/**
 * What is settled in several sessions, key by key, and in what they differ: a decision in force, a setting, or what no
 * decision says because nobody disputed it. A key whose stage is not done in a session is not settled there. Pure.
 */

import type { Decider } from './decisions.ts';
import { grouped } from './grouped.ts';
import type { Stage } from './stages.ts';

/** A value with who decided it; null where nobody did: it is how things are without a decision. */
export interface Settled {
  value: unknown;
  by: Decider | null;
}

export interface SettledSession {
  id: string;
  experiment_id: string;
  /** By key: decisions in force and settings. */
  settled: ReadonlyMap<string, Settled>;
  /** Stages that are done and not out of date. */
  done: readonly Stage[];
  /** False for one of a release that kept no decisions: what is not settled is not known. */
  has_ledger: boolean;
}

/** A key with the stage that decides it; null where none does. */
export interface ComparedKey {
  key: string;
  stage: Stage | null;
}

const USE = /^column\.[^.]+\.use$/u;
const OF_COLUMN = /^column\./;
const UNDISPUTED: Settled = { value: null, by: null };
const USED: Settled = { value: 'in', by: null };

export const isOfColumn = (key: string): boolean => OF_COLUMN.test(key);

/** What holds of a key in a session; null while it is not decided yet, or not known. */
export function settledOf(session: SettledSession, { key, stage }: ComparedKey): Settled | null {
  const own = session.settled.get(key);
  if (own !== undefined) return own;
  if (!session.has_ledger) return null;
  // a stage decides anew whatever it rests on, so that it has to be done itself
  if (stage !== null && !session.done.includes(stage)) return null;
  return USE.test(key) ? USED : UNDISPUTED;
}

/**
 * Of the keys those in which any two sessions differ, in their order. Columns are compared within their experiment:
 * another table has others.
 */
export function differingKeys<Key extends ComparedKey>(
  sessions: readonly SettledSession[],
  keys: readonly Key[],
): Key[] {
  const experiments = grouped(sessions, ({ experiment_id }) => experiment_id);
  return keys.filter((key) => {
    const groups = isOfColumn(key.key) ? [...experiments.values()] : [sessions];
    return groups.some((group) => new Set(group.flatMap((session) => textOf(session, key))).size > 1);
  });
}

/** Nothing for what is not settled: it differs from nothing. */
function textOf(session: SettledSession, key: ComparedKey): string[] {
  const settled = settledOf(session, key);
  return settled === null ? [] : [JSON.stringify(settled.value ?? null)];
}
