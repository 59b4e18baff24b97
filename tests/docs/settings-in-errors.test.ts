/** Whatever setting or limit a message names stands in docs/configuration.md, with its present value. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const page = readFileSync('docs/configuration.md', 'utf8');
const { source }: { source: string[] } = JSON.parse(readFileSync('platform/setup/folders.json', 'utf8'));
const FOLDERS = [...source, 'sandbox/tempera', 'sandbox/tempera_sandbox', 'ui/src'];
const sources = execFileSync('git', ['ls-files', ...FOLDERS], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(ts|mjs|py|svelte)$/.test(file) && !/\.test\.ts$|\/testing\/|generated/.test(file));

const NAME = '[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+';
/** Ways in which sentences speak of a setting or a limit. */
const SPOKEN_OF = [
  // the limit's name behind its value: 1,000 rows (MAX_ROWS)
  /\(((?:MAX|MIN)_[A-Z0-9_]+)\)/g,
  new RegExp(`\\b(?:[Ss]et|[Uu]nset|[Rr]aise|[Ll]ower|[Mm]end|[Mm]ake|[Gg]ive) (${NAME})\\b`, 'g'),
  new RegExp(`\\b(${NAME}) (?:is not set|names|needs|is missing)\\b`, 'g'),
  /\b((?:TEMPERA|TEMPORAL|SANDBOX|ANTHROPIC|S3|MODAL|DATABASE)_[A-Z0-9_]+)=/g,
];
/** What the sandbox tells code inside it, which nobody sets. */
const GIVEN_INSIDE = /^TEMPERA_(HOST|CLIENT)_|^TEMPERA_(SESSION|STAGE|EXPERIMENT)$/;

/** The code of a file: comments tell nobody. */
const codeOf = (file: string): string =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !/^\s*(\/?\*|\/\/|#)/.test(line))
    .join('\n');

test('every setting and limit that a message names is described', () => {
  const missing = new Map<string, string>();
  for (const file of sources)
    for (const spoken of SPOKEN_OF)
      for (const [, name = ''] of codeOf(file).matchAll(spoken))
        if (!GIVEN_INSIDE.test(name) && !page.includes(`\`${name}\``)) missing.set(name, file);
  expect([...missing]).toEqual([]);
});

test('the fixed limits have the values that the tools have', () => {
  const tools = readFileSync('sandbox/tempera_sandbox/tools/limits.py', 'utf8');
  const rows = [...page.matchAll(/^\| `((?:MAX|MIN)_[A-Z_]+)` +\| ([\d.]+) +\| \S/gm)];
  expect(rows.length).toBeGreaterThan(10);
  for (const [, name = '', value] of rows) {
    const factors = (new RegExp(`^${name} = ([\\d_.* MIB]+)$`, 'm').exec(tools)?.[1] ?? '').split('*');
    const product = factors.reduce(
      (sum, factor) => sum * (factor.trim() === 'MIB' ? 1024 * 1024 : Number(factor.replaceAll('_', ''))),
      1,
    );
    expect([name, Number(value)]).toEqual([name, product]);
  }
});
