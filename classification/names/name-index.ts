/** The terms of a vocabulary by what they are called: a run of words, written as one. */

import type { SetId } from '../../core/evidence/frame.ts';
import { labelParts } from '../vocabulary/label-parts.ts';
import type { Term, Vocabulary } from '../vocabulary/vocabulary.ts';
import { tokensOf } from './tokens.ts';

export type NameKind = 'label' | 'code' | 'abbreviation' | 'common name' | 'acronym';

export interface NameEntry {
  kind: NameKind;
  code: string;
  set: SetId;
  /** As its vocabulary writes it. */
  text: string;
  words: readonly string[];
}

export interface NameIndex {
  byKey: ReadonlyMap<string, readonly NameEntry[]>;
  /** Labels of two words or more by their first word. */
  byFirstWord: ReadonlyMap<string, readonly NameEntry[]>;
  /** Words of the longest name. */
  longest: number;
}

const LEAST_OF_ACRONYM = 3;

/** Made nodes are called nothing: no text is theirs. */
export function indexNames({ terms, frame }: Vocabulary): NameIndex {
  const byKey = new Map<string, NameEntry[]>();
  const byFirstWord = new Map<string, NameEntry[]>();
  const entries = [...terms.values()].flatMap((term) =>
    term.isMade ? [] : entriesOf(term, frame.setOfCode(term.code)),
  );
  for (const entry of [...entries, ...acronyms(entries)]) {
    push(byKey, entry.words.join(''), entry);
    if (entry.kind === 'label' && entry.words.length > 1) push(byFirstWord, entry.words[0] ?? '', entry);
  }
  return { byKey, byFirstWord, longest: Math.max(1, ...entries.map(({ words }) => words.length)) };
}

function entriesOf({ code, label, abbreviations, commonNames }: Term, set: SetId): NameEntry[] {
  const named =
    (kind: NameKind) =>
    (text: string): NameEntry => ({ kind, code, set, text, words: tokensOf(text) });
  return [
    named('label')(label),
    named('code')(code.slice(code.lastIndexOf('.') + 1)),
    ...abbreviations.map(named('abbreviation')),
    ...[...commonNames, ...labelParts(label)].map(named('common name')),
  ].filter(({ words }) => words.length > 0);
}

/** First letters of a label of three words or more, where nothing else is called so. */
function acronyms(entries: readonly NameEntry[]): NameEntry[] {
  const taken = new Set(entries.map(({ words }) => words.join('')));
  const made = entries
    .filter(({ kind, words }) => kind === 'label' && words.length >= LEAST_OF_ACRONYM)
    .map((entry): NameEntry => {
      const text = entry.words.map((word) => word[0] ?? '').join('');
      return { ...entry, kind: 'acronym', text, words: [text] };
    });
  const count = new Map<string, number>();
  for (const { text } of made) count.set(text, (count.get(text) ?? 0) + 1);
  return made.filter(({ text }) => !taken.has(text) && count.get(text) === 1);
}

function push(entries: Map<string, NameEntry[]>, key: string, entry: NameEntry): void {
  const known = entries.get(key);
  if (known) known.push(entry);
  else entries.set(key, [entry]);
}
