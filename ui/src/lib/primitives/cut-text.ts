/** Where a name is cut that has no room: in its middle, since names that are alike differ at their end. */

/** Up to so many characters it is cut at its end, if at all. */
const SHORT = 20;
/** Characters that always stay at the end. */
const TAIL = 9;

/** What may be cut and what stays; null for a name that is short. Never between the halves of a character. */
export function cutAt(text: string): { head: string; tail: string } | null {
  const characters = [...text];
  if (characters.length <= SHORT) return null;
  return { head: characters.slice(0, -TAIL).join(''), tail: characters.slice(-TAIL).join('') };
}
