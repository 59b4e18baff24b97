/** What is typed without being shown, or lines of the input; never words of the command line, which others see. */

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { heard } from '../core/heard.ts';
import type { Terminal } from './output.ts';

/** Bytes of the input that are read. */
const MOST_BYTES = 64 * 1024;

interface Streams {
  stdin: NodeJS.ReadStream;
  stderr: NodeJS.WriteStream;
}

export function secretInput(streams: Streams): Terminal['secret'] {
  let lines: Promise<string[]> | null = null;
  return async (prompt) => {
    if (streams.stdin.isTTY === true) return await typed(streams, prompt);
    lines ??= heard(linesOf(streams.stdin));
    return (await lines).shift() ?? null;
  };
}

async function typed({ stdin, stderr }: Streams, prompt: string): Promise<string | null> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: nowhere, terminal: true });
  const left = new AbortController();
  for (const end of ['SIGINT', 'close'] as const) reader.once(end, () => left.abort());
  stderr.write(prompt);
  try {
    return await reader.question('', { signal: left.signal });
  } catch (error) {
    if (left.signal.aborted) return null;
    throw error;
  } finally {
    reader.close();
    stderr.write('\n');
  }
}

/** To its end: so that a line without one counts, too. */
async function linesOf(stdin: AsyncIterable<Buffer | string>): Promise<string[]> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stdin) {
    parts.push(Buffer.from(part));
    size += part.length;
    if (size > MOST_BYTES) break;
  }
  const text = Buffer.concat(parts).toString('utf8');
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}
