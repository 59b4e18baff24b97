/** A promise whose rejection escapes every listener is told, and ends nothing. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const PROGRAM = `
  import { tellUnheardRejections } from './unheard-rejections.ts';
  tellUnheardRejections();
  Promise.reject(new Error('nobody listened'));
  setTimeout(() => console.log('still at work'), 20);
`;

test('a rejection that nobody heard is told, and the process goes on', async () => {
  const { outputFiles } = await build({
    ...{ stdin: { contents: PROGRAM, resolveDir: __dirname, loader: 'ts' }, bundle: true, write: false },
    ...{ platform: 'node', format: 'cjs', logLevel: 'silent' },
  });
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', outputFiles[0]?.text ?? '']);
  expect(stdout).toBe('still at work\n');
  expect(JSON.parse(stderr)).toMatchObject({
    level: 'error',
    what: 'unheard rejection',
    message: expect.stringContaining('nobody listened'),
  });
});
