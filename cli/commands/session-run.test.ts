/** Waiting for a session's end, against a server that says of the session what a test wants, in plain HTTP. */

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApiClient } from '../api-client.ts';
import type { ReadEvent } from '../event-reader.ts';
import { eventsUntilRest, waitForSession } from './session-run.ts';

const ID = '01890000-0000-7000-8000-000000000000';
const SESSION = {
  id: ID,
  owner: 'local',
  experiment_id: ID,
  state: 'eda_running',
  failed_stage: null,
  waiting: null,
  mode: 'auto',
  model: 'autopilot/standard',
  limits: { turns: 30, tokens: 2_000_000, cost: 20, time: 7_200 },
  stop_after_step: false,
  forked_from: null,
  follow_up: null,
  created_at: '2026-11-29T19:30:14.503Z',
  updated_at: '2026-11-29T19:30:14.503Z',
};
const stored = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ seq: at + 1, type: 'usage', data: { turn: at } }));

interface Answers {
  session: Record<string, unknown>;
  events: { seq: number; type: string; data: Record<string, unknown> }[];
}

/** The stream is silent for ever: whoever waits for an event of it waits in vain. */
function answer(answers: Answers, path: string, response: ServerResponse): void {
  const url = new URL(path, 'http://x');
  const after = Number(url.searchParams.get('after') ?? 0);
  if (url.pathname.endsWith('/stream')) {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': silent\n\n');
    return;
  }
  const items = answers.events.filter(({ seq }) => seq > after).slice(0, 1_000);
  const body = url.pathname.endsWith('/events') ? { items } : { ...SESSION, ...answers.session };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

describe('a session whose events stay away', () => {
  let server: Server;
  let answers: Answers;
  beforeAll(async () => {
    server = createServer((request, response) => answer(answers, request.url ?? '', response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    answers = { session: {}, events: [] };
  });
  const api = () => createApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const signal = () => new AbortController().signal;

  async function followed(after: number): Promise<{ events: ReadEvent[]; state: string | undefined }> {
    const events: ReadEvent[] = [];
    const reading = eventsUntilRest(api(), ID, { after, signal: signal() });
    for (;;) {
      const next = await reading.next();
      if (next.done) return { events, state: next.value?.state };
      events.push(next.value);
    }
  }

  test.each([
    [0, 2_345],
    [2_344, 1],
    [2_345, 0],
    [99_999, 0],
  ])('followed after %i when it has ended: %i events, then its end', async (after, count) => {
    answers = { session: { state: 'train_done' }, events: stored(2_345) };
    const { events, state } = await followed(after);
    expect(state).toBe('train_done');
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, at) => after + at + 1));
  });

  test('that stands still is told to, with its events before', async () => {
    answers = { session: { waiting: { reason: 'stopped' } }, events: stored(3) };
    await expect(followed(3)).rejects.toThrow(/is stopped.*sessions resume/);
  });

  test('that ends while it is followed is seen to', async () => {
    const following = followed(0);
    answers = { session: { state: 'failed' }, events: stored(2) };
    expect(await following).toMatchObject({ state: 'failed', events: [{ seq: 1 }, { seq: 2 }] });
  });

  const waited = (show: () => Promise<void>, seconds: number | null, interrupted = signal()) =>
    waitForSession({ signal: interrupted }, api(), { id: ID, after: 0, show, timeoutSeconds: seconds });

  test('that goes on is given up when the time is over', async () => {
    await expect(waited(async () => undefined, 0.2)).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  test('is given up by the clock while a person is asked, too', async () => {
    answers = { session: { state: 'train_done' }, events: stored(1) };
    await expect(waited(() => new Promise(() => undefined), 0.2)).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  test('an interruption ends the wait', async () => {
    const interrupted = new AbortController();
    const waiting = waited(async () => undefined, null, interrupted.signal);
    interrupted.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
