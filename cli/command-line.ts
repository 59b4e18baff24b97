/** From words to a command with its arguments. */

import { parseArgs } from 'node:util';
import type { Command, Values } from './command.ts';
import { usageError } from './exit-code.ts';
import { FORMATS, type Format } from './output.ts';

export interface Invocation {
  command: Command | null;
  format: Format;
  help: boolean;
  positionals: string[];
  values: Values;
}

/** Finds the command that `words` name. @throws CommandError usage */
export function parseCommandLine(words: readonly string[], commands: readonly Command[]): Invocation {
  const { rest, format, help, line } = takeGlobals(words);
  const all = line === null ? rest : [...splitLine(line.replace(/^\//, '')), ...rest];
  const command = findCommand(all, commands);
  if (!command || help) {
    if (!command && all.length > 0 && !help)
      throw usageError(`There is no command '${all.join(' ')}'. See: tempera --help`);
    return { command, format, help: true, positionals: [], values: {} };
  }
  const { positionals, values } = parseRest(all.slice(command.name.split(' ').length), command);
  const [least, most] = command.arguments;
  if (positionals.length < least || positionals.length > most) {
    throw usageError(`Usage: tempera ${command.name} ${command.usage}`.trim());
  }
  return { command, format, help: false, positionals, values };
}

/** Takes --format, --help and --cmd out, wherever they stand before a bare `--`. */
function takeGlobals(words: readonly string[]) {
  const rest: string[] = [];
  let format: Format = 'table';
  let line: string | null = null;
  let help = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [name, inline] = word.split(/=(.*)/s, 2);
    if (name === '--format') format = formatOf(inline ?? words[++at]);
    else if (name === '--cmd') line = inline ?? words[++at] ?? '';
    else if (word === '--help' || word === '-h' || (word === 'help' && rest.length === 0)) help = true;
    else rest.push(word);
  }
  return { rest, format, help, line };
}

function formatOf(word: string | undefined): Format {
  const format = FORMATS.find((each) => each === word);
  if (!format) throw usageError(`--format takes ${FORMATS.join(', ')}.`);
  return format;
}

/** The longest name that the words begin with. */
function findCommand(words: readonly string[], commands: readonly Command[]): Command | null {
  const matching = commands.filter(({ name }) => name.split(' ').every((part, at) => words[at] === part));
  return matching.sort((a, b) => b.name.length - a.name.length)[0] ?? null;
}

function parseRest(words: readonly string[], command: Command): { positionals: string[]; values: Values } {
  try {
    return parseArgs({
      args: [...words],
      options: command.options ?? {},
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw usageError(`${why}. Usage: tempera ${command.name} ${command.usage}`);
  }
}

/** Words of one line, quotes kept together. */
export function splitLine(line: string): string[] {
  const words = line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g);
  return [...words].map(
    ([, double, single, bare]) => double?.replace(/\\(.)/g, '$1') ?? single ?? bare ?? '',
  );
}
