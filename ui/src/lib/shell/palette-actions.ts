/** What the palette offers and the shortcuts do: one table, so that help can list them all. */

import type { Permission } from '../../../../core/access/permissions.ts';
import { links } from '../routing/routes.ts';

export interface PaletteAction {
  id: string;
  label: string;
  /** For the bar of a phone. */
  short?: string;
  /** Second line or right-hand words. */
  note?: string;
  group: 'Go to' | 'Do' | 'Experiments' | 'Sessions';
  /** Keys pressed one after the other, e.g. `g e`. */
  keys?: string;
  href?: string;
  perform?: () => void;
  /** What one must be allowed for it to be offered. */
  permission?: Permission;
}

/** The places of the rail, in its order. */
export const PLACES: readonly PaletteAction[] = [
  { id: 'gallery', label: 'Experiments', group: 'Go to', keys: 'g e', href: links.gallery() },
  { id: 'compare', label: 'Compare', group: 'Go to', keys: 'g c', href: links.compare() },
  { id: 'models', label: 'Models', group: 'Go to', keys: 'g m', href: links.models() },
  { id: 'agents', label: 'Agents', group: 'Go to', keys: 'g a', href: links.agents() },
  {
    ...{ id: 'classify', label: 'Classification', short: 'Classify', group: 'Go to', keys: 'g t' },
    href: links.classify(),
  },
  { id: 'status', label: 'Status', group: 'Go to', keys: 'g s', href: links.status() },
  { id: 'settings', label: 'Settings', group: 'Go to', keys: 'g ,', href: links.settings() },
  {
    ...{ id: 'vocabularies', label: 'Vocabularies', note: 'terms that columns are given', group: 'Do' },
    href: links.vocabularies(),
  },
  {
    ...{
      id: 'connections',
      label: 'Data connections',
      note: 'servers that columns are read from',
      group: 'Do',
    },
    href: links.connections(),
  },
  {
    ...{
      id: 'explain',
      label: 'Explain one column',
      note: 'its term, from values that you paste',
      group: 'Do',
    },
    href: links.explain(),
  },
  {
    ...{ id: 'new', label: 'New experiment', group: 'Do', keys: 'n', permission: 'session:write' },
    href: links.new(),
  },
];

/** Shortcuts that pages answer to, for the list that `?` opens. */
export const PAGE_KEYS: readonly { group: string; keys: readonly { keys: string; label: string }[] }[] = [
  {
    group: 'Everywhere',
    keys: [
      { keys: 'Ctrl K', label: 'Search and commands' },
      { keys: '?', label: 'This list' },
      { keys: 'Esc', label: 'Close what is open' },
    ],
  },
  {
    group: 'Lists',
    keys: [
      { keys: 'j', label: 'Next' },
      { keys: 'k', label: 'Previous' },
      { keys: 'Enter', label: 'Open' },
      { keys: '/', label: 'Search in the list' },
    ],
  },
  {
    group: 'A column of a classification',
    keys: [
      { keys: 'a', label: 'Accept its term' },
      { keys: 'c', label: 'Correct it' },
      { keys: 'r', label: 'Reject it' },
      { keys: 'n', label: 'None of the terms' },
      { keys: 'b', label: 'With the columns like it' },
      { keys: 'u', label: 'Undo the last decision' },
    ],
  },
];

/**
 * How well `text` answers `query`: 0 for not at all. Each word must occur; the start of a word counts more, and so
 * does the start of the text.
 */
export function matchScore(text: string, query: string): number {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const lowered = text.toLowerCase();
  let score = 1;
  for (const word of words) {
    const at = lowered.indexOf(word);
    if (at < 0) return 0;
    const startsWord = at === 0 || /[^\p{L}\p{N}]/u.test(lowered[at - 1] ?? '');
    score += (startsWord ? 2 : 1) + (at === 0 ? 2 : 0) + word.length / (lowered.length + 1);
  }
  return score;
}

/** The best answers in their groups' order, at most `most`. */
export function findActions(actions: readonly PaletteAction[], query: string, most = 12): PaletteAction[] {
  const scored = actions
    .map((action) => ({ action, score: matchScore(`${action.label} ${action.note ?? ''}`, query) }))
    .filter(({ score }) => score > 0);
  if (query.trim() !== '') scored.sort((a, b) => b.score - a.score);
  return scored.slice(0, most).map(({ action }) => action);
}
