/** Which of the known names somebody may have meant. */

/** Names offered to somebody who wrote another one. */
const MOST_OFFERED = 3;
/** Names compared; of a very wide table the first ones. */
const MOST_COMPARED = 8_000;
/** Characters of a name that are compared. */
const COMPARED_CHARACTERS = 32;
/** Names listed where none is near. */
const LISTED = 12;

/** The known names that are like `name`, the nearest first; none where nothing is like it. */
export function nearestNames(name: string, known: readonly string[]): string[] {
  const sought = plain(name);
  if (sought === '') return [];
  return known
    .slice(0, MOST_COMPARED)
    .map((each) => ({ each, distance: difference(sought, plain(each)) }))
    .filter(({ distance }) => distance < 0.5)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_OFFERED)
    .map(({ each }) => each);
}

/** A sentence that offers the nearest names, as `nearestNames` found them, or the known ones where none is near. */
export function offerNames(near: readonly string[], known: readonly string[], what: string): string {
  if (near.length > 0) return `Did you mean ${near.map(quoted).join(' or ')}?`;
  const rest = known.length - LISTED;
  const listed = known.slice(0, LISTED).map(quoted).join(', ');
  return `${what} ${listed}${rest > 0 ? ` and ${rest} more` : ''}.`;
}

export const quoted = (name: string): string => `'${name.length > 80 ? `${name.slice(0, 79)}…` : name}'`;

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .slice(0, COMPARED_CHARACTERS);

/** 0 for the same, 1 for nothing in common; a name that holds the other one is near. */
function difference(a: string, b: string): number {
  if (b === '') return 1;
  if (a.length > 1 && b.length > 1 && (a.includes(b) || b.includes(a))) return a === b ? 0 : 0.25;
  return editDistance(a, b) / Math.max(a.length, b.length);
}

/** Letters to insert, remove or change. */
function editDistance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const now = [row];
    for (let at = 1; at <= b.length; at += 1) {
      const changed = (before[at - 1] ?? 0) + (a[row - 1] === b[at - 1] ? 0 : 1);
      now[at] = Math.min(changed, (before[at] ?? 0) + 1, (now[at - 1] ?? 0) + 1);
    }
    before = now;
  }
  return before[b.length] ?? 0;
}
