/**
 * The server as a process of its own, acting as the offline model. Arguments: --playbooks, --port, --key, --counts,
 * --pause.
 */

import { parseArgs } from 'node:util';
import { createAutopilot } from '../../models/autopilot/index.ts';
import { actAs } from './act-as.ts';
import { startAnthropicServer } from './index.ts';

const { values } = parseArgs({
  options: {
    playbooks: { type: 'string', default: 'sandbox/playbooks' },
    port: { type: 'string', default: '0' },
    key: { type: 'string', default: 'test-key' },
    counts: { type: 'string' },
    pause: { type: 'string', default: '0' },
  },
});
const server = await startAnthropicServer({
  script: actAs(createAutopilot({ playbooksFolder: values.playbooks }), { pause: Number(values.pause) }),
  port: Number(values.port),
  key: values.key,
  ...(values.counts ? { countsFile: values.counts } : {}),
});
process.stdout.write(`${JSON.stringify({ event: 'listening', url: server.url })}\n`);
process.once('SIGTERM', () => void server.close());
