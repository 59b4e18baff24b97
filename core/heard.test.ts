import { heard } from './heard.ts';

test('whoever awaits it later gets its result or its error', async () => {
  const failing = heard(Promise.reject(new Error('down')));
  expect(await heard(Promise.resolve(7))).toBe(7);
  await expect(failing).rejects.toThrow('down');
});
