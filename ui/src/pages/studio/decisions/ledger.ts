/**
 * The ledger of decisions as its tab shows it: each key with what is in force, what waits, and what was before. Pure.
 */

import { type Decision, STAGES, type Stage } from '../../../lib/api/types.ts';
import { KEY_ORDER } from './decision-words.ts';

export interface Ledger {
  /** In force; with its history every row. */
  items: Decision[];
  /** A person's changes that wait for the end of the stage that runs. */
  queued: Decision[];
}

/** All that the ledger has of one key. */
export interface KeyDecisions {
  key: string;
  current: Decision | null;
  /** Not yet in force: of a step that still runs, or a change that waits. */
  coming: Decision[];
  /** No longer in force or never was, the newest first. */
  earlier: Decision[];
}

/** Decisions of a stage; those that concern none are limits. */
export interface StageDecisions {
  stage: Stage | null;
  keys: KeyDecisions[];
}

const COLUMN = /^column\.([^.]+)\.([a-z_]+)$/u;

/** The column's key and what is decided of it; null for a key that is of no column. */
export function columnOf(key: string): { column: string; about: string } | null {
  const [, column, about] = COLUMN.exec(key) ?? [];
  return column === undefined || about === undefined ? null : { column, about };
}

/** @returns by key, in the order in which they were first decided */
export function decisionsByKey({ items, queued }: Ledger): Map<string, KeyDecisions> {
  const rows = new Map([...items, ...queued].map((row) => [row.id, row]));
  const found = new Map<string, KeyDecisions>();
  for (const row of [...rows.values()].sort((one, other) => one.position - other.position)) {
    const entry = found.get(row.key) ?? { key: row.key, current: null, coming: [], earlier: [] };
    found.set(row.key, entry);
    if (row.standing === 'in_force') entry.current = row;
    else if (row.standing === 'queued' || row.standing === 'proposed') entry.coming.push(row);
    else entry.earlier.unshift(row);
  }
  return found;
}

/** The row that speaks for a key. */
export const speaker = ({ current, coming, earlier }: KeyDecisions): Decision | undefined =>
  current ?? coming.at(-1) ?? earlier[0];

/** What a person may decide before anyone has. */
const OPEN: ReadonlyMap<string, Stage> = new Map<string, Stage>([
  ['target', 'eda'],
  ['problem', 'eda'],
  ['rows.repeats', 'prep'],
  ['split.strategy', 'prep'],
  ['split.by', 'prep'],
  ['metric', 'train'],
  ['model.choice', 'train'],
]);

export const undecided = (key: string): KeyDecisions => ({ key, current: null, coming: [], earlier: [] });

/** With those that are still left to the agent. */
export const withOpen = (entries: ReadonlyMap<string, KeyDecisions>): KeyDecisions[] => [
  ...entries.values(),
  ...[...OPEN.keys()].filter((key) => !entries.has(key)).map(undecided),
];

/** What is of no column, by stage in their order; stages without a decision are left out. */
export function decisionsByStage(entries: Iterable<KeyDecisions>): StageDecisions[] {
  const plain = [...entries].filter(({ key }) => columnOf(key) === null);
  return [...STAGES, null].flatMap((stage) => {
    const keys = plain.filter((entry) => stageOf(entry) === stage).sort(inOrder);
    return keys.length === 0 ? [] : [{ stage, keys }];
  });
}

function stageOf(entry: KeyDecisions): Stage | null {
  const speaks = speaker(entry);
  return speaks ? speaks.stage : (OPEN.get(entry.key) ?? null);
}

/** The same order however often a decision is changed. */
function inOrder({ key }: KeyDecisions, { key: other }: KeyDecisions): number {
  const place = (each: string): number => (KEY_ORDER.indexOf(each) + 1 || KEY_ORDER.length + 1) - 1;
  return place(key) - place(other) || key.localeCompare(other);
}
