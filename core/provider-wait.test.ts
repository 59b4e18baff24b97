import fc from 'fast-check';
import { DEFAULT_PAUSES, pauseAfter } from './provider-wait.ts';

const pauses = fc.record({
  first: fc.double({ min: 0.1, max: 10, noNaN: true }),
  longest: fc.double({ min: 10, max: 600, noNaN: true }),
});
const chance = fc.double({ min: 0, max: 1, noNaN: true });

test('pauses grow with each try until the longest, whatever chance says', () => {
  fc.assert(
    fc.property(pauses, fc.integer({ min: 1, max: 5_000 }), chance, chance, (limits, tries, one, other) => {
      const now = pauseAfter({ tries, random: one }, limits);
      const next = pauseAfter({ tries: tries + 1, random: other }, limits);
      expect(now).toBeGreaterThan(0);
      expect(next).toBeLessThanOrEqual(limits.longest);
      if (limits.first * 2 ** Math.min(tries, 30) <= limits.longest) expect(next).toBeGreaterThan(now);
      else expect(next).toBeGreaterThanOrEqual(limits.longest * 0.75);
    }),
  );
});

test('sessions that failed together do not all ask again at once', () => {
  const at = [0, 0.5, 1].map((random) => pauseAfter({ tries: 9, random }, DEFAULT_PAUSES));
  expect(at).toEqual([120, 105, 90]);
});

test('a provider that says when is not asked earlier', () => {
  expect(pauseAfter({ tries: 1, retryAfter: 900, random: 1 }, DEFAULT_PAUSES)).toBe(900);
  expect(pauseAfter({ tries: 9, retryAfter: 5, random: 0 }, DEFAULT_PAUSES)).toBe(120);
});
