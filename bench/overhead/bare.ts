/** Starts bare.py and asks it for one run after another. */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface BareRun {
  seconds: number;
  cpu_seconds: number;
}

export interface BareZygote {
  /** @throws when the script failed */
  run(script: string): Promise<BareRun>;
  stop(): void;
}

/** What the host starts its zygote with: it decides how the libraries set up their threads. */
const ZYGOTE_ENVIRONMENT = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  MPLBACKEND: 'Agg',
  PYTHONNOUSERSITE: '1',
  PYTHONHASHSEED: '0',
  PYTHONDONTWRITEBYTECODE: '1',
  OMP_WAIT_POLICY: 'passive',
  OPENBLAS_NUM_THREADS: '1',
  ARROW_IO_THREADS: '2',
  JE_ARROW_MALLOC_CONF: 'background_thread:false',
};

/** @param python the program of the sandbox; `root` is the repository. Resolves when the libraries are imported. */
export async function startBareZygote(python: string, root: string): Promise<BareZygote> {
  const folder = mkdtempSync(join(tmpdir(), 'tempera-bare-'));
  const child = spawn(python, [join(root, 'bench', 'overhead', 'bare.py')], {
    cwd: folder,
    env: { ...ZYGOTE_ENVIRONMENT, HOME: folder, MPLCONFIGDIR: folder, PYTHONPATH: join(root, 'sandbox') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  async function answer(): Promise<Record<string, number>> {
    const { value, done } = await lines.next();
    if (done) throw new Error(`bare.py ended with ${child.exitCode}.`);
    return JSON.parse(value);
  }
  await answer();
  return {
    async run(script) {
      child.stdin.write(`${JSON.stringify({ script, folder })}\n`);
      const { seconds = Number.NaN, cpu_seconds = Number.NaN, code } = await answer();
      if (code !== 0) throw new Error(`The bare script ended with ${code}.`);
      return { seconds, cpu_seconds };
    },
    stop() {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
