/** Settings for people and for shells: a table with secrets masked, and flat KEY=value lines. */

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readBase, variablesOf } from './load.ts';
import { type Config, ConfigSchema } from './schema.ts';

export interface Setting {
  /** Dotted path, e.g. `timing.idleWorkflowHours`. */
  path: string;
  /** Environment variable that sets it. */
  variable: string;
  description: string;
  secret: boolean;
  /** Present value; null where nothing is set. */
  value: string | null;
}

/** Every setting with its value, in the order of base.conf; secrets in clear. */
export function settingValues(config: Config): Setting[] {
  const described = new Map(describe(ConfigSchema));
  return [...variablesOf(readBase(config.root))].map(([path, variable]) => {
    const about = described.get(path);
    return {
      path,
      variable,
      description: about?.description ?? '',
      secret: about?.secret ?? false,
      value: toText(valueAt(config, path)),
    };
  });
}

/** One line a setting: path, value (secrets masked), variable. */
export function showConfig(config: Config): string {
  const lines = settingValues(config).map(({ path, value, variable, secret }) => {
    const shown = value === null ? '(not set)' : secret ? mask(value) : value;
    return `${path} = ${shown}  # ${variable}`;
  });
  return `${lines.join('\n')}\n`;
}

/** A secret as it may be shown: the place of a URL without its password, else nothing but that it is set. */
export function mask(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  // a token:role reads as a URL too, of a place that is nowhere
  if (url === null || url.host === '') {
    return '••••••';
  }
  if (url.password) {
    url.password = '******';
  }
  for (const name of [...url.searchParams.keys()]) {
    url.searchParams.set(name, '******');
  }
  return url.toString();
}

/** Writes build/config/tempera.env (mode 0600, it holds secrets) and returns its path. */
export async function writeResolved(config: Config): Promise<string> {
  const file = join(config.root, 'build', 'config', 'tempera.env');
  const lines = settingValues(config).flatMap(({ variable, value }) =>
    value === null ? [] : `${variable}=${quote(value)}`,
  );
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${lines.join('\n')}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return file;
}

interface About {
  description: string;
  secret: boolean;
}

/** Paths and descriptions of the schema's leaves. */
export function describe(schema: z.ZodType, path: readonly string[] = []): [string, About][] {
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([key, child]) =>
      child instanceof z.ZodType ? describe(child, [...path, key]) : [],
    );
  }
  const about = { description: schema.description ?? '', secret: schema.meta()?.secret === true };
  return [[path.join('.'), about]];
}

function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
      value,
    );
}

function toText(value: unknown): string | null {
  if (value === null || value === undefined) {
    return null;
  }
  return Array.isArray(value) ? value.join(',') : String(value);
}

const quote = (value: string): string =>
  /^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
