/** What sessions of one experiment are called beside each other: what they differ in (“without age, sex · linear”). */

import { grouped } from './grouped.ts';
import {
  type ComparedKey,
  differingKeys,
  type Settled,
  type SettledSession,
  settledOf,
} from './settled-decisions.ts';

export type { Settled, SettledSession };

/** A key, with the name of the column that it is of. */
export interface NamedKey extends ComparedKey {
  column: string | null;
}

/** Columns and parts that a title names. */
const MOST_COLUMNS = 3;
const MOST_PARTS = 4;
const LONGEST_VALUE = 40;
const END_OF_ID = 6;

/** Known keys in the order in which a title names them; those of scripts stand before the settings. */
const ORDER: readonly string[] = ['target', 'problem', 'use', 'kind', 'rows', 'split', 'metric', 'model'];
const SETTINGS = /^(agent|mode|seed|data_sharing|budget\.)/;

/** By id, each its own: where sessions do not differ, or as others do, the id's end tells them apart. */
export function sessionTitles(
  sessions: readonly SettledSession[],
  keys: readonly NamedKey[],
): Map<string, string> {
  const titles = new Map<string, string>();
  for (const group of grouped(sessions, ({ experiment_id }) => experiment_id).values()) {
    const differing = differingKeys(group, keys).sort(inOrder);
    const words = group.map((session) => ({ id: session.id, text: titleOf(session, differing) }));
    const counts = grouped(words, ({ text }) => text);
    for (const { id, text } of words) {
      const isAlone = text !== '' && counts.get(text)?.length === 1;
      titles.set(id, isAlone ? text : `${text} …${id.slice(-END_OF_ID)}`.trim());
    }
  }
  return titles;
}

/** What a session differs in from one that it came from, at most a few parts: '' where in nothing. */
export function changeTitle(
  session: SettledSession,
  origin: SettledSession,
  keys: readonly NamedKey[],
): string {
  return titleOf(session, differingKeys([session, origin], keys).sort(inOrder));
}

function titleOf(session: SettledSession, keys: readonly NamedKey[]): string {
  const known = keys.flatMap((key) => {
    const settled = settledOf(session, key);
    return settled === null ? [] : [{ ...key, ...settled }];
  });
  const parts = [...grouped(known, partOf)].map(([part, values]) => partWords(part, values));
  const named = parts.filter((words) => words !== '');
  const more = named.length - MOST_PARTS;
  return [...named.slice(0, MOST_PARTS), ...(more > 0 ? [`${more} more`] : [])].join(' · ');
}

type Known = NamedKey & Settled;

/** Keys in the order in which they are told: what is predicted first, settings last. */
export function inOrder(one: NamedKey, other: NamedKey): number {
  return placeOf(one) - placeOf(other) || one.key.localeCompare(other.key);
}

function placeOf(key: NamedKey): number {
  const place = ORDER.indexOf(partOf(key));
  if (place >= 0) return place;
  return SETTINGS.test(key.key) ? ORDER.length + 1 : ORDER.length;
}

/** Keys that are told together. */
function partOf({ key }: Pick<NamedKey, 'key'>): string {
  const about = /^column\.[^.]+\.([a-z_]+)$/u.exec(key)?.[1];
  if (about === 'use' || about === 'kind') return about;
  if (key === 'split.strategy' || key === 'split.by') return 'split';
  return { 'rows.repeats': 'rows', 'model.choice': 'model' }[key] ?? key;
}

function partWords(part: string, values: readonly Known[]): string {
  const [first] = values;
  if (first === undefined) return '';
  switch (part) {
    case 'target':
      return `predicts ${plain(first.value)}`;
    case 'use':
      return useWords(values);
    case 'kind':
      return values
        .filter(({ value }) => value !== null)
        .slice(0, MOST_COLUMNS)
        .map(({ column, key, value }) => `${column ?? key} as ${plain(value)}`)
        .join(', ');
    case 'rows':
      return first.value === 'keep' ? 'repeats kept' : 'repeats left out';
    case 'split':
      return splitWords(values);
    case 'metric':
      return `judged by ${plain(first.value)}`;
    case 'problem':
    case 'model':
      return spaced(first.value);
    case 'agent':
      return plain(first.value);
    default:
      return `${keyWords(first)} ${plain(first.value)}`;
  }
}

/** The columns left out; of a session that leaves out none of them, those that it has. */
function useWords(values: readonly Known[]): string {
  const out = values.filter(({ value }) => value === 'out');
  const named = (out.length > 0 ? out : values).map(({ column, key }) => column ?? key);
  const more = named.length - MOST_COLUMNS;
  const list = named.slice(0, MOST_COLUMNS).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `${out.length > 0 ? 'without' : 'with'} ${list}`;
}

function splitWords(values: readonly Known[]): string {
  const by = values.find(({ key }) => key === 'split.by')?.value;
  if (typeof by === 'string') return `split by ${plain(by)}`;
  const strategy = values.find(({ key }) => key === 'split.strategy')?.value;
  return typeof strategy === 'string' ? `${spaced(strategy)} split` : '';
}

/** `budget.turns` → turns; `column.age.missing` → age missing; `model.max_depth` → max depth. */
function keyWords({ key, column }: NamedKey): string {
  const last = (key.split('.').at(-1) ?? key).replaceAll('_', ' ');
  return column === null ? last : `${column} ${last}`;
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

/** Words of ours: `extra_trees` → extra trees. A name of the person's stays as it is. */
const spaced = (value: unknown): string => (value === null ? '' : plain(value).replaceAll('_', ' '));
