import { type Clock, EventStream, type StreamStatus } from './event-stream.ts';

const encoder = new TextEncoder();
const frame = (seq: number, text = ''): string =>
  `event: agent_message\nid: ${seq}\ndata: ${JSON.stringify({ stage: 'eda', run: 1, text })}\n\n`;

/** A clock that only moves when a test says so. */
class ManualClock implements Clock {
  time = 0;
  readonly pauses: number[] = [];
  readonly #waiting = new Set<{ due: number; resolve: () => void }>();
  now = () => this.time;
  random = () => 1;
  pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.pauses.push(milliseconds);
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const entry = { due: this.time + milliseconds, resolve };
      this.#waiting.add(entry);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  /** Timers of a sleeping tab: the time passes, nothing fires. */
  sleep(milliseconds: number): void {
    this.time += milliseconds;
  }
  pass(milliseconds: number): void {
    this.sleep(milliseconds);
    for (const entry of this.#waiting) if (entry.due <= this.time) entry.resolve();
  }
}

interface Connection {
  after: number;
  send: (text: string) => void;
  end: () => void;
}

/** A server whose connections a test drives by hand. */
function createServer(statuses: number[] = []) {
  const connections: Connection[] = [];
  const open = (after: number, signal: AbortSignal): Promise<Response> => {
    const status = statuses.shift() ?? 200;
    let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
    const body = new ReadableStream<Uint8Array>({
      start: (made) => {
        controller = made;
      },
    });
    let open = true;
    const end = () => {
      if (open) controller?.close();
      open = false;
    };
    signal.addEventListener('abort', () => {
      open = false;
    });
    connections.push({ after, send: (text) => open && controller?.enqueue(encoder.encode(text)), end });
    return Promise.resolve(new Response(status === 200 ? body : null, { status }));
  };
  return { connections, open };
}

function follow(statuses: number[] = []) {
  const server = createServer(statuses);
  const clock = new ManualClock();
  const seen: number[] = [];
  const deltas: string[] = [];
  const states: StreamStatus[] = [];
  const stream = new EventStream({
    open: server.open,
    clock,
    onEvent: ({ seq }) => seen.push(seq),
    onDelta: ({ text }) => deltas.push(text),
    onStatus: (status) => states.push(status),
  });
  return { ...server, clock, seen, deltas, states, stream, ended: stream.run() };
}

/** Lets what is ready run: promises and the web streams' own turns. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test('events that are cut anywhere between chunks arrive once and in order', async () => {
  const run = follow();
  await settle();
  const text = `retry: 1000\n\n${frame(1, 'é')}: keep-alive\n\n${frame(2)}${frame(3)}`;
  for (const character of text) run.connections[0]?.send(character);
  await settle();
  expect(run.seen).toEqual([1, 2, 3]);
  run.stream.stop();
  await run.ended;
  expect(run.states).toEqual(['connecting', 'live', 'stopped']);
});

test.each(['\n', '\r', '\r\n'])('lines may end in %j, cut anywhere', async (end) => {
  const run = follow();
  await settle();
  const text = `\ufeff${frame(1, 'é')}${frame(2).replaceAll(': ', ':')}${frame(3)}:`.replaceAll('\n', end);
  for (const character of text) run.connections[0]?.send(character);
  await settle();
  expect(run.seen).toEqual([1, 2, 3]);
  run.stream.stop();
  await run.ended;
});

test('a broken connection is opened again after the last event, and repeats are dropped', async () => {
  const run = follow();
  await settle();
  run.connections[0]?.send(frame(1) + frame(2));
  await settle();
  run.connections[0]?.end();
  await settle();
  expect(run.states.at(-1)).toBe('reconnecting');
  run.clock.pass(500);
  await settle();
  expect(run.connections[1]?.after).toBe(2);
  run.connections[1]?.send(frame(1) + frame(2) + frame(3));
  await settle();
  expect(run.seen).toEqual([1, 2, 3]);
  run.stream.stop();
  await run.ended;
});

test('a gap is asked for again instead of being skipped', async () => {
  const run = follow();
  await settle();
  run.connections[0]?.send(frame(1) + frame(3));
  await settle();
  expect(run.seen).toEqual([1]);
  run.clock.pass(500);
  await settle();
  expect(run.connections[1]?.after).toBe(1);
  run.stream.stop();
  await run.ended;
});

test('forty silent seconds end a connection; a byte within them does not', async () => {
  const run = follow();
  await settle();
  run.clock.pass(30_000);
  run.connections[0]?.send(': keep-alive\n\n');
  await settle();
  run.clock.pass(30_000);
  await settle();
  expect(run.connections).toHaveLength(1);
  run.clock.pass(10_000);
  await settle();
  run.clock.pass(500);
  await settle();
  expect(run.connections).toHaveLength(2);
  run.stream.stop();
  await run.ended;
});

test('a tab that slept for an hour goes on from its last event as soon as it is seen', async () => {
  const run = follow();
  await settle();
  run.connections[0]?.send(frame(1));
  await settle();
  run.clock.sleep(3_600_000);
  run.stream.wake();
  await settle();
  run.stream.wake();
  await settle();
  expect(run.connections[1]?.after).toBe(1);
  run.connections[1]?.send(frame(2));
  await settle();
  expect(run.seen).toEqual([1, 2]);
  run.stream.stop();
  await run.ended;
});

test.each([401, 403, 404])('%i ends the stream', async (status) => {
  const run = follow([status]);
  await run.ended;
  expect(run.connections).toHaveLength(1);
  expect(run.states.at(-1)).toBe('refused');
});

test('pauses double up to their bound while the server is away', async () => {
  const run = follow([503, 503, 503, 503, 503, 503, 503, 503]);
  for (let turn = 0; turn < 8; turn++) {
    await settle();
    run.clock.pass(15_000);
  }
  await settle();
  const pauses = run.clock.pauses.filter((pause) => pause !== 40_000);
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  run.stream.stop();
  await run.ended;
});

test('deltas are handed on beside the numbered events', async () => {
  const run = follow();
  await settle();
  const delta = { message: 'm', epoch: 1, offset: 0, text: 'Hel' };
  run.connections[0]?.send(
    `event: agent_delta\ndata: ${JSON.stringify(delta)}\n\nevent: agent_delta\ndata: x\n\n`,
  );
  await settle();
  expect(run.deltas).toEqual(['Hel']);
  run.stream.stop();
  await run.ended;
});
