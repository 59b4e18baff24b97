/** Values of options, checked before anything is sent or started. */

import { text, type Values } from '../command.ts';
import { usageError } from '../exit-code.ts';

/** The longest time that a timer of Node takes, rounded down. */
const MOST_SECONDS = 2_000_000;

/** Seconds of --timeout; null without one. @throws CommandError usage */
export function timeoutSeconds(values: Values): number | null {
  const given = text(values, 'timeout');
  if (given === undefined) return null;
  const value = Number(given);
  if (value > 0 && value <= MOST_SECONDS) return value;
  throw usageError(`--timeout takes a number of seconds above 0 and up to ${MOST_SECONDS}, not '${given}'.`);
}

/** A whole number of an option such as --limit, at least `least`. @throws CommandError usage */
export function wholeNumber(values: Values, name: string, least: number, otherwise: number): number {
  const given = text(values, name);
  if (given === undefined) return otherwise;
  if (/^\d{1,15}$/.test(given) && Number(given) >= least) return Number(given);
  throw usageError(`--${name} takes a whole number of at least ${least}, not '${given}'.`);
}
