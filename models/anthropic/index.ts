/**
 * Claude over Anthropic's Messages API. One call is one HTTP request: nothing here tries again, the workflow does.
 * Invariants: text and thinking are handed on as they come, in order; an error of the caller's listener leaves
 * unchanged; whatever
 * else fails leaves as a TemperaError made by failure.ts; no socket or timer outlives the call.
 */

import Anthropic from '@anthropic-ai/sdk';
import { TemperaError } from '../../core/errors.ts';
import type {
  Delivered,
  LanguageModel,
  ModelAnswer,
  ModelCallOptions,
  ModelRequest,
  TokenUsage,
} from '../../core/ports/model.ts';
import { AnswerBuilder } from './answer-builder.ts';
import { toModelError } from './failure.ts';
import { nearestModels } from './nearest-models.ts';
import { ANTHROPIC_PRICES, CHARACTERS_PER_TOKEN, costOf, type PriceList, priceOf } from './prices.ts';
import { type ThinkingWish, toParams } from './request-params.ts';
import { readEvents, type WireEvent } from './stream-events.ts';

export interface AnthropicOptions {
  apiKey: string;
  /** Where the API is. Default https://api.anthropic.com. */
  baseUrl?: string;
  /** The model of sessions that name none of Anthropic's. Default: none, and such a session is told so. */
  usualModel?: string;
  /** Milliseconds until the answer must begin. Default 120,000. */
  answerTimeout?: number;
  /** Milliseconds that a begun answer may be silent, pings counting as sound. Default 120,000. */
  silenceTimeout?: number;
  /** Thinking to ask for. Default: the model's own way. */
  thinking?: ThinkingWish;
  /** US dollars for tokens, by model. Default ANTHROPIC_PRICES. */
  prices?: PriceList;
  /** Told once for each model that has no price in the list. Default: nobody. */
  onNotice?: (message: string) => void;
}

const DEFAULT_BASE_URL = 'https://api.anthropic.com';
/** Milliseconds that the list of models may take where it is only asked for advice. */
const ADVICE_TIMEOUT = 5_000;

/** Makes the provider. Nothing is read from the environment and nothing is sent before the first call. */
export function createAnthropic(options: AnthropicOptions): LanguageModel {
  const client = new Anthropic({
    apiKey: options.apiKey,
    authToken: null,
    webhookKey: null,
    baseURL: options.baseUrl ?? DEFAULT_BASE_URL,
    maxRetries: 0,
    timeout: options.answerTimeout ?? 120_000,
    logLevel: 'off',
    openTelemetry: false,
  });
  return new AnthropicModel(client, options);
}

class AnthropicModel implements LanguageModel {
  readonly #client: Anthropic;
  readonly #options: AnthropicOptions;
  readonly #unpriced = new Set<string>();

  constructor(client: Anthropic, options: AnthropicOptions) {
    this.#client = client;
    this.#options = options;
  }

  get usual(): string | undefined {
    return this.#options.usualModel;
  }

  async complete(request: ModelRequest, options: ModelCallOptions): Promise<ModelAnswer> {
    const builder = new AnswerBuilder(options.onText, options.onThinking);
    for await (const event of this.#events(request, options.signal, builder)) builder.add(event);
    const answer = builder.finish();
    return { ...answer, cost: this.#costOf(request.model, answer.usage) };
  }

  estimate(request: ModelRequest): Delivered {
    return this.#used(request, 0);
  }

  bound(request: ModelRequest): Delivered {
    return this.#used(request, request.maxTokens);
  }

  #used(request: ModelRequest, output: number): Delivered {
    const input = Math.ceil(JSON.stringify(request).length / CHARACTERS_PER_TOKEN);
    const usage = { input, output, cacheRead: 0, cacheWrite: 0 };
    return { usage, cost: this.#costOf(request.model, usage) };
  }

  async list(): Promise<{ id: string; name: string }[]> {
    return this.#list();
  }

  async #list(options: { timeout?: number } = {}): Promise<{ id: string; name: string }[]> {
    const models: { id: string; name: string }[] = [];
    try {
      for await (const model of this.#client.models.list({ limit: 100 }, options)) {
        models.push({ id: model.id, name: model.display_name });
      }
    } catch (error) {
      throw toModelError(error, {
        model: 'the list of models',
        baseUrl: this.#client.baseURL,
        cancelled: false,
      });
    }
    return models;
  }

  #costOf(model: string, usage: TokenUsage): number {
    const { price, listed } = priceOf(model, this.#options.prices ?? ANTHROPIC_PRICES);
    if (!listed) this.#noticeUnpriced(model);
    return costOf(usage, price);
  }

  /** Sends the request and yields its answer's events; only what fails on the way is translated. */
  async *#events(
    request: ModelRequest,
    signal: AbortSignal,
    builder: AnswerBuilder,
  ): AsyncGenerator<WireEvent, void> {
    const silence = new Silence(this.#options.silenceTimeout ?? 120_000);
    const either = AbortSignal.any([signal, silence.signal]);
    try {
      if (signal.aborted)
        throw new TemperaError('CANCELLED', `The call of ${request.model} was cancelled before it was sent.`);
      const response = await this.#client.messages
        .create(toParams(request, this.#options.thinking), { signal: either })
        .asResponse();
      silence.heard();
      yield* readEvents(response, () => silence.heard());
      builder.finish();
    } catch (error) {
      throw await this.#failureOf(error, { request, signal, builder, silence });
    } finally {
      silence.stop();
    }
  }

  async #failureOf(error: unknown, { request, signal, builder, silence }: FailedCall): Promise<TemperaError> {
    const { passed } = silence;
    const { used } = builder;
    const failure = toModelError(error, {
      model: request.model,
      baseUrl: this.#client.baseURL,
      cancelled: signal.aborted,
      ...(passed ? { silentFor: passed } : {}),
      delivered: used === null ? undefined : { usage: used, cost: this.#costOf(request.model, used) },
    });
    if (failure.details.cause !== 'model') return failure;
    // without a list the advice is shorter, that is all
    const models = await this.#list({ timeout: ADVICE_TIMEOUT }).catch(() => []);
    const near = nearestModels(request.model, models);
    if (near.length === 0) return failure;
    const message = `${failure.message} On offer are ${near.join(', ')}.`;
    return new TemperaError(failure.code, message, { cause: failure, details: failure.details });
  }

  #noticeUnpriced(model: string): void {
    if (this.#unpriced.has(model)) return;
    this.#unpriced.add(model);
    this.#options.onNotice?.(
      `No price is known for model ${model}: its cost is reckoned at the dearest model's price.`,
    );
  }
}

interface FailedCall {
  request: ModelRequest;
  signal: AbortSignal;
  builder: AnswerBuilder;
  silence: Silence;
}

/** Aborts its signal when `heard` has not been called for `limit` milliseconds, counted from the first call. */
class Silence {
  readonly #controller = new AbortController();
  readonly #limit: number;
  #timer: NodeJS.Timeout | undefined;
  #passed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The limit, once it has passed in silence. */
  get passed(): number | undefined {
    return this.#passed ? this.#limit : undefined;
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#passed = true;
      this.#controller.abort();
    }, this.#limit);
  }

  /** Ends the watch and closes the connection if it is still open. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}
