/**
 * Sessions side by side on their ledgers: what is settled in each and in what they differ, what they are called by it,
 * whether their scores may be compared, and their differences fold by fold.
 */

import { columnKeys } from '../../core/column-keys.ts';
import { type PlaceOfScore, rowGroups, scoreStandings } from '../../core/comparable-scores.ts';
import { firstStage } from '../../core/decisions.ts';
import { LimitsSchema } from '../../core/limits.ts';
import { type PairedDifference, pairedDifference, type Unpaired } from '../../core/paired-difference.ts';
import type { Principal } from '../../core/principal.ts';
import { inOrder, type NamedKey, sessionTitles } from '../../core/session-titles.ts';
import { differingKeys, isOfColumn, type SettledSession, settledOf } from '../../core/settled-decisions.ts';
import type { Stage } from '../../core/stages.ts';
import {
  type ComparedDecisions,
  type ComparedSession,
  comparedDecisions,
  compareSessions,
  type Queryable,
  tableColumns,
} from '../../db/index.ts';
import { type ReadSession, readSession, settledSession } from './compared-sessions.ts';
import { compare, isLessBetter } from './comparison.ts';

/** Cells of all sessions' decisions that an answer holds, and keys of it at least and at most. */
const MOST_CELLS = 20_000;
const FEWEST_KEYS = 20;
const MOST_KEYS = 200;

export interface ComparedFilter {
  ids: readonly string[];
  experiment: string | null;
  most: number;
  /** The session that others are compared with fold by fold; null: the oldest that has folds. */
  reference: string | null;
}

export async function comparedSessions(q: Queryable, principal: Principal, filter: ComparedFilter) {
  const sessions = await compareSessions(q, principal, filter);
  const most = Math.max(FEWEST_KEYS, Math.min(MOST_KEYS, Math.floor(MOST_CELLS / (sessions.length || 1))));
  const ids = sessions.map(({ id }) => id);
  const decided = await comparedDecisions(q, ids, most);
  const read = sessions.map(readSession);
  const keys = await namedKeys(q, sessions, decided);
  const settled = read.map((session) => settledSession(session, decided.decisions.get(session.id) ?? {}));
  const more = Math.max(0, decided.keys - most);
  return answerOf({ sessions: read, settled, keys, more }, filter.reference);
}

interface Read {
  sessions: readonly ReadSession[];
  settled: readonly SettledSession[];
  keys: readonly NamedKey[];
  /** Keys that were not read. */
  more: number;
}

function answerOf({ sessions, settled, keys, more }: Read, asked: string | null) {
  const differing = differingKeys(settled, keys).sort(inOrder);
  const titles = sessionTitles(settled, keys);
  const groups = rowGroups([...sessions].reverse());
  const places = scoreStandings([...sessions].reverse(), isLessBetter);
  const reference = referenceOf(sessions, asked);
  const { items, aggregates } = compare(sessions, groups);
  const compared = items.map((item, at) => {
    const session = sessions[at];
    const own = settled[at];
    if (session === undefined || own === undefined) throw new Error(`no session at ${at}`);
    return {
      ...shownSession(session),
      ...{ learner: item.learner, metrics: item.metrics, title: titles.get(item.id) ?? '' },
      test_rows: groups.get(item.id) ?? null,
      score: scoreOf(session, places.get(item.id)),
      decisions: Object.fromEntries(differing.map((key) => [key.key, settledOf(own, key)])),
      ...differenceOf(session, reference),
    };
  });
  return {
    items: compared,
    aggregates,
    differing,
    more_differing: more,
    reference: reference?.id ?? null,
  };
}

const shownSession = ({ id, experiment_id, name, state, created_at, forked }: ReadSession) => ({
  ...{ id, experiment_id, name, state, created_at, forked },
});

function scoreOf({ metric, value, folds, tested }: ReadSession, place: PlaceOfScore | undefined) {
  if (metric === null || value === null || place === undefined) return null;
  const spread = folds?.metric === metric ? standardDeviation(folds.scores) : null;
  return { metric, value, spread, rows: tested, less_is_better: isLessBetter(metric), ...place };
}

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** The one that was asked for, else the oldest that was cross-validated. */
function referenceOf(sessions: readonly ReadSession[], asked: string | null): ReadSession | null {
  const found = sessions.find(({ id }) => id === asked);
  return found ?? sessions.findLast(({ folds }) => folds !== null) ?? null;
}

/** What a session is to the reference: a difference, or why there is none. */
function differenceOf(
  session: ReadSession,
  reference: ReadSession | null,
): { difference: PairedDifference | null; unpaired: Unpaired | null } {
  if (reference === null || session.id === reference.id) return { difference: null, unpaired: null };
  const better = isLessBetter(session.folds?.metric ?? '') ? 'less' : 'greater';
  const found = pairedDifference(session.folds, reference.folds, better);
  return typeof found === 'string'
    ? { difference: null, unpaired: found }
    : { difference: found, unpaired: null };
}

/** Known of every session, whatever its ledger says. */
const SETTINGS: readonly string[] = [
  ...['agent', 'mode', 'seed', 'data_sharing', 'model.choice', 'metric'],
  ...Object.keys(LimitsSchema.shape).map((name) => `budget.${name}`),
];

/** All keys in which sessions may differ, with their columns' names. */
async function namedKeys(
  q: Queryable,
  sessions: readonly ComparedSession[],
  { decisions }: ComparedDecisions,
): Promise<NamedKey[]> {
  const keys = new Map<string, NamedKey>();
  const add = (key: string, stage: Stage | null) =>
    keys.set(key, { key, stage: firstStage(key) ?? stage, column: null });
  for (const key of SETTINGS) add(key, null);
  for (const own of decisions.values()) for (const [key, { stage }] of Object.entries(own)) add(key, stage);
  if (![...keys.keys()].some(isOfColumn)) return [...keys.values()];
  const names = await columnNames(q, sessions);
  return [...keys.values()].map((named) => {
    const column = /^column\.([^.]+)\./u.exec(named.key)?.[1];
    return column === undefined ? named : { ...named, column: names.get(column) ?? column };
  });
}

/** By key; of tables that name the same key otherwise the newest session's counts. */
async function columnNames(q: Queryable, sessions: readonly ComparedSession[]): Promise<Map<string, string>> {
  const experiments = [...new Set(sessions.map(({ experiment_id }) => experiment_id))];
  const tables = await tableColumns(q, experiments);
  const names = new Map<string, string>();
  for (const experiment of experiments.reverse())
    for (const [name, key] of columnKeys([...new Set(tables.get(experiment) ?? [])])) names.set(key, name);
  return names;
}
