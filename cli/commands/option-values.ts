/** Values of options, checked before anything is sent or started. */

import { type CommandContext, text, type Values } from '../command.ts';
import { usageError } from '../exit-code.ts';

/** The longest time that a timer of Node takes, rounded down. */
const MOST_SECONDS = 2_000_000;

/** Asks for a yes at the terminal; null where nobody sits there. */
export function confirmAt({
  terminal,
  signal,
}: Pick<CommandContext, 'terminal' | 'signal'>): ((question: string) => Promise<boolean>) | null {
  const { ask } = terminal;
  if (ask === null) return null;
  return async (question) =>
    /^(y|yes)$/i.test(((await ask(`${question} y or n (empty: n) `, signal)) ?? '').trim());
}

/** Seconds of --timeout; null without one. @throws CommandError usage */
export function timeoutSeconds(values: Values): number | null {
  const given = text(values, 'timeout');
  if (given === undefined) return null;
  const value = Number(given);
  if (value > 0 && value <= MOST_SECONDS) return value;
  throw usageError(`--timeout takes a number of seconds above 0 and up to ${MOST_SECONDS}, not '${given}'.`);
}

/** A whole number of an option such as --limit. @throws CommandError usage */
export function wholeNumber(
  values: Values,
  name: string,
  { least, otherwise, most = Number.MAX_SAFE_INTEGER }: { least: number; otherwise: number; most?: number },
): number {
  const given = text(values, name);
  if (given === undefined) return otherwise;
  if (/^\d{1,15}$/.test(given) && Number(given) >= least && Number(given) <= most) return Number(given);
  const upTo = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw usageError(`--${name} takes a whole number ${upTo}, not '${given}'.`);
}

/** One of the words that an option takes. @throws CommandError usage, naming them */
export function oneOf<Word extends string>(
  values: Values,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const given = text(values, name);
  const word = words.find((each) => each === given);
  if (given === undefined || word !== undefined) return word;
  throw usageError(`--${name} takes ${words.join(', ')}; not '${given}'.`);
}
