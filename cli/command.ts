/** The form of a command, and what every command works with. */

import type { ParseArgsConfig } from 'node:util';
import type { Config } from '../config/index.ts';
import type { ApiClient } from './api-client.ts';
import type { Output, Terminal } from './output.ts';
import type { PlatformControl } from './platform-control.ts';

export interface CommandContext {
  config: Config;
  terminal: Terminal;
  output: Output;
  platform: PlatformControl;
  /** Aborts when a person interrupts. */
  signal: AbortSignal;
  /** The api of the running platform. @throws CommandError unreachable */
  api(): Promise<ApiClient>;
}

export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

export interface Command {
  /** Words after `tempera`, e.g. `sessions list`. */
  name: string;
  /** Arguments as usage shows them. */
  usage: string;
  /** One sentence for help and docs/cli.md. */
  summary: string;
  options?: NonNullable<ParseArgsConfig['options']>;
  /** Least and most positional arguments. */
  arguments: readonly [number, number];
  /** Returns the exit code; none is 0. */
  run(context: CommandContext, positionals: string[], values: Values): Promise<number | undefined>;
}

/** A text option's value, or undefined. */
export function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}
