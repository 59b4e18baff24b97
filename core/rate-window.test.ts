/** What a caller is told of its window, held against the window itself moved on by that time. */

import fc from 'fast-check';
import { bindingWindow, type RateWindow, rateState, WINDOW_SECONDS } from './rate-window.ts';

const windows = fc
  .record({
    limit: fc.integer({ min: 1, max: 200 }),
    current: fc.nat(200),
    previous: fc.nat(200),
    elapsed: fc.double({ min: 0, max: 0.999, noNaN: true }),
  })
  .map(
    (made): RateWindow => ({
      ...made,
      name: 'requests',
      current: Math.min(made.current, made.limit),
      previous: Math.min(made.previous, made.limit),
      granted: true,
    }),
  );

/** The window after `seconds` without a request. */
function later(window: RateWindow, seconds: number): RateWindow {
  const at = window.elapsed + seconds / WINDOW_SECONDS;
  const elapsed = at - Math.floor(at);
  if (at < 1) return { ...window, elapsed };
  return { ...window, elapsed, current: 0, previous: at < 2 ? window.current : 0 };
}

const MOMENT = 0.001;

test('who comes back after the time of Retry-After is granted one request, and who comes earlier is not', () => {
  fc.assert(
    fc.property(windows, (window) => {
      const { retrySeconds, remaining } = rateState(window);
      expect(retrySeconds > 0).toBe(remaining === 0);
      expect(rateState(later(window, retrySeconds + MOMENT)).remaining).toBeGreaterThan(0);
      if (retrySeconds > MOMENT) expect(rateState(later(window, retrySeconds - MOMENT)).remaining).toBe(0);
      expect(retrySeconds).toBeLessThanOrEqual(2 * WINDOW_SECONDS);
    }),
    { numRuns: 300 },
  );
});

test('after the time of Reset the whole limit is free', () => {
  fc.assert(
    fc.property(windows, (window) => {
      const { resetSeconds } = rateState(window);
      expect(rateState(later(window, resetSeconds + MOMENT)).remaining).toBe(window.limit);
    }),
    { numRuns: 100 },
  );
});

test('of several windows the refusal that lasts longest binds, else the one with least left', () => {
  const whole = { name: 'requests', limit: 60, current: 10, previous: 0, elapsed: 0.5, granted: true };
  const few = { ...whole, name: 'tool predict', limit: 12 };
  const full = { ...few, name: 'tool query', limit: 10, granted: false };
  expect(bindingWindow([whole, few])).toBe(few);
  expect(bindingWindow([full, whole, few])).toBe(full);
  expect(bindingWindow([])).toBeNull();
});
