/** Source code as coloured spans. Its HTML is highlight.js's own: every character of the source comes out escaped. */

import hljs from 'highlight.js/lib/core';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import sql from 'highlight.js/lib/languages/sql';

export type Language = 'python' | 'sql' | 'json' | 'text';

/** Longer sources are shown plain: colouring them would hold the page up. */
const MOST_CHARACTERS = 200_000;
const KNOWN = { python, sql, json };

/** One HTML string a line; spans that run over a line's end are closed and opened again. */
export function highlightLines(source: string, language: Language): string[] {
  return splitLines(highlight(source, language));
}

export function highlight(source: string, language: Language): string {
  if (language === 'text' || source.length > MOST_CHARACTERS) return escapeHtml(source);
  if (!hljs.getLanguage(language)) hljs.registerLanguage(language, KNOWN[language]);
  return hljs.highlight(source, { language, ignoreIllegals: true }).value;
}

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

function splitLines(html: string): string[] {
  const open: string[] = [];
  return html.split('\n').map((line) => {
    const before = open.join('');
    for (const [tag] of line.matchAll(/<span[^>]*>|<\/span>/g)) {
      if (tag === '</span>') open.pop();
      else open.push(tag);
    }
    return before + line + '</span>'.repeat(open.length);
  });
}
