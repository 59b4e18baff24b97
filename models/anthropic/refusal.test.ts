import { adviceFor, causeOf, excessOf, type Refusal } from './refusal.ts';

const refusal = (status: number, sentence: string, over: Partial<Refusal> = {}): Refusal => ({
  status,
  sentence,
  baseUrl: 'https://api.anthropic.com',
  model: 'claude-next',
  ...over,
});

const CREDIT =
  'Your credit balance is too low to access the Anthropic API. Please go to Plans & ' +
  'Billing to upgrade or purchase credits.';
const SPENT =
  'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.';
const OVERFLOW =
  'input length and `max_tokens` exceed context limit: 190000 + 16000 > 200000, decrease ' +
  'input length or `max_tokens` and try again';

test.each<[string, Refusal, string | null, RegExp]>([
  ['no credit', refusal(400, CREDIT), 'credit', /Add credit/],
  ['a spending limit', refusal(400, SPENT), 'credit', /spending limit/],
  ['a bill that is due', refusal(402, 'no'), 'credit', /Billing/],
  ['a wrong key', refusal(401, 'invalid x-api-key'), 'key', /ANTHROPIC_API_KEY to a key that is valid/],
  ['a key without the right', refusal(403, 'no'), 'key', /may not use claude-next/],
  ['a model that is not there', refusal(404, 'model: claude-next'), 'model', /no model claude-next.*resume/],
  [
    'a base address that ends in /v1',
    refusal(404, 'Not found: /v1/v1/messages', { baseUrl: 'https://gate.example/claude/v1' }),
    'address',
    /set it to https:\/\/gate\.example\/claude, without \/v1/,
  ],
  [
    'the same with a slash, however the model is named in the words',
    refusal(404, 'no model route', { baseUrl: 'https://gate.example/v1/' }),
    'address',
    /set it to https:\/\/gate\.example, without \/v1/,
  ],
  ['nothing at the address', refusal(404, 'Not Found'), 'address', /check ANTHROPIC_BASE_URL/],
  [
    'a prompt too long',
    refusal(400, 'prompt is too long: 212000 tokens > 200000 maximum'),
    'context',
    /longer/,
  ],
  ['prompt and answer too long', refusal(400, OVERFLOW), 'context', /larger context/],
  ['a request too large', refusal(413, 'Request exceeds the maximum size'), 'context', /longer/],
  ['a quota', refusal(429, 'slow down'), 'quota', /quota/],
  ['an overload', refusal(529, 'Overloaded'), 'down', /repeated/],
  ['an overload that speaks of the context', refusal(500, 'prompt is too long'), 'down', /repeated/],
  ['a request that is wrong', refusal(400, 'messages: roles must alternate'), null, /cannot be mended/],
])('%s has its cause and its advice', (_what, given, cause, advice) => {
  expect(causeOf(given)).toBe(cause);
  expect(adviceFor(causeOf(given), given)).toMatch(advice);
});

test.each([
  ['prompt is too long: 212000 tokens > 200000 maximum', 1.06],
  ['prompt is too long: 212,000 tokens > 200,000 maximum', 1.06],
  [OVERFLOW, 190_000 / 184_000],
  ['Request exceeds the maximum size', undefined],
])('%s says how much too long it is', (sentence, excess) => {
  expect(excessOf(sentence)).toEqual(excess === undefined ? {} : { excess });
});
