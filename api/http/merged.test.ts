/**
 * Several sources as one stream: the sessions that it follows, each event once and in order, and what changes in
 * endpoints.
 */

import { merged } from './merged.ts';

async function* counting(signal: AbortSignal, name: string, ended: string[]): AsyncGenerator<string> {
  try {
    for (let number = 0; !signal.aborted; number += 1) {
      yield `${name}${number}`;
      await Promise.resolve();
    }
  } finally {
    ended.push(name);
  }
}

async function* failing(): AsyncGenerator<string> {
  yield 'once';
  throw new Error('broken');
}

test('what all say comes, each in its order, and a reader that leaves ends all', async () => {
  const ended: string[] = [];
  const seen: string[] = [];
  const stop = new AbortController();
  const both = merged(
    stop.signal,
    (signal) => counting(signal, 'a', ended),
    (signal) => counting(signal, 'b', ended),
    (signal) => counting(signal, 'c', ended),
  );
  for await (const item of both) {
    seen.push(item);
    if (['a2', 'b2', 'c2'].every((word) => seen.includes(word))) break;
  }
  expect(seen.filter((item) => item.startsWith('a')).slice(0, 3)).toEqual(['a0', 'a1', 'a2']);
  expect(seen.filter((item) => item.startsWith('b')).slice(0, 3)).toEqual(['b0', 'b1', 'b2']);
  expect(ended.sort()).toEqual(['a', 'b', 'c']);
});

test('a source that fails ends the other, and its error is told', async () => {
  const ended: string[] = [];
  const both = merged(new AbortController().signal, failing, (signal) => counting(signal, 'b', ended));
  await expect(async () => {
    for await (const item of both) expect(item).toMatch(/once|b\d+/);
  }).rejects.toThrow('broken');
  expect(ended).toEqual(['b']);
});
