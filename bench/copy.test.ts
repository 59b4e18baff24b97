import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchArguments } from './arguments.ts';
import { withCopy } from './copy.ts';

const argumentsOf = (...words: string[]) => benchArguments(words, { texts: ['from'] });
const TINY = { 'deep/er/table.csv': 'a,b\n1,2\n' };

test('a smoke test has a tiny copy, which is gone afterwards, also where it failed', async () => {
  const folder = await withCopy(argumentsOf('--smoke'), TINY, async (copy) => {
    expect(copy.isTiny).toBe(true);
    expect(readFileSync(join(copy.folder, 'deep/er/table.csv'), 'utf8')).toBe('a,b\n1,2\n');
    return copy.folder;
  });
  expect(existsSync(folder)).toBe(false);
  let failed = '';
  const work = withCopy(argumentsOf('--smoke'), TINY, async (copy) => {
    failed = copy.folder;
    throw new Error('it broke');
  });
  await expect(work).rejects.toThrow('it broke');
  expect([failed === '', existsSync(failed)]).toEqual([false, false]);
});

test('a copy that is given is taken, in a smoke test too; otherwise one must be', async () => {
  const take = (...words: string[]) => withCopy(argumentsOf(...words), TINY, async (copy) => copy);
  expect(await take('--from', 'a/copy')).toEqual({ folder: 'a/copy', isTiny: false });
  expect(await take('--smoke', '--from', 'a/copy')).toEqual({ folder: 'a/copy', isTiny: false });
  await expect(take()).rejects.toThrow('--from must be given');
});
