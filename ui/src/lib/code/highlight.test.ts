import { highlight, highlightLines } from './highlight.ts';

const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#x27;/g, "'")
    .replace(/&amp;/g, '&');

const HOSTILE =
  'x = "</span><script>alert(1)</script>"  # <img src=x onerror=alert(1)>\n"""\nopen <b>\n"""\n';

test.each(['python', 'sql', 'json', 'text'] as const)(
  '%s keeps every character and no tag of the source',
  (language) => {
    const html = highlight(HOSTILE, language);
    expect(html.match(/<(?!\/?span)[^>]*>/g)).toBeNull();
    expect(textOf(html)).toBe(HOSTILE);
  },
);

test('each line stands on its own', () => {
  const lines = highlightLines(HOSTILE, 'python');
  expect(lines.map(textOf).join('\n')).toBe(HOSTILE);
  for (const line of lines) {
    expect(line.match(/<span/g)?.length ?? 0).toBe(line.match(/<\/span>/g)?.length ?? 0);
  }
});
