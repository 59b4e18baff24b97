/** Exports that nobody takes: what only its own file, or only a test, knows is not the product's. */

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listFiles } from './digest.mjs';

const { source: CODE, withTests: OTHERS } = JSON.parse(
  readFileSync(new URL('./folders.json', import.meta.url), 'utf8'),
);

const EXPORT = /^export (?:async )?(?:function\*?|const|class|interface|type|let) (\w+)/gm;
const WORD = /[A-Za-z_$][\w$]*/g;
/** What stands beside the product: it may take, and nobody need take of it. */
const BESIDE = /\.test\.ts$|\/testing\/|\/generated\/|generated\.ts$|^(tests|bench)\//;

/** Names that tests take alone, each for its reason. */
const FOR_TESTS = [
  'settingsTable', // holds the manual against the schema
  'dumpSchema', // writes db/schema.sql
  'ledgerFileJsonSchema', // writes docs/decisions.schema.json
  'createStreamedTools', // a session's own tools: for hosts' other callers, not for the agent loop
];

/**
 * One line an export that no other file of the product takes and that its own does not use either.
 * @param {string} root
 * @returns {string[]}
 */
export function findUnused(root, folders = [...CODE, ...OTHERS]) {
  const files = folders.flatMap((folder) =>
    listFiles(join(root, folder), (name) => /\.(ts|mts|mjs|svelte)$/.test(name) && !/\.d\.m?ts$/.test(name)),
  );
  const texts = new Map(
    files.map((file) => [relative(root, file), withoutComments(readFileSync(file, 'utf8'))]),
  );
  /** @type {Map<string, number>} how many files of the product have the word */
  const holders = new Map();
  for (const [file, text] of texts) {
    if (BESIDE.test(file)) continue;
    for (const word of new Set(text.match(WORD))) holders.set(word, (holders.get(word) ?? 0) + 1);
  }
  return [...texts].flatMap(([file, text]) =>
    BESIDE.test(file)
      ? []
      : [...text.matchAll(EXPORT)]
          .map(([, name = '']) => name)
          .filter((name) => holders.get(name) === 1 && !FOR_TESTS.includes(name))
          .filter((name) => text.match(WORD)?.filter((word) => word === name).length === 1)
          .map((name) => `${file}  nobody takes its export ${name}`),
  );
}

/** @param {string} text */
const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(?<!:)\/\/[^\n]*/g, '');

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const unused = findUnused(process.cwd());
  for (const line of unused) {
    console.error(line);
  }
  process.exitCode = unused.length > 0 ? 1 : 0;
}
