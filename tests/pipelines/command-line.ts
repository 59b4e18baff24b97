/**
 * The command line for tests: the program as it is started, or its function in this process where that proves as
 * much.
 */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runProgram } from '../../cli/program.ts';
import { loadConfig } from '../../config/index.ts';

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export interface Place {
  /** Of the platform that is asked. */
  home: string;
  /** Where the program is started. */
  folder: string;
}

/** Starts the program and waits for its end. */
export function tempera(words: string[], { home, folder }: Place): Promise<Ended> {
  const program = join(process.cwd(), 'build', 'cli.mjs');
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...words], {
    cwd: folder,
    env: { ...process.env, TEMPERA_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended: Ended = { code: null, out: '', err: '' };
  child.stdout.on('data', (text) => {
    ended.out += text;
  });
  child.stderr.on('data', (text) => {
    ended.err += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...ended, code }));
  });
}

/**
 * What the program does between its start and its end, in this process and its folder: no program is started for
 * it.
 */
export async function temperaHere(words: string[], { home }: Pick<Place, 'home'>): Promise<Ended> {
  const ended: Ended = { code: null, out: '', err: '' };
  const environment = { ...process.env, TEMPERA_ROOT: process.cwd(), TEMPERA_HOME: home };
  const code = await runProgram(words, {
    config: () => loadConfig(environment),
    terminal: {
      out: (text) => {
        ended.out += text;
      },
      err: (text) => {
        ended.err += text;
      },
      secret: async () => null,
      ...{ ask: null, live: false, unicode: false, columns: Number.POSITIVE_INFINITY },
    },
    signal: new AbortController().signal,
  });
  return { ...ended, code };
}

export interface Document {
  ok: boolean;
  data: Record<string, unknown>;
  error: { code: string; message: string };
}

/** The one document on stdout. */
export const documentOf = ({ out }: Ended): Document => JSON.parse(out);
