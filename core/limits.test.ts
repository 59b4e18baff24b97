import { DEFAULT_LIMITS, LimitsSchema, reachedLimit } from './limits.ts';

const NOTHING = { turns: 0, tokens: 0, cost: 0, seconds: 0 };

test('the defaults', () => {
  expect(DEFAULT_LIMITS).toEqual({ turns: 30, tokens: 2_000_000, cost: 20, time: 7_200 });
  expect(LimitsSchema.parse({ turns: 5 })).toEqual({ ...DEFAULT_LIMITS, turns: 5 });
});

test.each([
  { turns: 0 },
  { turns: 201 },
  { turns: 1.5 },
  { tokens: 0 },
  { cost: -1 },
  { time: 0 },
  { steps: 3 },
])('limits %j are refused', (limits) => {
  expect(LimitsSchema.safeParse(limits).success).toBe(false);
});

test('below every limit none is reached', () => {
  expect(
    reachedLimit(DEFAULT_LIMITS, { turns: 29, tokens: 1_999_999, cost: 19.99, seconds: 7_199 }),
  ).toBeNull();
});

test.each([
  ['turns', { ...NOTHING, turns: 30 }, '30 turns a stage'],
  ['tokens', { ...NOTHING, tokens: 2_000_000 }, '2000000 tokens'],
  ['cost', { ...NOTHING, cost: 20 }, '20 US dollars'],
  ['time', { ...NOTHING, seconds: 7_200.5 }, '7200 seconds a stage'],
])('the limit on %s says how to go on', (limit, spent, amount) => {
  expect(reachedLimit(DEFAULT_LIMITS, spent)).toEqual({
    limit,
    message: `The limit of ${amount} is reached. Raise limits.${limit} and resume to go on from here.`,
  });
});

test('of several limits the first in order is told', () => {
  expect(reachedLimit(DEFAULT_LIMITS, { turns: 99, tokens: 9e9, cost: 99, seconds: 1e5 })?.limit).toBe(
    'turns',
  );
});

test('a limit of no money lets a model without cost work, and stops at the first cent', () => {
  const limits = { ...DEFAULT_LIMITS, cost: 0 };
  expect(reachedLimit(limits, NOTHING)).toBeNull();
  expect(reachedLimit(limits, { ...NOTHING, cost: 0.01 })?.limit).toBe('cost');
});
