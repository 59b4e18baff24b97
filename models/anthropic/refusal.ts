/** What Anthropic refuses with, read by its cause, and for each cause the advice that mends it. */

import type { ProviderCause } from '../../core/session-state.ts';

export interface Refusal {
  status: number;
  /** The provider's own words. */
  sentence: string;
  baseUrl: string;
  model: string;
}

/** The wordings are the real API's, as its users report them; several refusals share the status 400. */
const WORDS: readonly [ProviderCause, RegExp][] = [
  [
    'credit',
    /credit balance is too low|usage limits?\b.*\bregain access|reached your .*(?:usage|spend)\w* limit/i,
  ],
  [
    'context',
    /prompt is too long|exceed(?:s|ed)? (?:the )?(?:model.s )?(?:maximum )?context|too many (?:tokens|bytes)/i,
  ],
  ['key', /invalid x-api-key|api[- ]key (?:is )?(?:invalid|disabled|expired)/i],
];

/** Why the call was refused; null for a request that neither time nor a person mends. */
export function causeOf({ status, sentence, baseUrl }: Refusal): ProviderCause | null {
  const [worded] = WORDS.find(([, words]) => words.test(sentence)) ?? [];
  if (status < 500 && status !== 429 && worded !== undefined) return worded;
  if (status === 429) return 'quota';
  if (status === 402) return 'credit';
  if (status === 401 || status === 403) return 'key';
  if (status === 413) return 'context';
  if (status === 404) return !endsInVersion(baseUrl) && /\bmodel\b/i.test(sentence) ? 'model' : 'address';
  return status >= 500 || status === 408 || status === 409 || status === 499 ? 'down' : null;
}

/** True for a base address that holds what the client adds itself. */
const endsInVersion = (baseUrl: string): boolean => /\/v1(?:\/messages)?\/*$/.test(baseUrl);

/** One or two sentences: what mends it, and how the stage goes on then. */
export function adviceFor(cause: ProviderCause | null, { baseUrl, model, status }: Refusal): string {
  switch (cause) {
    case 'quota':
      return 'The stage goes on when the quota allows it.';
    case 'credit':
      return (
        'Add credit to the account, or raise its spending limit, at https://platform.claude.com ' +
        '(Billing). The stage goes on by itself then, or at once with resume.'
      );
    case 'key':
      return status === 403
        ? `The key in ANTHROPIC_API_KEY may not use ${model}: give it the right to, or set another ` +
            'key and start the platform again. The stage goes on then.'
        : 'Set ANTHROPIC_API_KEY to a key that is valid and start the platform again. The stage goes on then.';
    case 'address':
      return endsInVersion(baseUrl)
        ? `ANTHROPIC_BASE_URL is ${baseUrl}, and /v1/messages is added to it: set it to ` +
            `${withoutVersion(baseUrl)}, without /v1, and start the platform again. The stage goes ` +
            'on then.'
        : `Nothing answers at ${baseUrl.replace(/\/+$/, '')}/v1/messages: check ANTHROPIC_BASE_URL ` +
            'and start the platform again. The stage goes on then.';
    case 'model':
      return `There is no model ${model} there. Go on with another one: resume takes it as model.`;
    case 'context':
      return (
        'The conversation is longer than the model takes. Go on with a model of a larger ' +
        'context: resume takes it as model.'
      );
    case 'down':
      return 'The call is repeated until it is answered.';
    default:
      return 'The request cannot be mended from outside: tell it to who runs this platform.';
  }
}

const withoutVersion = (baseUrl: string): string => baseUrl.replace(/\/v1(?:\/messages)?\/*$/, '');

/** How many times too long the conversation is, where the provider says both lengths. */
export function excessOf(sentence: string): { excess?: number } {
  const [, length = '', answer = '0', most = ''] =
    /(\d[\d,]*)(?: \+ (\d[\d,]*))?(?: tokens)? > (\d[\d,]*)/.exec(sentence) ?? [];
  // what is set aside for the answer cannot be shortened
  const excess = number(length) / (number(most) - number(answer));
  return Number.isFinite(excess) && excess > 0 ? { excess } : {};
}

const number = (digits: string): number => Number(digits.replaceAll(',', ''));
