import { ANTHROPIC_PRICES, costOf, priceOf } from './prices.ts';

const MILLION = { input: 1e6, output: 1e6, cacheRead: 1e6, cacheWrite: 1e6 };

test('a call costs its tokens of each kind at the model’s price', () => {
  expect(costOf(MILLION, priceOf('claude-sonnet-4-5').price)).toBeCloseTo(3 + 15 + 0.3 + 3.75, 10);
  expect(
    costOf({ input: 1000, output: 10, cacheRead: 0, cacheWrite: 0 }, priceOf('claude-opus-5-5').price),
  ).toBeCloseTo(0.0042, 10);
});

test('a dated name has the price of its model', () => {
  expect(priceOf('claude-haiku-4-5-20251001')).toEqual({
    price: ANTHROPIC_PRICES['claude-haiku-4-5'],
    listed: true,
  });
});

test('an unknown model has the dearest price and is said to be unlisted', () => {
  expect(priceOf('claude-next')).toEqual({
    price: { input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5 },
    listed: false,
  });
});

test('a prompt over the limit has the dearer price on every token, cached ones counted', () => {
  const { price } = priceOf('claude-haiku-5-5');
  const usage = { input: 0, output: 1e6, cacheRead: 100_000, cacheWrite: 0 };
  expect(costOf(usage, price)).toBeCloseTo(0.5 + 0.001, 10);
  expect(costOf({ ...usage, input: 1 }, price)).toBeCloseTo(2.5 + 0.005 + 0.5e-6, 10);
});

test('a list of one’s own replaces ours', () => {
  const own = { mine: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 } };
  expect(priceOf('mine', own)).toEqual({ price: own.mine, listed: true });
  expect(priceOf('other', own)).toEqual({ price: own.mine, listed: false });
});

test('every price is positive, and cached reading never costs more than reading', () => {
  for (const price of Object.values(ANTHROPIC_PRICES)) {
    expect(Math.min(price.input, price.output, price.cacheRead, price.cacheWrite)).toBeGreaterThan(0);
    expect(price.cacheRead).toBeLessThan(price.input);
    expect(price.cacheWrite).toBeCloseTo(price.input * 1.25, 10);
  }
});
