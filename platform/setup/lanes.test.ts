import { inLanes } from './test.mjs';

test('as many as there are lanes run at once, begun in order, and results keep the order', async () => {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const all = inLanes(['slow', 'fast', 'last'], 2, (name) => {
    begun.push(name);
    return new Promise<string>((resolve) => ends.set(name, () => resolve(`${name} is done`)));
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(['slow', 'fast']);
  ends.get('fast')?.();
  await settled();
  expect(begun).toEqual(['slow', 'fast', 'last']);
  ends.get('last')?.();
  ends.get('slow')?.();
  expect(await all).toEqual(['slow is done', 'fast is done', 'last is done']);
});

test('what throws is not swallowed', async () => {
  await expect(inLanes(['a'], 2, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});
