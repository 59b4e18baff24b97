/** Which forms a column's values have, and what occurs within them. */

import { fires, type Signal } from '../evidence.ts';
import type { Attachment } from '../meanings/attachments.ts';
import type { Pattern } from './pattern.ts';

/** How many of the values have each form; forms that none has are left out. */
export function patternSignals(
  patterns: readonly Pattern[],
  values: readonly string[],
  attachments: ReadonlyMap<string, readonly Attachment[]>,
): Signal[] {
  return patterns.flatMap((pattern): Signal[] => {
    let matched = 0;
    for (const value of values) if (pattern.matches(value)) matched += 1;
    if (matched === 0) return [];
    const { name, title, isWeak, meaning } = pattern;
    const attached = attachments.get(meaning) ?? [];
    return [
      { name, title, isWeak, attached, matched, of: values.length, fires: fires(matched, values.length) },
    ];
  });
}

/** What occurs in any value, however few: found, not diluted, and kept apart from what the column is. */
export interface Contained {
  name: string;
  title: string;
  /** Values in which it occurs. */
  values: number;
}

export function containedIn(patterns: readonly Pattern[], values: readonly string[]): Contained[] {
  const sought = patterns.filter(({ isSoughtInText }) => isSoughtInText);
  const counts = new Map<Pattern, number>();
  for (const value of values) {
    const pieces = piecesOf(value);
    for (const pattern of sought)
      if (pieces.some((piece) => pattern.matches(piece))) counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  return [...counts].map(([{ name, title }, count]) => ({ name, title, values: count }));
}

const BETWEEN = /[\s"'<>()[\]{}|,;]+/;
/** Shorter pieces are nothing that is sought: an IPv6 address like ::1 would be found in any clock. */
const LEAST_PIECE = 6;
/** One of these is in everything that is sought: words without are passed over. */
const TELLING = /[\d@.:_-]/;
const MOST_GROUPS = 9;
const SHORTEST_GROUPED = 13;
const LONGEST_GROUPED = 34;

/** The value, its parts between blanks and brackets, and numbers that are written in groups. */
function piecesOf(value: string): string[] {
  const plain = value.length < LEAST_PIECE ? [] : [value];
  if (!/[\s"'<>()[\]{}|,;:=]/.test(value)) return plain;
  const parts = value.split(BETWEEN).map(withoutEnd);
  const behind = parts.flatMap((part) => [after(part, ':'), after(part, '=')]);
  const pieces = [...parts, ...behind].filter((piece) => piece.length >= LEAST_PIECE && TELLING.test(piece));
  return [...plain, ...pieces, ...groupedIn(value)];
}

/** Without the signs that end a sentence. */
function withoutEnd(part: string): string {
  let end = part.length;
  while (end > 0 && '.:!?'.includes(part[end - 1] ?? '')) end -= 1;
  return part.slice(0, end);
}

const after = (part: string, sign: string): string =>
  part.includes(sign) ? part.slice(part.indexOf(sign) + 1) : '';

/** `4111 1111 1111 1111` and the like: groups with one blank or hyphen between them, put together. */
function groupedIn(text: string): string[] {
  const groups = [...text.matchAll(/[A-Z0-9]+/g)].map(({ 0: group, index }) => ({ group, index }));
  return groups.flatMap((_, first) => {
    const found: string[] = [];
    let joined = '';
    for (const [at, { group, index }] of groups.slice(first, first + MOST_GROUPS).entries()) {
      const before = groups[first + at - 1];
      if (at > 0 && !(before && /^[ -]$/.test(text.slice(before.index + before.group.length, index)))) break;
      joined += group;
      if (joined.length > LONGEST_GROUPED) break;
      if (at > 0 && joined.length >= SHORTEST_GROUPED) found.push(joined);
    }
    return found;
  });
}
