/**
 * What is to be known of a streamed file, in a header of its answer: JSON, percent-encoded, as headers are ASCII. Lists
 * are cut to what clients take in headers; `cut` then says so.
 */

export const NOTES_HEADER = 'tempera-notes';
/** Servers and clients take some 16 kB of headers in all. */
const MOST_CHARACTERS = 6_000;

/** The lists of `notes`, as many items of each as there is room for. */
export function notesHeader(notes: Readonly<Record<string, unknown>>): string {
  for (let most = 64; ; most = Math.floor(most / 2)) {
    const cut = Object.values(notes).some((value) => Array.isArray(value) && value.length > most);
    const shorter = Object.fromEntries(
      Object.entries(notes).map(([key, value]) => [key, Array.isArray(value) ? value.slice(0, most) : value]),
    );
    const header = encodeURIComponent(JSON.stringify(cut ? { ...shorter, cut } : shorter));
    if (header.length <= MOST_CHARACTERS || most === 0) return header;
  }
}
