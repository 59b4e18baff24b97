/** docs/words.md against itself and the code: one meaning a term, and no name that the page rules out. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync('docs/words.md', 'utf8');

/** Folders whose code follows the page. */
const GONE_OVER = [
  ...['core', 'agents', 'config', 'storage', 'db', 'cli', 'api', 'worker', 'sandbox-client'],
  'sandbox/tempera_sandbox',
];
/** Fields of rows, events and answers. */
const HELD_BY_OTHERS = [
  ...['events', 'records', 'session-state', 'ports/model'].map((file) => `core/${file}.ts: said`),
  ...['core/ports/sandbox-tools.ts', 'api/services/models.ts'].map((file) => `${file}: told`),
];
const RULED_OUT = /\b(?:told|said|kept|wanted|look|Told|Said|Kept|Wanted|Look|Order)\b/g;

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|py)$/.test(file) && !/\.test\.ts$|(?:^|\/)(?:testing|generated)\//.test(file))
    .map((file) => join(folder, file));
}

/** The names in a source; what stands in comments and strings is prose. */
function namesRuledOut(source: string): string[] {
  const prose = /"""[\s\S]*?"""|\/\*[\s\S]*?\*\/|\/\/.*|#[\s:].*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;
  // what a template or an f-string puts in is code
  const code = source.replace(/`(?:\\.|[^`\\])*`|\bf'(?:\\.|[^'\\\n])*'/g, (text) =>
    [...text.matchAll(/\{([^{}]*)\}/g)].map(([, inner]) => inner).join(' '),
  );
  return [...code.replace(prose, ' ').matchAll(RULED_OUT)].map(([name]) => name);
}

test('each term has one meaning: it stands on the page once', () => {
  const terms = [...page.matchAll(/^\| (\S[^|]*?) +\|/gm)].map(([, term = '']) => term);
  const defined = terms.filter((term) => !/^(?:-+|term|not this|`.*)$/.test(term));
  expect(defined.length).toBeGreaterThan(40);
  expect(defined.filter((term, place) => defined.indexOf(term) !== place)).toEqual([]);
});

test.each(GONE_OVER.map((folder) => [folder]))('%s: no name is a word that the page rules out', (folder) => {
  const files = filesOf(folder);
  expect(files.length).toBeGreaterThan(5);
  const found = files.flatMap((file) =>
    namesRuledOut(readFileSync(file, 'utf8')).map((name) => `${file}: ${name}`),
  );
  expect(found.filter((name) => !HELD_BY_OTHERS.includes(name))).toEqual([]);
});

test.each([
  ['const told = 1;', ['told']],
  ['// told\nconst text = `\u0024{said} told`;', ['said']],
  ["x = f'{kept} said'\n", ['kept']],
  ['"""What is told."""\ndef look(): ...', ['look']],
  ["const url = 'told'; /* look */ tolds();", []],
])('names are told from prose: %p', (source, names) => {
  expect(namesRuledOut(source)).toEqual(names);
});
