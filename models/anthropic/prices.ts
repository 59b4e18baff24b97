/**
 * What Anthropic charges, as data. Source: https://platform.claude.com/docs/en/about-claude/pricing
 * (checked 2026-11-21 against that page's copies and the SDK's list of models). The list is a setting's default:
 * a model that is not in it costs what the dearest one does, so that a limit on money errs on the safe side.
 */

import type { TokenUsage } from '../../core/ports/model.ts';

/** Characters that one token is taken for where nobody has counted. */
export const CHARACTERS_PER_TOKEN = 4;

/** US dollars for a million tokens. */
export interface TokenPrice {
  input: number;
  output: number;
  cacheRead: number;
  /** Written for five minutes, the only kind that is asked for. */
  cacheWrite: number;
}

export interface ModelPrice extends TokenPrice {
  /** Dearer prices for a request whose whole prompt, cached parts included, is over `above` tokens. */
  longPrompt?: TokenPrice & { above: number };
}

export type PriceList = Readonly<Record<string, ModelPrice>>;

type Dollars = [input: number, output: number, cacheRead: number, cacheWrite: number];

const price = (...[input, output, cacheRead, cacheWrite]: Dollars): TokenPrice => ({
  input,
  output,
  cacheRead,
  cacheWrite,
});

export const ANTHROPIC_PRICES: PriceList = {
  'claude-fable-5-2': price(8, 40, 0.2, 10),
  'claude-fable-5-1': price(10, 50, 0.25, 12.5),
  'claude-mythos-5-1': price(10, 50, 0.25, 12.5),
  'claude-fable-5': price(10, 50, 1, 12.5),
  'claude-mythos-5': price(10, 50, 1, 12.5),
  'claude-opus-5-5': price(4, 20, 0.2, 5),
  'claude-opus-5': price(5, 25, 0.5, 6.25),
  'claude-opus-4-8': price(5, 25, 0.5, 6.25),
  'claude-opus-4-7': price(5, 25, 0.5, 6.25),
  'claude-opus-4-6': price(5, 25, 0.5, 6.25),
  'claude-opus-4-5': price(5, 25, 0.5, 6.25),
  'claude-sonnet-5-5': price(2, 10, 0.1, 2.5),
  'claude-sonnet-5': price(2, 10, 0.2, 2.5),
  'claude-sonnet-4-6': price(3, 15, 0.3, 3.75),
  'claude-sonnet-4-5': price(3, 15, 0.3, 3.75),
  'claude-haiku-5-5': {
    ...price(0.1, 0.5, 0.01, 0.125),
    longPrompt: { above: 100_000, ...price(0.5, 2.5, 0.05, 0.625) },
  },
  'claude-haiku-4-5': price(1, 5, 0.1, 1.25),
};

/** The price of `model`; `listed` is false when it is not in the list and the dearest model's price is taken. */
export function priceOf(
  model: string,
  prices: PriceList = ANTHROPIC_PRICES,
): { price: ModelPrice; listed: boolean } {
  const found = prices[model] ?? prices[model.replace(/-\d{8}$/, '')];
  return found ? { price: found, listed: true } : { price: dearest(prices), listed: false };
}

/** What a call cost, in US dollars. */
export function costOf(usage: TokenUsage, modelPrice: ModelPrice): number {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  const long = modelPrice.longPrompt;
  const rate = long && prompt > long.above ? long : modelPrice;
  const millionths =
    usage.input * rate.input +
    usage.output * rate.output +
    usage.cacheRead * rate.cacheRead +
    usage.cacheWrite * rate.cacheWrite;
  return millionths / 1_000_000;
}

function dearest(prices: PriceList): ModelPrice {
  const all = Object.values(prices);
  const highest = (kind: keyof TokenPrice) => Math.max(0, ...all.map((each) => each[kind]));
  return price(highest('input'), highest('output'), highest('cacheRead'), highest('cacheWrite'));
}
