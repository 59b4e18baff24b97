/**
 * The guard of one server: starts it, and ends it when the supervisor goes, however that goes.
 *
 *   node guard.mjs '{"name","command","arguments","cwd","log","pidFile","endSignal","graceMilliseconds"}'
 *
 * 1. Standard input is a pipe from the supervisor. Its end means: end the server. So a supervisor that is
 *    killed takes its servers with it, in order and not by a cut.
 * 2. The server has a process group and a pid file {pid, startTime}; when it is gone, so is its group.
 * 3. Standard output carries one JSON line a fact: started, ended. The server's own output goes to its log.
 */

import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { writeAtomic } from './setup/digest.mjs';
import { processStart } from './setup/process.mjs';

const QUIT_MILLISECONDS = 2_000;

/**
 * @type {{
 *   name: string, command: string, arguments: string[], cwd: string, log: string, pidFile: string,
 *   endSignal: NodeJS.Signals, graceMilliseconds: number,
 * }}
 */
const request = JSON.parse(process.argv[2] ?? '');
const log = openSync(request.log, 'a');
const server = spawn(request.command, request.arguments, {
  cwd: request.cwd,
  stdio: ['ignore', log, log],
  detached: true,
});
closeSync(log);
// a dead supervisor reads no more: that is no reason to stop guarding
process.stdout.on('error', () => {});
const tell = (/** @type {Record<string, unknown>} */ fact) =>
  process.stdout.write(`${JSON.stringify(fact)}\n`);

server.once('error', (error) => {
  tell({ event: 'ended', code: null, signal: null, reason: error.message });
  process.exit(1);
});
server.once('spawn', () => {
  const pid = Number(server.pid);
  const recorded = {
    name: request.name,
    pid,
    startTime: processStart(pid),
    endSignal: request.endSignal,
  };
  writeAtomic(request.pidFile, JSON.stringify(recorded));
  tell({ event: 'started', pid, startTime: recorded.startTime });
});
server.once('exit', (code, signal) => {
  signalGroup('SIGKILL');
  rmSync(request.pidFile, { force: true });
  tell({ event: 'ended', code, signal });
  process.exit(0);
});

let ending = false;
process.stdin.on('end', endServer).on('error', endServer).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, endServer);
}

function endServer() {
  if (ending) {
    return;
  }
  ending = true;
  server.kill(request.endSignal);
  // Postgres takes SIGQUIT for "end at once, recover at the next start"; for the rest it is one more request
  setTimeout(() => server.kill('SIGQUIT'), request.graceMilliseconds).unref();
  setTimeout(() => signalGroup('SIGKILL'), request.graceMilliseconds + QUIT_MILLISECONDS);
}

/** @param {NodeJS.Signals} signal */
function signalGroup(signal) {
  try {
    process.kill(-Number(server.pid), signal);
  } catch {
    // the group is empty
  }
}
