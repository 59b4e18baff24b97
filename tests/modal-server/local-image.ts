/** An image as a folder: commands that bring files are run by the shell, those that need a network only kept. */

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const NEEDS_NETWORK = /apt-get|pip install/;

/** Paths of the container as paths below `root`; the Python is the one of the tests. */
export function mapped(text: string, root: string, python: string): string {
  return text
    .replaceAll('/opt/tempera/bin/python', python)
    .replaceAll('python3 -c', `${python} -c`)
    .replaceAll(/(\/tmp\/tempera\.sources|\/app\/sandbox|\/run\/tempera|\/var\/lib\/tempera)/g, `${root}$1`)
    .replaceAll('0.0.0.0:7500', '127.0.0.1:0');
}

/** Runs the RUN commands of one layer; throws with the output of the one that failed. */
export function buildLayer(commands: readonly string[], root: string, python: string): void {
  for (const folder of ['tmp', 'app/sandbox', 'run', 'var/lib']) {
    mkdirSync(`${root}/${folder}`, { recursive: true });
  }
  for (const command of commands) {
    const shell = /^RUN (.*)$/s.exec(command)?.[1];
    if (!shell || NEEDS_NETWORK.test(shell)) continue;
    execFileSync('sh', ['-c', mapped(shell, root, python)], { stdio: 'pipe' });
  }
}
