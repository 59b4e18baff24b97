/** Runs one command line and says how it ended. */

import { createInterface } from 'node:readline/promises';
import type { Config, Environment } from '../config/index.ts';
import type { CommandContext } from './command.ts';
import { parseCommandLine } from './command-line.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { createOutput, type Format, type Output, printable, type Terminal } from './output.ts';
import { clientOf, createPlatformControl, type PlatformControl } from './platform-control.ts';
import { COMMANDS, helpText } from './registry.ts';
import { secretInput } from './secret-input.ts';

export interface Program {
  config: () => Promise<Config>;
  terminal: Terminal;
  signal: AbortSignal;
  platform?: (config: Config) => PlatformControl;
}

/** Returns the exit code; every failure has been said. */
export async function runProgram(words: readonly string[], program: Program): Promise<number> {
  let output = createOutput(program.terminal, requestedFormat(words));
  try {
    const invocation = parseCommandLine(words, COMMANDS);
    output = createOutput(program.terminal, invocation.format);
    if (!invocation.command || invocation.help) {
      program.terminal.out(helpText(invocation.command ? [invocation.command] : COMMANDS));
      return EXIT.done;
    }
    const context = await createContext(program, output);
    return (await invocation.command.run(context, invocation.positionals, invocation.values)) ?? EXIT.done;
  } catch (error) {
    return tellFailure(output, error);
  }
}

async function createContext(
  { config: load, terminal, signal, platform: control = createPlatformControl }: Program,
  output: Output,
): Promise<CommandContext> {
  const config = await load();
  const platform = control(config);
  return {
    config,
    terminal,
    output,
    platform,
    signal,
    async api() {
      const running = await platform.find();
      if (running) return clientOf(running, { config, signal });
      throw new CommandError(
        EXIT.unreachable,
        `No platform runs with the home ${config.home}. Start it with: npm start`,
      );
    },
  };
}

function tellFailure(output: Output, error: unknown): number {
  const known = error instanceof CommandError;
  const message = error instanceof Error ? error.message : String(error);
  output.failure({ code: known ? error.code : 'FAILED', message, details: known ? error.details : {} });
  return known ? error.exitCode : EXIT.failed;
}

/** Before the words are understood: failures, too, come in the form asked for. */
function requestedFormat(words: readonly string[]): Format {
  const text = words.join(' ');
  if (/--format[= ]json|(?:^| )--json(?: |$)/.test(text)) return 'json';
  return /--format[= ]yaml/.test(text) ? 'yaml' : 'table';
}

/** One line of what a person types; ^C takes the question back and leaves the process running. */
async function askAtTerminal(prompt: string, signal?: AbortSignal): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const left = new AbortController();
  const leave = () => left.abort();
  for (const end of ['SIGINT', 'close'] as const) lines.once(end, leave);
  signal?.addEventListener('abort', leave, { once: true });
  try {
    return await lines.question(printable(prompt), { signal: left.signal });
  } catch (error) {
    if (left.signal.aborted) return null;
    throw error;
  } finally {
    signal?.removeEventListener('abort', leave);
    lines.close();
  }
}

/** The terminal of this process. */
export function processTerminal(environment: Environment): Terminal {
  const { stdout, stderr, stdin } = process;
  const locale = environment.LC_ALL ?? environment.LC_CTYPE ?? environment.LANG ?? '';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    ask: stdin.isTTY === true && stderr.isTTY === true ? askAtTerminal : null,
    secret: secretInput({ stdin, stderr }),
    live: stderr.isTTY === true && environment.CI !== 'true' && environment.TERM !== 'dumb',
    unicode: /utf-?8/i.test(locale),
    // a pipe or file has no edge to clip at
    columns: stdout.isTTY === true ? stdout.columns : Number.POSITIVE_INFINITY,
  };
}
