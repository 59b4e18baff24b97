/** docs/words.md against itself and the code: one meaning a term, and no name that the page rules out. */

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';

const page = readFileSync('docs/words.md', 'utf8');

const { source, withTests }: { source: string[]; withTests: string[] } = JSON.parse(
  readFileSync('platform/setup/folders.json', 'utf8'),
);
const FOLDERS = [...source, ...withTests, 'sandbox', 'examples'];
/** Fields of rows, events, answers and failures, of what archives hold, and the facts' names in reports. */
const HELD_BY_OTHERS = new Set([
  ...[
    ...['core/events.ts', 'core/records.ts', 'core/session-state.ts', 'core/ports/model.ts'],
    ...['activities/lost-answers.ts', 'activities/model-calls.ts', 'activities/turn-request.ts'],
    ...['workflows/session/model-turn.ts', 'models/anthropic/failure.ts', 'models/anthropic/failure.test.ts'],
    ...['', '.test'].map((kind) => `ui/src/lib/streams/session-log${kind}.ts`),
    'tests/sessions/provider-waits.test.ts',
    ...[
      'exploration/decided',
      'exploration/findings',
      'figures',
      'preparation',
      'training/report',
      'upload',
    ].map((file) => `sandbox/tempera/reports/${file}.py`),
  ].map((file) => `${file}: said`),
  ...['core/ports/sandbox-tools.ts', 'api/services/models.ts'].map((file) => `${file}: told`),
  ...[
    ...['models/autopilot/stages/eda.ts', 'sandbox/tempera/reports/exploration/decided.py'],
    'sandbox/tempera/tables/features/moments.py',
  ].map((file) => `${file}: kept`),
  ...['facts', 'network.test'].map((file) => `models/autopilot/${file}.ts: train_look`),
  'sandbox/playbooks/train_look.py',
]);
const RULED_OUT = new Set(['told', 'said', 'kept', 'wanted', 'look', 'commander']);

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|mjs|py|svelte)$/.test(file))
    .filter((file) => !/(?:^|\/)generated(?:\/|\.ts$)|^\.svelte-check\//.test(file))
    .map((file) => join(folder, file));
}

/** Of a name in any spelling its words; `lookup` is one of its own, and a Python test's name is a sentence. */
function isRuledOut(name: string): boolean {
  if (name.startsWith('test_')) return false;
  if (/^(?:[A-Z]\w*)?Order$|^Claimed/.test(name)) return true;
  const words = name.replace(/look_?up/gi, '').split(/_|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
  return words.some((word) => RULED_OUT.has(word.toLowerCase()));
}

/** Every name of a script, as its compiler sees it. */
function namesOfScript(source: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) names.push(node.text.replace('#', ''));
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile('a.ts', source, ts.ScriptTarget.Latest));
  return names;
}

/** What stands in braces, however deep. */
function insideBraces(text: string): string {
  let depth = 0;
  let inside = '';
  for (const character of text) {
    if (character === '}') depth = Math.max(0, depth - 1);
    inside += depth > 0 ? character : ' ';
    if (character === '{') depth += 1;
  }
  return inside;
}

const TEXTS_OF_LINES = /"{3}[\s\S]*?"{3}|'{3}[\s\S]*?'{3}|`(?:\\.|[^`\\])*`/;
const COMMENTS = /#[\s:!].*|\/\/.*/;
const TEXTS = /(?<!\w)[bfr]*(?:'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")/;
const PROSE = new RegExp([TEXTS_OF_LINES, COMMENTS, TEXTS].map(({ source }) => source).join('|'), 'g');

/** The names between prose; what a template or an f-string puts in is code. */
function namesBesideProse(source: string): string[] {
  const code = source.replace(PROSE, (text) =>
    /^(?:`|[br]*f['"])/.test(text) ? insideBraces(text).replace(/'[^']*'/g, ' ') : ' ',
  );
  return [...code.matchAll(/[A-Za-z_]\w*/g)].map(([name]) => name);
}

const SCRIPT = /<script[^>]*>([\s\S]*?)<\/script>/g;

/** Of a page the names of its scripts and of what stands in braces. */
function namesOfPage(source: string): string[] {
  const scripts = [...source.matchAll(SCRIPT)].map(([, script = '']) => script).join('\n');
  const markup = source.replace(SCRIPT, '').replace(/<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, '');
  return [...namesOfScript(scripts), ...namesBesideProse(insideBraces(markup))];
}

function namesRuledOut(file: string, source: string): string[] {
  const read = file.endsWith('.py')
    ? namesBesideProse
    : file.endsWith('.svelte')
      ? namesOfPage
      : namesOfScript;
  return read(source).filter(isRuledOut);
}

test('each term has one meaning: it stands on the page once', () => {
  const terms = [...page.matchAll(/^\| (\S[^|]*?) +\|/gm)].map(([, term = '']) => term);
  const defined = terms.filter((term) => !/^(?:-+|term|not this|`.*)$/.test(term));
  expect(defined.length).toBeGreaterThan(40);
  expect(defined.filter((term, place) => defined.indexOf(term) !== place)).toEqual([]);
});

test.each(FOLDERS.map((folder) => [folder]))('%s: no name is a word that the page rules out', (folder) => {
  const files = filesOf(folder);
  expect(files.length).toBeGreaterThan(1);
  const found = files.flatMap((file) =>
    namesRuledOut(file, readFileSync(file, 'utf8')).map((name) => `${file}: ${name}`),
  );
  const named = files.filter((file) => isRuledOut(basename(file).replace(/\..*/, '').replaceAll('-', '_')));
  expect([...found, ...named].filter((name) => !HELD_BY_OTHERS.has(name))).toEqual([]);
});

const PAGE = '<script lang="ts">let said = 1;</script>\n<p>It is kept. {#if told}{`\u0024{wanted}`}{/if}</p>';

test.each([
  ['a.ts', 'const told = 1;', ['told']],
  ['a.ts', '// told\nconst text = `\u0024{`\u0024{said}`} told`;', ['said']],
  ['a.ts', "const url = 'told'; /* look */ this.tolds(/kept/);", []],
  ['a.ts', 'keptAnswer(LOOK_MS, this.#wanted, lookUp, inOrder)', ['keptAnswer', 'LOOK_MS', 'wanted']],
  ['a.ts', 'function work(claim: Claimed): ServerOrder {}', ['Claimed', 'ServerOrder']],
  ['a.py', "x = f'{kept} said' # told\n", ['kept']],
  ['a.py', '"""What is told."""\ndef look(rows_wanted): ...', ['look', 'rows_wanted']],
  ['a.svelte', PAGE, ['said', 'told', 'wanted']],
])('of %s names are told from prose: %p', (file, source, names) => {
  expect(namesRuledOut(file, source)).toEqual(names);
});
