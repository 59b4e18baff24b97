/**
 * A local server that speaks Anthropic's Messages API over real HTTP and server-sent events, for tests with the
 * real SDK. It refuses what the real API refuses (request-rules.ts), then does what the script says.
 * It holds no knowledge of the product.
 */

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { streamAnswer, toWireContent } from './answer-stream.ts';
import { CallCounts, type Counts } from './call-counts.ts';
import { type Control, ControlSchema, controlled } from './control.ts';
import { IssuedAnswers } from './issued-answers.ts';
import { PromptCache } from './prompt-cache.ts';
import { brokenRule } from './request-rules.ts';
import type { Reply, Script, ScriptedAnswer } from './script.ts';
import { formError, type MessagesRequest, MessagesRequestSchema } from './wire.ts';

export interface AnthropicServerOptions {
  script: Script;
  /** Default: any free port. */
  port?: number;
  /** The only key that is accepted, as x-api-key or as a bearer. Default `test-key`. */
  key?: string;
  /** Models that there are. Default: whichever is asked for. */
  models?: string[];
  /** Tokens that a conversation and its answer may have together, four characters being one. Default: any number. */
  contextTokens?: number;
  /** File that keeps the counts over restarts. Default: none. */
  countsFile?: string;
}

export interface AnthropicServer {
  /** What ANTHROPIC_BASE_URL is set to. */
  url: string;
  counts(): Counts;
  /** The requests that passed the rules, in order. */
  requests: MessagesRequest[];
  setScript(script: Script): void;
  /** Remembers nothing of its answers any more, as after a restart: what comes next is another conversation. */
  forget(): void;
  /** Changes the key, the models or the context from now on, as an account or a gateway is mended. */
  change(to: Changeable): void;
  close(): Promise<void>;
}

export interface Changeable {
  key?: string;
  models?: string[] | undefined;
  contextTokens?: number | undefined;
}

/** The largest request, in bytes, as the real API has it. */
const MAX_BODY = 32 * 1024 * 1024;

/** Versions of the API whose rules this server keeps: what is used of it is the same in both. */
const VERSIONS = ['2023-06-01', '2026-10-21'];

/** Starts the server; it listens when the promise resolves. */
export async function startAnthropicServer(options: AnthropicServerOptions): Promise<AnthropicServer> {
  const state = new ServerState(options);
  const server = createServer((request, response) => {
    handle(state, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(response, { status: 500, type: 'api_error', message: String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    counts: () => state.counts.all,
    requests: state.requests,
    setScript: (script) => {
      state.replies = script;
    },
    forget: () => {
      state.issued = new IssuedAnswers();
    },
    change: (to) => {
      state.account = { ...state.account, ...to };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class ServerState {
  /** The script that a test gave. */
  replies: Script;
  /** The same, under the orders that stand. */
  readonly script: Script;
  readonly order: (control: Control) => void;
  account: Changeable & { key: string };
  readonly counts: CallCounts;
  issued = new IssuedAnswers();
  readonly cache = new PromptCache();
  readonly requests: MessagesRequest[] = [];

  constructor(options: AnthropicServerOptions) {
    const { script, order } = controlled((request, call) => this.replies(request, call));
    this.replies = options.script;
    this.script = script;
    this.order = order;
    const { key = 'test-key', models, contextTokens } = options;
    this.account = { key, ...(models && { models }), ...(contextTokens && { contextTokens }) };
    this.counts = new CallCounts(options.countsFile);
  }
}

interface Refusal {
  status: number;
  type: string;
  message: string;
  retryAfter?: string;
}

async function handle(state: ServerState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://local').pathname;
  const route = `${request.method} ${path}`;
  if (route === 'GET /counts') return sendJson(response, { body: state.counts.all });
  if (route === 'PUT /control') return takeOrder(state, request, response);
  const refusal = headerRefusal(state, request);
  if (route === 'GET /v1/models') return refusal ? sendError(response, refusal) : sendModels(state, response);
  if (route !== 'POST /v1/messages') {
    return sendError(response, { status: 404, type: 'not_found_error', message: `Not found: ${path}` });
  }
  const call = state.counts.add('calls');
  const body = await readBody(request);
  const checked = refusal ?? checkBody(state, body);
  if ('status' in checked) {
    state.counts.add('refused');
    return sendError(response, checked);
  }
  state.requests.push(checked);
  await reply(
    state,
    { request: checked, body: body ?? '', reply: await state.script(checked, call) },
    response,
  );
}

async function takeOrder(
  state: ServerState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  state.order(ControlSchema.parse(JSON.parse((await readBody(request)) ?? '{}')));
  sendJson(response, { body: {} });
}

function headerRefusal(state: ServerState, request: IncomingMessage): Refusal | null {
  const { authorization, 'anthropic-version': version, 'content-type': type } = request.headers;
  const key = request.headers['x-api-key'] ?? authorization?.replace(/^Bearer /, '');
  if (key === undefined) return refuse(401, 'authentication_error', 'x-api-key header is required');
  if (key !== state.account.key) return refuse(401, 'authentication_error', 'invalid x-api-key');
  if (version === undefined) return invalid('anthropic-version: header is required');
  if (!VERSIONS.includes(String(version)))
    return invalid(`anthropic-version: "${version}" is not a valid version`);
  const hasBody = request.method === 'POST';
  if (hasBody && !type?.startsWith('application/json'))
    return invalid('content-type: must be application/json');
  return null;
}

function checkBody(state: ServerState, body: string | null): Refusal | MessagesRequest {
  if (body === null) return refuse(413, 'request_too_large', 'Request exceeds the maximum size');
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    return invalid(`The request body is not valid JSON: ${error instanceof Error ? error.message : ''}`);
  }
  const parsed = MessagesRequestSchema.safeParse(value);
  if (!parsed.success) return invalid(formError(parsed.error));
  if (parsed.data.stream !== true) return invalid('stream: this server only streams');
  const rule = brokenRule(parsed.data, state.issued);
  return rule ? invalid(rule) : (accountRefusal(state, parsed.data) ?? parsed.data);
}

/** What the account or the model does not take. */
function accountRefusal({ account, cache }: ServerState, request: MessagesRequest): Refusal | null {
  const { models, contextTokens } = account;
  if (models && !models.includes(request.model))
    return refuse(404, 'not_found_error', `model: ${request.model}`);
  if (contextTokens === undefined) return null;
  const length = cache.lengthOf(request);
  if (length > contextTokens)
    return invalid(`prompt is too long: ${length} tokens > ${contextTokens} maximum`);
  return length + request.max_tokens > contextTokens
    ? invalid(
        `input length and \`max_tokens\` exceed context limit: ${length} + ${request.max_tokens} ` +
          `> ${contextTokens}, decrease input length or \`max_tokens\` and try again`,
      )
    : null;
}

async function reply(
  state: ServerState,
  { request, body, reply }: { request: MessagesRequest; body: string; reply: Reply },
  response: ServerResponse,
): Promise<void> {
  if (reply.kind === 'silence') return;
  if (reply.kind === 'failure') {
    state.counts.add('failed');
    return sendError(response, { ...reply, message: reply.message ?? defaultMessage(reply.type) });
  }
  if (!(await answer(state, { request, reply }, response))) {
    state.counts.add('broken');
    return;
  }
  state.counts.complete(body);
}

function answer(
  state: ServerState,
  { request, reply }: { request: MessagesRequest; reply: ScriptedAnswer },
  response: ServerResponse,
): Promise<boolean> {
  state.issued.remember(toWireContent(reply.content, state.issued), reply.stopReason === 'pause_turn');
  return streamAnswer(response, reply, {
    request,
    usage: state.cache.usageOf(request),
    issued: state.issued,
  });
}

/** The body as text, or null when it is larger than the API takes. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = z.instanceof(Buffer).parse(chunk);
    size += bytes.length;
    if (size <= MAX_BODY) chunks.push(bytes);
  }
  return size > MAX_BODY ? null : Buffer.concat(chunks).toString('utf8');
}

function refuse(status: number, type: string, message: string): Refusal {
  return { status, type, message };
}

function invalid(message: string): Refusal {
  return refuse(400, 'invalid_request_error', message);
}

function defaultMessage(type: string): string {
  return type === 'overloaded_error' ? 'Overloaded' : `scripted ${type}`;
}

function sendModels({ account }: ServerState, response: ServerResponse): void {
  const ids = account.models ?? ['claude-test'];
  const data = ids.map((id) => {
    const name = id.replace(
      /(^|-)([a-z])/g,
      (_part, dash: string, letter: string) => `${dash && ' '}${letter.toUpperCase()}`,
    );
    return { type: 'model', id, display_name: name, created_at: '2026-01-01T00:00:00Z' };
  });
  const body = { data, has_more: false, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null };
  sendJson(response, { body });
}

function sendError(response: ServerResponse, { status, type, message, retryAfter }: Refusal): void {
  const body = {
    type: 'error',
    error: { type, message },
    request_id: `req_${randomUUID().replaceAll('-', '')}`,
  };
  const headers = {
    'request-id': body.request_id,
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
  };
  sendJson(response, { status, body, headers });
}

function sendJson(
  response: ServerResponse,
  { status = 200, body, headers = {} }: { status?: number; body: object; headers?: Record<string, string> },
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
