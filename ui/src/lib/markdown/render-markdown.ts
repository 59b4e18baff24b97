/**
 * The one place where text from outside becomes HTML. Markdown of agents, people and files goes through here:
 * 1. only the tags and attributes listed below survive; no style, no script, no form, no SVG;
 * 2. pictures come from the session's own files; one from elsewhere becomes a link to it;
 * 3. links to elsewhere open in a new window without opener or referrer; `javascript:` and its like are dropped.
 */

import { createMarkdown } from '../../../../core/markdown.ts';
import type { PictureSize } from './picture-sizes.ts';
import { type FigureBase, resolveFigure } from './resolve-figure.ts';

export interface MarkdownOptions extends FigureBase {
  /** Prefix of the ids of headings, so that two articles on a page do not clash. Default 'section'. */
  prefix?: string;
  /** How large a picture is, where that is known: its room is kept for it. */
  sizeOf?: (url: string) => PictureSize | null;
}

export interface Heading {
  id: string;
  level: number;
  text: string;
}

/** A picture of the session with the words that the text gives it. */
export interface Picture {
  url: string;
  words: string;
}

/** DOMPurify with SANITISING; passed in, because it needs a window. */
export type Purify = (html: string) => DocumentFragment;

const TAGS =
  'a abbr b blockquote br code dd del details div dl dt em figcaption figure h1 h2 h3 h4 ' +
  'h5 h6 hr i img ins kbd li mark ol p pre s small span strong sub summary sup table tbody ' +
  'td tfoot th thead tr u ul';
const ATTRIBUTES = 'align alt colspan href open rowspan src start title';

/** What DOMPurify is told. */
export const SANITISING = {
  ALLOWED_TAGS: [...TAGS.split(' '), '#text'],
  ALLOWED_ATTR: ATTRIBUTES.split(' '),
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true as const,
};

let markdown: ReturnType<typeof createMarkdown> | null = null;

/** The HTML of `source` as it is written: not yet safe to show. */
export function toHtml(source: string): string {
  markdown ??= createMarkdown();
  return markdown.render(source);
}

/** The HTML of `source` and its headings. */
export function renderMarkdown(
  source: string,
  purify: Purify,
  options: MarkdownOptions,
): { html: string; headings: Heading[]; pictures: Picture[] } {
  const content = purify(toHtml(source));
  for (const picture of content.querySelectorAll('img')) placePicture(picture, options);
  for (const link of content.querySelectorAll('a')) guardLink(link, options);
  for (const table of content.querySelectorAll('table')) wrapTable(table);
  const headings = markHeadings(content, options.prefix ?? 'section');
  const pictures = [...content.querySelectorAll('img')].map((picture) => ({
    url: picture.getAttribute('src') ?? '',
    words: picture.getAttribute('alt') ?? '',
  }));
  const holder = content.ownerDocument.createElement('div');
  holder.append(content);
  return { html: holder.innerHTML, headings, pictures };
}

function placePicture(picture: HTMLImageElement, options: MarkdownOptions): void {
  const source = picture.getAttribute('src') ?? '';
  const url = resolveFigure(source, options);
  if (url === null) {
    const note = picture.ownerDocument.createElement('span');
    note.textContent = `[picture from elsewhere, not loaded: ${picture.getAttribute('alt') || source}]`;
    picture.replaceWith(note);
    return;
  }
  picture.setAttribute('src', url);
  const size = options.sizeOf?.(url) ?? null;
  if (size !== null) {
    picture.setAttribute('width', String(size.width));
    picture.setAttribute('height', String(size.height));
  }
  picture.setAttribute('loading', 'lazy');
  picture.setAttribute('decoding', 'async');
  setAsFigure(picture);
}

/** A picture that stands alone in its paragraph is a figure, with its words under it. */
function setAsFigure(picture: HTMLImageElement): void {
  const paragraph = picture.parentElement;
  const words = picture.getAttribute('alt') ?? '';
  if (paragraph?.tagName !== 'P' || paragraph.textContent?.trim() || paragraph.children.length !== 1) return;
  const figure = picture.ownerDocument.createElement('figure');
  const caption = picture.ownerDocument.createElement('figcaption');
  caption.textContent = words;
  const next = paragraph.nextElementSibling;
  // reports often repeat the words in a paragraph of their own
  if (next?.tagName === 'P' && next.textContent?.trim() === words.trim()) next.remove();
  paragraph.replaceWith(figure);
  figure.append(picture, ...(words ? [caption] : []));
}

function guardLink(link: HTMLAnchorElement, options: MarkdownOptions): void {
  const target = link.getAttribute('href') ?? '';
  if (target.startsWith('#')) return;
  if (/^(https?:|mailto:)/i.test(target)) {
    link.setAttribute('target', '_blank');
    link.setAttribute('rel', 'noopener noreferrer');
    return;
  }
  const url = resolveFigure(target, options);
  if (url === null) link.removeAttribute('href');
  else link.setAttribute('href', url);
}

function wrapTable(table: HTMLTableElement): void {
  const scroll = table.ownerDocument.createElement('div');
  scroll.className = 'table-scroll';
  scroll.setAttribute('tabindex', '0');
  table.replaceWith(scroll);
  scroll.append(table);
}

function markHeadings(content: DocumentFragment, prefix: string): Heading[] {
  return [...content.querySelectorAll('h1, h2, h3')].map((heading, place) => {
    const id = `${prefix}-${place + 1}`;
    heading.setAttribute('id', id);
    return { id, level: Number(heading.tagName.slice(1)), text: heading.textContent?.trim() ?? '' };
  });
}
