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
    const extra = positionals[most];
    const why = extra === undefined ? 'An argument is missing' : `'${extra}' is one argument too many`;
    throw usageError(`${why}. ${usageOf(command)}`);
  }
  return { command, format, help: false, positionals, values };
}

/** Takes --format, --json (the same as --format json), --help and --cmd out, wherever they stand before a bare `--`. */
function takeGlobals(words: readonly string[]) {
  const rest: string[] = [];
  let format: Format = 'table';
  let line: string | null = null;
  let help = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [name, inline] = word.split(/=(.*)/s, 2);
    if (name === '--format') format = formatOf(inline ?? words[++at]);
    else if (word === '--json') format = 'json';
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
    throw usageError(`${optionError(error)} ${usageOf(command)}`);
  }
}

function usageOf({ name, usage }: Command): string {
  return `Usage: tempera ${name} ${usage}`.trim();
}

/** Node's words in one line: the option, and what mends it. */
function optionError(error: unknown): string {
  const { code, message } = nodeError(error);
  const option = /'(?:-\w, )?(-[^\s']*)/.exec(message)?.[1] ?? 'An option';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `There is no option ${option}.`;
  if (message.includes('ambiguous'))
    return `${option} needs a value; one that begins with - is given as ${option}=VALUE.`;
  if (message.includes('does not take')) return `${option} takes no value.`;
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return `${option} needs a value.`;
  return `${message.split('\n', 1)[0]}.`;
}

function nodeError(error: unknown): { code: string; message: string } {
  const fields: Record<string, unknown> = typeof error === 'object' && error !== null ? { ...error } : {};
  // own properties that are not listed, and an Error of Node's is not always one of this realm
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return { code: String(fields.code ?? ''), message: String(message) };
}

/** Words of one line, quotes kept together. */
export function splitLine(line: string): string[] {
  const words = line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g);
  return [...words].map(
    ([, double, single, bare]) => double?.replace(/\\(.)/g, '$1') ?? single ?? bare ?? '',
  );
}
