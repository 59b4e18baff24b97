import { readFileSync } from 'node:fs';
import { toHtml } from './render-markdown.ts';
import { resolveFigure } from './resolve-figure.ts';

const { cases } = JSON.parse(readFileSync('tests/markdown/figures.json', 'utf8')) as {
  cases: { name: string; markdown: string; files: (string | null)[] }[];
};

/** Sources of the pictures in HTML, with the entities that a browser reads in them. */
function sourcesIn(html: string): string[] {
  const shown = html.replaceAll(/<!--[\s\S]*?-->/g, '');
  const tags = shown.match(/<img\b(?:"[^"]*"|'[^']*'|[^'">])*>/gi) ?? [];
  return tags.map((tag) => {
    const [, double, single, bare] = /\ssrc=(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(tag) ?? [];
    return (double ?? single ?? bare ?? '').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  });
}

/** The file that a resolved address is of. */
function fileOf(url: string | null): string | null {
  const [, path] = /^\/api\/sessions\/s-1\/files\/(.+)$/.exec(url ?? '') ?? [];
  return path === undefined ? null : path.split('/').map(decodeURIComponent).join('/');
}

test.each(cases)('the page shows the files that the validator looks for: $name', ({ markdown, files }) => {
  const named = sourcesIn(toHtml(markdown));
  expect(named.map((name) => fileOf(resolveFigure(name, { sessionId: 's-1', folder: 'eda' })))).toEqual(
    files,
  );
});

test('tables, strikethrough and bare addresses are read', () => {
  expect(toHtml('| a | b |\n| - | -: |\n| 1 | ~~2~~ |')).toMatch(
    /<table>[\s\S]*<td style="text-align:right"><s>2<\/s>/,
  );
  expect(toHtml('see https://example.com/x.')).toContain('<a href="https://example.com/x">');
  expect(toHtml('model.pkl and me@example.com')).not.toContain('<a ');
});
