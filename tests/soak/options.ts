/** The words of `npm run test:soak`, which reach the run as TEMPERA_SOAK. */

import { parseArgs } from 'node:util';

export interface SoakOptions {
  seed: number;
  /** How many kills the run is to have made at its end, those before it was broken off included. */
  kills: number;
}

const DEFAULTS = { seed: '1', kills: '100' };

/** @throws when a word is unknown or a number is none */
export function soakOptions(words: string[]): SoakOptions {
  const { values } = parseArgs({
    args: words,
    options: { seed: { type: 'string' }, kills: { type: 'string' } },
  });
  const whole = (name: keyof typeof DEFAULTS, text: string): number => {
    if (!/^\d{1,6}$/.test(text)) throw new Error(`--${name} is [${text}]; give a whole number.`);
    return Number(text);
  };
  return {
    seed: whole('seed', values.seed ?? DEFAULTS.seed),
    kills: whole('kills', values.kills ?? DEFAULTS.kills),
  };
}
