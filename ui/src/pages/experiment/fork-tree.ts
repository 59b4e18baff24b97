/** Which session was forked from which, with what was changed on the way. Pure. */

import { changeTitle, type Settled, type SettledSession } from '../../../../core/session-titles.ts';
import type { ComparedSession, Comparison, DifferingKey } from '../../lib/api/answers.ts';
import { STAGE_NAMES } from '../../lib/api/types.ts';
import { formatExact, formatNumber, formatSpread } from '../../lib/format/numbers.ts';
import { STANDING_WORDS } from '../compare/difference-words.ts';

export interface Branch {
  session: ComparedSession;
  /** Where it left its origin and what was changed; null for one that no session of the experiment is the origin of. */
  edge: { where: string; changed: string } | null;
  forks: Branch[];
}

/** The trees that have a fork, the oldest first; forks in the order in which they were made. */
export function forkTrees({ items, differing }: Pick<Comparison, 'items' | 'differing'>): Branch[] {
  const sessions = new Map(items.map((session) => [session.id, session]));
  const forks = new Map<string | null, ComparedSession[]>();
  for (const session of items.toSorted((a, b) => a.created_at.localeCompare(b.created_at))) {
    const origin = session.forked && sessions.has(session.forked.session) ? session.forked.session : null;
    forks.set(origin, [...(forks.get(origin) ?? []), session]);
  }
  const branch = (session: ComparedSession, origin: ComparedSession | null): Branch => ({
    session,
    edge: origin && { where: whereOf(session), changed: changeOf(session, origin, differing) },
    forks: (forks.get(session.id) ?? []).map((fork) => branch(fork, session)),
  });
  return (forks.get(null) ?? [])
    .map((session) => branch(session, null))
    .filter((tree) => tree.forks.length > 0 || tree.session.forked !== null);
}

/** How many sessions a tree has. */
export const sizeOf = ({ forks }: Branch): number => 1 + forks.reduce((sum, fork) => sum + sizeOf(fork), 0);

function whereOf({ forked }: ComparedSession): string {
  if (!forked?.stage) return forked?.whole ? 'before EDA' : 'forked';
  return `${forked.whole ? 'after' : 'within'} ${STAGE_NAMES[forked.stage]}`;
}

function changeOf(
  session: ComparedSession,
  origin: ComparedSession,
  differing: readonly DifferingKey[],
): string {
  return changeTitle(settledSession(session), settledSession(origin), differing);
}

/** What is not told is not known here, so that it differs from nothing. */
function settledSession({ id, experiment_id, decisions }: ComparedSession): SettledSession {
  const known = Object.entries(decisions).flatMap(([key, settled]): [string, Settled][] =>
    settled === null ? [] : [[key, settled]],
  );
  return { id, experiment_id, settled: new Map(known), done: [], has_ledger: false };
}

/** A session's score beside the others: in words, with whether it may be ranked with them. */
export function scoreWords({ score }: ComparedSession): { text: string; title: string; note: string } | null {
  if (score === null) return null;
  const { metric, value, spread, rows, standing, best } = score;
  const name = metric.replaceAll('_', ' ');
  const varies = spread === null ? '' : ` ± ${formatSpread(spread)}`;
  const on = rows === null ? '' : ` on ${rows} test rows`;
  return {
    text: `${name} ${formatNumber(value)}${varies}`,
    title: `${name} ${formatExact(value)}${on}`,
    note: [best ? 'best' : '', STANDING_WORDS[standing]].filter(Boolean).join(', '),
  };
}
