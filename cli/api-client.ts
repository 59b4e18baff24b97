/** The only place in the CLI that talks HTTP. Problem documents become CommandErrors with their exit code. */

import type { z } from 'zod';
import { inWords } from '../core/issue-words.ts';
import { CommandError, EXIT, exitCodeOf } from './exit-code.ts';

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as a form. */
  form?: FormData;
  idempotencyKey?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

export interface ApiClient {
  readonly url: string;
  /** The answer's JSON, checked. @throws CommandError */
  request<T extends z.ZodType>(schema: T, path: string, options?: RequestOptions): Promise<z.output<T>>;
  /** The answer as it is, for files and streams. @throws CommandError */
  open(path: string, options?: RequestOptions): Promise<Response>;
}

export interface ApiClientOptions {
  /** Sent with every request. Default: none, as where none is asked for. */
  key?: string | null;
  /** No request outlives it. */
  interrupted?: AbortSignal;
}

/** A client of the api at `url`, e.g. http://127.0.0.1:7400. */
export function createApiClient(url: string, { key, interrupted }: ApiClientOptions = {}): ApiClient {
  const authorization: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
  async function open(path: string, { headers, ...options }: RequestOptions = {}): Promise<Response> {
    const request = { signal: interrupted, ...options, headers: { ...authorization, ...headers } };
    const response = await send(new URL(path, url), request);
    if (!response.ok) throw await problemOf(response);
    return response;
  }
  return {
    url,
    open,
    async request(schema, path, options) {
      const response = await open(path, options);
      // what was done without an answer, as a deletion, is an answer without fields
      const body: unknown = response.status === 204 ? {} : await response.json();
      const parsed = schema.safeParse(body, { error: inWords });
      if (parsed.success) return parsed.data;
      const [issue] = parsed.error.issues;
      throw new CommandError(
        EXIT.failed,
        `The platform at ${url} answers ${path} in another form than this command knows ` +
          `(${issue?.path.join('.') || 'the answer'} ${issue?.message}): they are of different ` +
          'releases. Stop it and start it again with: ' +
          'npm start',
      );
    },
  };
}

async function send(
  url: URL,
  { method, json, form, idempotencyKey, headers, signal }: RequestOptions,
): Promise<Response> {
  const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
  try {
    return await fetch(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...headers,
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted)
      throw new CommandError(EXIT.failed, 'Interrupted.', { code: 'INTERRUPTED', cause: error });
    const message = `The platform at ${url.origin} does not answer. Start it with: npm start`;
    throw new CommandError(EXIT.unreachable, message, { cause: error });
  }
}

async function problemOf(response: Response): Promise<CommandError> {
  const text = await response.text();
  const problem = parseObject(text);
  const detail =
    typeof problem.detail === 'string' ? problem.detail : `${response.status} ${response.statusText}`;
  const code = typeof problem.code === 'string' ? problem.code : 'FAILED';
  const details =
    typeof problem.details === 'object' && problem.details !== null ? { ...problem.details } : {};
  return new CommandError(exitCodeOf(response.status), detail, { code, details });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // not our server, or a proxy's page: the status says enough
    return {};
  }
}
