/** The few REST calls that tests of the platform need, with plain fetch as any client would. */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { StoredEvent } from '../../core/events.ts';
import type { Experiment, Session, SessionUsage, Step } from '../../core/records.ts';
import { until } from './wait.ts';

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

export interface Rest {
  url: string;
  send<T>(method: string, path: string, body?: unknown): Promise<Answer<T>>;
  post<T>(path: string, body: unknown, headers: Record<string, string>): Promise<Answer<T>>;
  get<T>(path: string): Promise<T>;
  /** Uploads a table as a new experiment, with other files beside it. */
  createExperiment(file: string | readonly string[], fields?: Record<string, string>): Promise<Experiment>;
  createSession(experiment: string, body?: Record<string, unknown>): Promise<Session>;
  session(id: string): Promise<Session>;
  /** Waits until the session is in one of the states. @throws when it has failed instead */
  waitFor(id: string, states: Session['state'][], seconds?: number): Promise<Session>;
  events(id: string): Promise<StoredEvent[]>;
  /** Waits for an event that `matches` takes. */
  waitForEvent(id: string, matches: (event: StoredEvent) => boolean, seconds?: number): Promise<StoredEvent>;
  steps(id: string): Promise<Step[]>;
  usage(id: string): Promise<SessionUsage>;
}

export function createRest(url: string): Rest {
  async function request<T>(
    path: string,
    { method, body, headers = {} }: { method: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer<T>> {
    const form = body instanceof FormData;
    const json: Record<string, string> =
      body === undefined || form ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { ...json, ...headers },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: (text === '' ? null : JSON.parse(text)) as T,
    };
  }

  const send = <T>(method: string, path: string, body?: unknown) => request<T>(path, { method, body });

  async function get<T>(path: string): Promise<T> {
    return expectOk(await send<T>('GET', path), `GET ${path}`);
  }

  const rest: Rest = {
    url,
    send,
    post: (path, body, headers) => request(path, { method: 'POST', body, headers }),
    get,
    async createExperiment(file, fields = {}) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      for (const path of [file].flat()) {
        form.append('file', new Blob([readFileSync(path)]), basename(path));
      }
      return expectOk(await send<Experiment>('POST', '/api/experiments', form), `upload ${file}`);
    },
    async createSession(experiment, body = { mode: 'auto' }) {
      const path = `/api/experiments/${experiment}/sessions`;
      return expectOk(await send<Session>('POST', path, body), `POST ${path}`);
    },
    session: (id) => get<Session>(`/api/sessions/${id}`),
    async waitFor(id, states, seconds = 240) {
      const found = await until(
        `session ${id} in ${states.join(' or ')}`,
        async () => {
          const session = await rest.session(id);
          return states.includes(session.state) || session.state === 'failed' ? session : null;
        },
        seconds,
      );
      if (!states.includes(found.state))
        throw new Error(`it failed: ${JSON.stringify((await rest.events(id)).slice(-3))}`);
      return found;
    },
    async events(id) {
      const all: StoredEvent[] = [];
      for (;;) {
        const after = all.at(-1)?.seq ?? 0;
        const { items } = await get<{ items: StoredEvent[] }>(
          `/api/sessions/${id}/events?after=${after}&limit=1000`,
        );
        if (items.length === 0) return all;
        all.push(...items);
      }
    },
    waitForEvent(id, matches, seconds = 120) {
      return until(`an event of session ${id}`, async () => (await rest.events(id)).find(matches), seconds);
    },
    steps: async (id) => (await get<{ items: Step[] }>(`/api/sessions/${id}/steps`)).items,
    usage: (id) => get<SessionUsage>(`/api/sessions/${id}/usage`),
  };
  return rest;
}

function expectOk<T>({ status, body }: Answer<T>, what: string): T {
  if (status < 200 || status > 299) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body;
}
