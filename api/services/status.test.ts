/**
 * Who asks for the platform's state shares one answer with those who asked within half a second; one that failed is
 * asked for anew.
 */

import { expect, test } from '@jest/globals';
import { sharedFor } from './status.ts';

/** A question that is answered by hand, and a clock. */
function setUp() {
  const asked: { resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
  const clock = { at: 0 };
  const ask = sharedFor(
    500,
    () => new Promise<number>((resolve, reject) => asked.push({ resolve, reject })),
    () => clock.at,
  );
  return { ask, asked, clock };
}

test('who asks while an answer is on its way, or a moment after, gets the same one', async () => {
  const { ask, asked, clock } = setUp();
  const [first, second] = [ask(), ask()];
  clock.at = 10_000;
  const late = ask();
  asked[0]?.resolve(1);
  expect(await Promise.all([first, second, late])).toEqual([1, 1, 1]);
  clock.at = 10_499;
  expect(await ask()).toBe(1);
  clock.at = 10_500;
  const next = ask();
  asked[1]?.resolve(2);
  expect(await next).toBe(2);
  expect(asked).toHaveLength(2);
});

test('what failed is asked again at once', async () => {
  const { ask, asked } = setUp();
  const first = ask();
  asked[0]?.reject(new Error('gone'));
  await expect(first).rejects.toThrow('gone');
  const second = ask();
  asked[1]?.resolve(2);
  expect(await second).toBe(2);
});
