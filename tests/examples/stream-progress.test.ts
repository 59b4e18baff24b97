/** examples/stream-progress runs as its README says. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

test.each(['typescript', 'python'])(
  'the tool streams its progress to %s',
  async (language) => {
    const script = 'examples/stream-progress/run.mjs';
    const { stdout } = await promisify(execFile)(process.execPath, [script, language]);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(11);
    expect(lines.slice(0, 10).map((line) => Number.parseFloat(line))).toEqual(
      Array.from({ length: 10 }, (_, index) => 10 * (index + 1)),
    );
    expect(lines[10]).toMatch(/^mean 39\.69\d*, 95 % from 3\d\.\d+ to 4\d\.\d+$/);
  },
  120_000,
);
