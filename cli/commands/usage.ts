/** What the caller has stored, and may store. */

import { z } from 'zod';
import type { Command } from '../command.ts';

const Usage = z.object({
  ...{ sessions: z.number(), bytes: z.number() },
  limits: z.object({ sessions: z.number().nullable(), bytes: z.number().nullable() }),
});

const usage: Command = {
  name: 'usage',
  usage: '',
  summary: 'Says how many sessions and bytes the caller has stored, and may store.',
  arguments: [0, 0],
  async run({ api, output }) {
    const used = await (await api()).request(Usage, '/api/usage');
    const line = (kind: 'sessions' | 'bytes') =>
      `${used[kind].toLocaleString('en')} ${kind} of ${used.limits[kind]?.toLocaleString('en') ?? 'any number'}\n`;
    output.result(used, line('sessions') + line('bytes'));
    return undefined;
  },
};

export const usageCommands: Command[] = [usage];
