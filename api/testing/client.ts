/** Requests of tests, as browsers and scripts send them, and what tests put into the stores for them. */

import { request as httpRequest } from 'node:http';
import { parseEvents, type ReadEvent } from '../../cli/event-reader.ts';
import type { NewEvent } from '../../core/events.ts';
import { derivedId, newId, sha256 } from '../../core/ids.ts';
import type { Experiment, ManifestEntry, Session, Step } from '../../core/records.ts';
import { sessionStream } from '../../core/session-names.ts';
import { addBlobs, appendEvents, beginStep, insertCheckpoint, updateStep } from '../../db/index.ts';
import type { TestApi } from './api-server.ts';

export const CSV = 'species,mass\nadelie,1\n';

export interface CallOptions {
  method?: string;
  owner?: string | undefined;
  /** Sent as JSON; makes it a POST unless a method is given. */
  json?: unknown;
  body?: string | Blob | FormData;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** One request to the API. */
export function call(api: TestApi, path: string, options: CallOptions = {}): Promise<Response> {
  const { owner, json, headers, signal } = options;
  const body = json === undefined ? options.body : JSON.stringify(json);
  return fetch(`${api.url}${path}`, {
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(owner !== undefined && { 'x-test-owner': owner }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body }),
    ...(signal && { signal }),
  });
}

/** The answer's JSON as the test knows it to be: the one cast of the tests. */
export async function json<T = Record<string, unknown>>(response: Response | Promise<Response>): Promise<T> {
  return (await (await response).json()) as T;
}

/** A form with one file. */
export function form(
  fields: Record<string, string>,
  content: string | Blob = CSV,
  name = 'penguins.csv',
): FormData {
  const data = new FormData();
  for (const [field, value] of Object.entries(fields)) data.set(field, value);
  data.set('file', content instanceof Blob ? content : new Blob([content]), name);
  return data;
}

export async function newExperiment(api: TestApi, owner?: string): Promise<Experiment> {
  const response = await call(api, '/api/experiments', { body: form({ target: 'species' }), owner });
  if (response.status !== 201) throw new Error(await response.text());
  return await json<Experiment>(response);
}

export async function newSession(api: TestApi, owner?: string): Promise<Session> {
  const { id } = await newExperiment(api, owner);
  const response = await call(api, `/api/experiments/${id}/sessions`, { json: {}, owner });
  if (response.status !== 201) throw new Error(await response.text());
  return await json<Session>(response);
}

/** A request as it is, without a client that tidies its path or sets its host. */
export function raw(
  api: TestApi,
  path: string,
  options: { headers?: Record<string, string>; method?: string } = {},
): Promise<{ status: number; text: string }> {
  return send(api, path, options);
}

/** The same with a body, byte by byte. */
export function send(
  api: TestApi,
  path: string,
  {
    headers = {},
    method = 'GET',
    body = '',
  }: { headers?: Record<string, string>; method?: string; body?: string } = {},
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(api.url);
  const options = { hostname, port, path, method, headers, setHost: headers.host === undefined };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end(body);
  });
}

/** An event with that key and text. */
export const printed = (key: string, text = key): NewEvent => ({
  key,
  type: 'code_output',
  stage: 'eda',
  run: 1,
  data: { step: 's', execution: 1, stream: 'stdout', offset: 0, text },
});

/** Appends events to the session's stream, as an activity does. */
export async function append(api: TestApi, { id }: Session, events: NewEvent[]): Promise<void> {
  await api.db.transaction((tx) => appendEvents(tx, sessionStream(id), events));
  api.dependencies.hub.notify(sessionStream(id));
}

/** Reads a stream until `isEnough` or its end. */
export async function readStream(
  api: TestApi,
  { path, headers = {} }: { path: string; headers?: Record<string, string> },
  isEnough: (events: ReadEvent[]) => boolean,
): Promise<ReadEvent[]> {
  const stop = new AbortController();
  const response = await call(api, path, { headers, signal: stop.signal });
  const events: ReadEvent[] = [];
  for await (const event of parseEvents(response.body)) {
    events.push(event);
    if (isEnough(events)) break;
  }
  stop.abort();
  return events;
}

/** Stores a tree, where a link is written as `{ link: target }`, as the session's last checkpoint; returns its id. */
export async function storeCheckpoint(
  api: TestApi,
  session: Session,
  files: Record<string, string | Buffer | { link: string }>,
): Promise<string> {
  const entries: ManifestEntry[] = [];
  for (const [path, content] of Object.entries(files)) {
    const isLink = typeof content === 'object' && !Buffer.isBuffer(content);
    entries.push(isLink ? link(path, content.link) : await storeFile(api, path, content));
  }
  const manifest = JSON.stringify(entries);
  const { sha256: manifest_sha256 } = await storeFile(api, '', manifest);
  const id = newId();
  await api.db.transaction(async (tx) => {
    await addBlobs(tx, [{ sha256: manifest_sha256, size: manifest.length }]);
    await insertCheckpoint(tx, {
      ...{ id, session_id: session.id, stage: 'eda', run: 1, step_id: derivedId(id), execution: 1 },
      ...{ base: null, manifest_sha256, files: entries.length, bytes: manifest.length, live: false },
    });
  });
  return id;
}

/** A finished execute_code step that left the checkpoint. */
export async function storeStep(
  api: TestApi,
  session: Session,
  step: Pick<Step, 'stage' | 'turn' | 'title'> & {
    run?: number;
    code: string;
    stdout?: string;
    changed?: string[];
    script?: string;
    checkpoint?: string;
  },
): Promise<string> {
  const { stage, turn, title, run = 1, code, stdout = '', changed = [], script, checkpoint } = step;
  const place = { session_id: session.id, stage, run, turn, call: `call-${turn}` };
  const id = derivedId(session.id, stage, run, turn);
  await api.db.transaction(async (tx) => {
    await beginStep(tx, {
      ...place,
      id,
      kind: 'tool',
      tool: 'execute_code',
      title,
      input: { code },
      epoch: 1,
    });
    const output = {
      ...{ status: 'ok', code: 0, signal: 0, duration_us: 1, cpu_us: 1, peak_memory_bytes: 1 },
      ...{ error_name: '', error_value: '', message: '', stdout, stderr: '', files_changed: changed },
      script_path: script ?? '',
    };
    await updateStep(
      tx,
      { step: id, epoch: 1 },
      { state: 'done', output, ...(checkpoint && { checkpoint }) },
    );
  });
  return id;
}

async function storeFile(api: TestApi, path: string, content: string | Buffer): Promise<ManifestEntry> {
  const bytes = Buffer.from(content);
  const hash = sha256(bytes);
  await api.dependencies.blobs.put(hash, bytes, { size: bytes.length });
  return { path, kind: 'file', size: bytes.length, sha256: hash, mode: 0o644, target: '' };
}

function link(path: string, target: string): ManifestEntry {
  return { path, kind: 'link', size: 0, sha256: '', mode: 0o777, target };
}

/** Connections that the server holds. */
export function connections(api: TestApi): Promise<number> {
  return new Promise((resolve, reject) => {
    api.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
