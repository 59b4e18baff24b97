/** What reports call their figures: the words under them there are their captions everywhere. */

import { type Purify, renderMarkdown } from '../../lib/markdown/render-markdown.ts';
import type { Report } from '../../lib/streams/session-log.ts';

/** Words by the file's address without its checkpoint; a later report has the last word. */
export function figureWords(
  reports: readonly Report[],
  sessionId: string,
  purify: Purify,
): Map<string, string> {
  const words = new Map<string, string>();
  for (const { content, stage } of reports) {
    for (const picture of renderMarkdown(content, purify, { sessionId, folder: stage }).pictures) {
      if (picture.words.trim() !== '') words.set(picture.url, picture.words.trim());
    }
  }
  return words;
}

/** The caption that a report gives the file, else its name without what only files have. */
export const captionOf = (words: ReadonlyMap<string, string>, url: string, name: string): string =>
  words.get(url.split('?', 1)[0] ?? url) ?? titleOf(name);

const titleOf = (name: string): string => name.replace(/\.[a-z]+$/i, '').replaceAll('_', ' ');
