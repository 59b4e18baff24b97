/**
 * How Markdown is read, wherever it is: CommonMark with tables and strikethrough. The validator in the sandbox reads
 * with the Python twin of this parser; tests/markdown/figures.json holds both to the same.
 */

import MarkdownIt from 'markdown-it';

/** HTML in a text is kept: whoever shows it makes it safe. Bare addresses with a scheme become links. */
export function createMarkdown(): InstanceType<typeof MarkdownIt> {
  const markdown = new MarkdownIt({ html: true, linkify: true });
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  return markdown;
}
