/**
 * Writes the API's description to build/openapi.json and its types, for the web UI, to ui/src/lib/api/generated.ts.
 * No server is started.
 */

import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeAtomic } from './setup/digest.mjs';
import { makeFolder } from './setup/make-folder.mjs';
import { plainEnvironment } from './setup/running.mjs';

export const TYPES = join('ui', 'src', 'lib', 'api', 'generated.ts');

/**
 * Describes the API of the sources under `root`. @throws when they do not compile, or a route has no description
 * @param {string} root
 */
export async function describeApi(root) {
  const { build } = await import('esbuild');
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  const folder = join(root, 'build');
  makeFolder(folder);
  const printer = join(folder, `openapi-${process.pid}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: ['api/openapi/main.ts'],
    outfile: printer,
    ...{ bundle: true, platform: 'node', target: 'node20', format: 'esm', packages: 'external' },
    loader: { '.md': 'text' },
    logLevel: 'silent',
  });
  try {
    const text = execFileSync(process.execPath, [printer], {
      cwd: root,
      env: plainEnvironment(),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    writeAtomic(join(folder, 'openapi.json'), text);
    const types = astToString(await openapiTS(JSON.parse(text)));
    writeAtomic(join(root, TYPES), `// Written by platform/openapi.mjs.\n\n${types}`);
  } finally {
    rmSync(printer, { force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  describeApi(dirname(dirname(fileURLToPath(import.meta.url)))).catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
