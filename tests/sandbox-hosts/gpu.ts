/** A GPU for tests: the driver is made here, at the interface of the real one, and says what a file says. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestGpu {
  /** Arguments of the host that has it. */
  arguments: string[];
  /** Where its state is kept. */
  folder: string;
  remove(): void;
}

/** Makes the driver, with one GPU that works. Hosts that this process starts from now on find it. */
export function makeGpu(): TestGpu {
  const folder = mkdtempSync(join(tmpdir(), 'tempera-gpu-'));
  const library = join(folder, 'libfake-nvml.so');
  execFileSync('cc', ['-shared', '-fPIC', '-o', library, join('sandbox', 'tests', 'fake_nvml.c')]);
  writeFileSync(join(folder, 'nvidia0'), '');
  plugGpu(folder, true);
  process.env.FAKE_NVML = join(folder, 'gpus');
  return {
    arguments: ['--nvml', library, '--gpu-nodes', folder],
    folder,
    remove() {
      delete process.env.FAKE_NVML;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The driver finds its one GPU well, or fallen off its bus. */
export function plugGpu(folder: string, well: boolean): void {
  writeFileSync(join(folder, 'gpus'), `GPU-0 Fake-H0 0 ${2 ** 33} ${well ? 2 ** 30 : -1} 7\n`);
}
