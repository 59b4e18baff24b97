/** `node build-stage.mjs FOLDER` builds stage.ts as the product's pages are built: FOLDER/stage.js and stage.css. */

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..', '..');
await build({
  root,
  configFile: join(root, 'vite.config.ts'),
  publicDir: false,
  logLevel: 'error',
  build: {
    outDir: process.argv[2],
    emptyOutDir: false,
    cssCodeSplit: false,
    rollupOptions: {
      input: join(here, 'stage.ts'),
      output: { entryFileNames: 'stage.js', assetFileNames: 'stage[extname]' },
    },
  },
});
