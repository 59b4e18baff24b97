/** Registers tools.py in a session and shows what its tool streams. Usage: see README.md. */

import { readFileSync } from 'node:fs';
import { connectSandbox } from '../../sandbox-client/connection.ts';
import { createStreamedTools } from '../../sandbox-client/streamed-tools.ts';
import { createWorkspaces } from '../../sandbox-client/workspaces.ts';

const [address = '', token = ''] = process.argv.slice(2);
const connection = connectSandbox({ address, token });
const tools = createStreamedTools(connection);
const session = { sessionId: 'stream-progress-typescript', epoch: 1 };

await createWorkspaces(connection).initialize(session, 'examples');
await tools.register(session, 'intervals', readFileSync('examples/stream-progress/tools.py', 'utf8'));
const parameters = { values: [38.1, 39.5, 40.2, 41.7, 37.9, 40.8], rounds: 2000 };
for await (const answer of tools.call({ ...session, tool: 'interval_of_mean', parameters })) {
  if (answer.is_final) console.log(`mean ${answer.mean}, 95 % from ${answer.low} to ${answer.high}`);
  else console.log(`${answer.progress} %  ${answer.message}`);
}
await createWorkspaces(connection).cleanup(session);
connection.close();
