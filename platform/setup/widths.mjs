/** No line of code is wider than a screen beside another: 120 columns, in every language. A check on its own. */

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listFiles } from './digest.mjs';

const { source, withTests } = JSON.parse(readFileSync(new URL('./folders.json', import.meta.url), 'utf8'));

/** Characters, not bytes: what an editor shows. */
export const WIDEST = 120;
const FOLDERS = [...source, ...withTests, 'sandbox', 'proto', 'examples', 'deploy'];
const CODE = /\.(ts|mts|mjs|cjs|js|svelte|css|py|sql|proto|sh)$/;
/** Written by machines, or never edited again once released. */
const EXCEPT = new RegExp(
  '/(generated|build|node_modules|__pycache__)/|^ui/src/lib/api/generated\\.ts$|^db/schema\\.sql$' +
    '|^db/migrations/00(02_metric_tiers|03_follow_ups|20_model_deliveries)\\.sql$',
);

/**
 * One line each: file, line, its width.
 * @param {string} root
 * @param {string[]} [folders]
 */
export function findWide(root, folders = FOLDERS) {
  return folders
    .flatMap((folder) => listFiles(join(root, folder), (file) => CODE.test(file)))
    .map((file) => relative(root, file))
    .filter((file) => !EXCEPT.test(file))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, at) => {
          const width = [...line.replace(/\r$/, '')].length;
          return width > WIDEST ? [`${file}:${at + 1}  ${width} columns, ${WIDEST} at most`] : [];
        }),
    );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const wide = findWide(process.cwd());
  for (const line of wide) {
    console.error(line);
  }
  process.exitCode = wide.length > 0 ? 1 : 0;
}
