/**
 * The only place that talks to the API. Every failure is an ApiError; a request that got no answer has status 0.
 * It tells its listeners whether the API is reachable, from which the offline banner is drawn.
 */

import { problemSentence } from './problem-sentence.ts';
import { Reachability } from './reachability.ts';

export interface ProblemFields {
  code: string;
  message: string;
  /** HTTP status; 0 where no answer came. */
  status: number;
  requestId: string | null;
  details: Record<string, unknown>;
  /** Seconds after which to try again, where the server said so. */
  retryAfter: number | null;
}

/** A refusal or a failure of the API, with the id to quote when asking for help. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly requestId: string | null;
  readonly details: Record<string, unknown>;
  readonly retryAfter: number | null;

  constructor(problem: ProblemFields, options?: ErrorOptions) {
    super(problem.message, options);
    this.name = 'ApiError';
    this.code = problem.code;
    this.status = problem.status;
    this.requestId = problem.requestId;
    this.details = problem.details;
    this.retryAfter = problem.retryAfter;
  }
}

export interface RequestOptions {
  signal?: AbortSignal | undefined;
  /** Values that are undefined or null are left out. */
  query?: Record<string, string | number | boolean | null | undefined>;
  headers?: Record<string, string>;
  /**
   * A command repeated with its key does nothing twice. Default: a new one for each POST; null for one that only
   * reads.
   */
  idempotencyKey?: string | null;
}

export interface UploadOptions extends RequestOptions {
  /** Share of the bytes sent, 0 to 1. */
  onprogress?: (share: number) => void;
}

const reachability = new Reachability();

/** Calls `listener` after each request with whether an answer came. Returns what ends it. */
export const onReachability = (listener: (reachable: boolean) => void): (() => void) =>
  reachability.onChange(listener);

/** Calls `listener` when the platform answers again after it did not: what failed is loaded anew. */
export const onRestored = (listener: () => void): (() => void) => reachability.onRestored(listener);

/** Bytes came on a stream that is open: the platform answers. */
export const heard = (): void => reachability.answered();

/** A connection of the event stream could not be made: the platform does not answer. */
export const lost = (): void => reachability.failed();

const refused = new Set<() => void>();

/** Calls `listener` whenever the platform asks who one is (401). Returns what ends it. */
export function onUnauthenticated(listener: () => void): () => void {
  refused.add(listener);
  return () => refused.delete(listener);
}

export const api = {
  get: <T>(path: string, options: RequestOptions = {}): Promise<T> =>
    json<T>(path, options, { method: 'GET' }),
  post: <T>(path: string, body: unknown = {}, options: RequestOptions = {}): Promise<T> =>
    json<T>(path, withKey(options), { method: 'POST', body }),
  patch: <T>(path: string, body: unknown, options: RequestOptions = {}): Promise<T> =>
    json<T>(path, options, { method: 'PATCH', body }),
  put: <T>(path: string, body: unknown, options: RequestOptions = {}): Promise<T> =>
    json<T>(path, options, { method: 'PUT', body }),
  delete: (path: string, options: RequestOptions = {}): Promise<void> =>
    json(path, options, { method: 'DELETE' }),
  text: async (path: string, options: RequestOptions = {}): Promise<string> =>
    await (await open(path, options)).text(),
  open,
  upload,
};

/** The bare answer, for streams and files. @throws ApiError also for a status of 400 and above */
export async function open(
  path: string,
  { signal, query, headers }: RequestOptions = {},
  init: RequestInit = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(withQuery(path, query), {
      ...init,
      headers: headers ?? {},
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    reachability.failed();
    throw unreachable(error, init.method ?? 'GET');
  }
  reachability.answered();
  if (!response.ok) throw await refusal(response);
  return response;
}

async function json<T>(
  path: string,
  options: RequestOptions,
  { method, body }: { method: string; body?: unknown },
): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
  const init: RequestInit = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await open(path, { ...options, headers }, init);
  const text = await response.text();
  // the boundary where an answer gets the type that the API's document gives it
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Sends a form or a file with progress, which fetch cannot tell. */
function upload<T>(path: string, body: XMLHttpRequestBodyInit, options: UploadOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', withQuery(path, options.query));
    request.setRequestHeader('idempotency-key', options.idempotencyKey ?? crypto.randomUUID());
    for (const [name, value] of Object.entries(options.headers ?? {})) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => options.onprogress?.(total > 0 ? loaded / total : 0);
    request.onload = () => {
      reachability.answered();
      if (request.status < 400) resolve(JSON.parse(request.responseText) as T);
      else
        reject(toApiError(request.status, request.responseText, (name) => request.getResponseHeader(name)));
    };
    request.onerror = () => {
      reachability.failed();
      reject(unreachable(null, 'POST'));
    };
    request.onabort = () => reject(new DOMException('The upload was stopped.', 'AbortError'));
    options.signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
}

async function refusal(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  return toApiError(response.status, text, (name) => response.headers.get(name));
}

/** Reads a problem document; what is none becomes a sentence of its own. Who waits for a 401 is called. */
export function toApiError(status: number, text: string, header: (name: string) => string | null): ApiError {
  if (status === 401) for (const listener of [...refused]) listener();
  const problem = parseObject(text);
  const retryAfter = Number(header('retry-after') ?? Number.NaN);
  return new ApiError({
    code: typeof problem.code === 'string' ? problem.code : `HTTP_${status}`,
    message: problemSentence(problem) ?? `The server answered with status ${status}.`,
    status,
    requestId: header('x-request-id'),
    details: isObject(problem.details) ? problem.details : {},
    retryAfter: Number.isFinite(retryAfter) ? retryAfter : null,
  });
}

/**
 * A request that reads is made again when the platform answers; of one that does something its sender says what is
 * done.
 */
function unreachable(cause: unknown, method: string): ApiError {
  const message =
    method === 'GET'
      ? 'The platform does not answer. What you see is the last that was loaded; it is loaded ' +
        'again as soon as the platform answers.'
      : 'The platform does not answer.';
  return new ApiError(
    { code: 'UNREACHABLE', message, status: 0, requestId: null, details: {}, retryAfter: null },
    { cause },
  );
}

/** Milliseconds after which one who was asked to wait (429) may come back; null for any other failure. */
export const waitOf = (error: unknown): number | null =>
  error instanceof ApiError && error.status === 429 && error.retryAfter !== null
    ? error.retryAfter * 1_000
    : null;

/** What was asked for is not there: asking again changes nothing. */
export const isMissing = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

function withQuery(path: string, query: RequestOptions['query']): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null) words.set(name, String(value));
  }
  const text = words.toString();
  return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`;
}

const withKey = (options: RequestOptions): RequestOptions => ({
  idempotencyKey: crypto.randomUUID(),
  ...options,
});

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {}; // a proxy's page, not ours: the status alone is told
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
