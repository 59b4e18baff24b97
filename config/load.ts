/**
 * Reads settings: base.conf with the environment's variables put in, validated and frozen.
 * This is the only reader of process.env besides the bootstrap, which runs before it exists.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import parseHocon from '@pushcorn/hocon-parser';
import type { z } from 'zod';
import { TemperaError } from '../core/errors.ts';
import { inWords } from '../core/issue-words.ts';
import { type Config, ConfigSchema } from './schema.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadOptions {
  /** Folder of the repository; TEMPERA_ROOT, else the working directory. */
  root?: string;
}

/** The process's environment over the variables of `.env` in `root`; empty values count as not set. */
export function readEnvironment(root: string = process.env.TEMPERA_ROOT ?? process.cwd()): Environment {
  const file = join(root, '.env');
  const written = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return { ...written, ...withoutEmpty(process.env) };
}

/**
 * Loads every setting. Given an environment, nothing else is read (tests rely on it).
 * Throws INVALID_INPUT that names each wrong setting with its variable.
 */
export async function loadConfig(environment?: Environment, options: LoadOptions = {}): Promise<Config> {
  const variables = withoutEmpty(environment ?? readEnvironment(options.root));
  const root = resolve(options.root ?? variables.TEMPERA_ROOT ?? process.cwd());
  const parsed = ConfigSchema.safeParse(await parseBase(root, variables), { error: inWords });
  if (!parsed.success) {
    throw wrongSettings(readBase(root), parsed.error.issues);
  }
  const { data } = parsed;
  const grpcPort = data.grpcPort === 0 && data.port !== 0 ? data.port + 1 : data.grpcPort;
  return deepFreeze({ ...data, grpcPort, home: resolve(root, data.home), root });
}

/** base.conf as plain values, with `variables` put in and nothing checked. */
export async function parseBase(root: string, variables: Readonly<Record<string, string>>): Promise<unknown> {
  return parseHocon.parse({ text: readBase(root), scope: { ...variables }, env: false, strict: true });
}

/** The text of base.conf; it lies in the repository's config folder. */
export function readBase(root: string): string {
  const file = join(root, 'config', 'base.conf');
  if (!existsSync(file)) {
    throw new TemperaError(
      'INVALID_INPUT',
      `No settings file at ${file}: run inside the repository or set TEMPERA_ROOT to it.`,
    );
  }
  return readFileSync(file, 'utf8');
}

/** The environment variable that base.conf reads for a setting such as `timing.idleWorkflowHours`. */
export function variablesOf(base: string): Map<string, string> {
  const sections: string[] = [];
  const found = new Map<string, string>();
  for (const line of base.split('\n').map((each) => each.trim())) {
    const opened = /^(\w+) \{$/.exec(line)?.[1];
    const [, key, name] = /^(\w+) = \$\{\?(\w+)\}$/.exec(line) ?? [];
    if (opened) {
      sections.push(opened);
    } else if (line === '}') {
      sections.pop();
    } else if (key && name) {
      found.set([...sections, key].join('.'), name);
    }
  }
  return found;
}

function wrongSettings(base: string, issues: readonly z.core.$ZodIssue[]): TemperaError {
  const variables = variablesOf(base);
  const lines = issues.map((issue) => {
    const path = issue.path.join('.');
    return `${path} (${variables.get(path) ?? 'config/base.conf'}) ${issue.message}`;
  });
  return new TemperaError(
    'INVALID_INPUT',
    `Wrong settings: ${lines.join('; ')}. docs/configuration.md describes each.`,
    {
      details: { settings: issues.map((issue) => issue.path.join('.')) },
    },
  );
}

function withoutEmpty(environment: Environment): Record<string, string> {
  const entries = Object.entries(environment).flatMap(([name, value]) =>
    value ? [[name, value] as const] : [],
  );
  return Object.fromEntries(entries);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
