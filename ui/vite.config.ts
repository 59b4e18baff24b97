import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, loadEnv } from 'vite';
import { startPages } from './start-pages.ts';

const root = dirname(fileURLToPath(import.meta.url));

/** `TEMPERA_URL` names the platform that the development server passes /api on to. */
export default defineConfig(({ mode }) => {
  const { TEMPERA_URL = 'http://127.0.0.1:7400' } = loadEnv(mode, root, 'TEMPERA_');
  return {
    root,
    plugins: [svelte(), startPages(root)],
    build: {
      outDir: '../build/ui',
      emptyOutDir: true,
      target: 'es2022',
      // fonts stay files: the content security policy allows no data: fonts
      assetsInlineLimit: 0,
      sourcemap: false,
      chunkSizeWarningLimit: 700,
      rolldownOptions: {
        output: {
          // what several pages share is one file, not one each: a request costs as much as a kilobyte
          codeSplitting: {
            groups: [
              { name: 'shared', test: /\/src\/lib\/|@lucide/, minShareCount: 2, maxModuleSize: 3_000 },
            ],
          },
        },
      },
    },
    worker: { format: 'es' },
    // the one folder beside this: readers of formats are written once, in core
    server: {
      host: '127.0.0.1',
      fs: { allow: [root, '../core'] },
      proxy: { '/api': { target: TEMPERA_URL } },
    },
  };
});
