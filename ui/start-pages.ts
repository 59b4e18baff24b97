/**
 * Beside index.html a page for the first word of each address (sessions.html for /sessions/…): the same page, which
 * asks for the program behind that address at once. Without it a browser learns of that program when it has fetched and
 * run the frame's, a round trip and a second of a slow network later.
 */

import { join } from 'node:path';
import type { Plugin, Rolldown } from 'vite';
import { PAGE_FILES } from './src/page-files.ts';

const START = 'index.html';

/** @param root the folder of index.html */
export function startPages(root: string): Plugin {
  return {
    name: 'start-pages',
    enforce: 'post',
    apply: 'build',
    generateBundle(_options, bundle) {
      const start = bundle[START];
      // parts are built without a page, for their tests
      if (start?.type !== 'asset') return;
      const html = String(start.source);
      const words = new Set<string>();
      for (const { file, address } of Object.values(PAGE_FILES)) {
        const word = address.split('/')[1];
        // that of the bare address is the one for all that are not known; of several pages the first has the word
        if (!word || words.has(word)) continue;
        words.add(word);
        const files = filesOf(bundle, join(root, 'src', file));
        const asked = [...files].filter((name) => !html.includes(name)).map(preload);
        this.emitFile({
          ...{ type: 'asset', fileName: `${word}.html` },
          source: html.replace('</head>', () => `${asked.join('')}  </head>`),
        });
      }
    },
  };
}

/** What is fetched for the chunk of `source`, with whatever it imports. */
function filesOf(bundle: Rolldown.OutputBundle, source: string): Set<string> {
  const files = new Set<string>();
  const add = (name: string): void => {
    const chunk = bundle[name];
    if (files.has(name) || chunk?.type !== 'chunk') return;
    files.add(name);
    for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(style);
    for (const imported of chunk.imports) add(imported);
  };
  for (const chunk of Object.values(bundle)) {
    if (chunk.type === 'chunk' && chunk.facadeModuleId === source) add(chunk.fileName);
  }
  return files;
}

const preload = (file: string): string =>
  file.endsWith('.css')
    ? `  <link rel="preload" as="style" crossorigin href="/${file}">\n  `
    : `  <link rel="modulepreload" crossorigin href="/${file}">\n  `;
