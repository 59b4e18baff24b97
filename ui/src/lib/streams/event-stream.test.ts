import { EventStream, type StreamStatus } from './event-stream.ts';
import { createServer, ManualClock, settle } from './testing/stream-server.ts';

const frame = (name: string): string => `event: ${name}\ndata: {}\n\n`;

function follow(statuses: number[] = []) {
  const server = createServer<null>(statuses);
  const clock = new ManualClock();
  const seen: string[] = [];
  const states: StreamStatus[] = [];
  const stream = new EventStream({
    open: (signal) => server.open(null, signal),
    clock,
    // a frame that says gap tells of one
    onFrame: ({ event }, isLast) =>
      seen.push(isLast ? event : `${event} of the one before`) > 0 && event !== 'gap',
    onStatus: (status) => states.push(status),
  });
  return { ...server, clock, seen, states, stream, ended: stream.follow() };
}

async function end({ stream, ended }: ReturnType<typeof follow>): Promise<void> {
  stream.stop();
  await ended;
}

test('frames that are cut anywhere between chunks arrive once and in order', async () => {
  const run = follow();
  await settle();
  const text = `retry: 1000\n\n${frame('é')}: keep-alive\n\n${frame('b')}${frame('c')}`;
  for (const character of text) run.connections[0]?.send(character);
  await settle();
  expect(run.seen).toEqual(['é', 'b', 'c']);
  await end(run);
  expect(run.states).toEqual(['connecting', 'live', 'stopped']);
});

test.each(['\n', '\r', '\r\n'])('lines may end in %j, cut anywhere', async (end_) => {
  const run = follow();
  await settle();
  const text = `\ufeff${frame('é')}${frame('b').replaceAll(': ', ':')}${frame('c')}:\n:`.replaceAll(
    '\n',
    end_,
  );
  for (const character of text) run.connections[0]?.send(character);
  await settle();
  expect(run.seen).toEqual(['é', 'b', 'c']);
  await end(run);
});

test('a broken connection is opened again after a pause, and so is one with a gap', async () => {
  const run = follow();
  await settle();
  run.connections[0]?.end();
  await settle();
  expect(run.states.at(-1)).toBe('reconnecting');
  run.clock.pass(500);
  await settle();
  expect(run.connections).toHaveLength(2);
  run.connections[1]?.send(frame('a') + frame('gap') + frame('b'));
  await settle();
  run.clock.pass(500);
  await settle();
  expect(run.connections).toHaveLength(3);
  expect(run.seen).toEqual(['a', 'gap']);
  await end(run);
});

test('another connection takes over once it is open, and the one before is heard until then', async () => {
  const run = follow();
  await settle();
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const slow = new EventStream({
    open: async (signal) => {
      if (run.connections.length > 1) await gate;
      return await run.open(null, signal);
    },
    clock: run.clock,
    onFrame: ({ event }, isLast) => run.seen.push(`${event} ${isLast}`) > 0,
    onStatus: () => undefined,
  });
  const ended = slow.follow();
  await settle();
  slow.reopen();
  run.connections[1]?.send(frame('before'));
  await settle();
  expect(run.seen).toEqual(['before false']);
  open();
  await settle();
  expect(run.connections.map(({ isOpen }) => isOpen)).toEqual([true, false, true]);
  run.connections[2]?.send(frame('after'));
  await settle();
  expect(run.seen).toEqual(['before false', 'after true']);
  slow.stop();
  await ended;
  await end(run);
});

test('one that cannot take over is tried again', async () => {
  const run = follow([200, 503]);
  await settle();
  run.stream.reopen();
  await settle();
  expect(run.states.at(-1)).toBe('reconnecting');
  expect(run.connections[0]?.isOpen).toBe(false);
  run.clock.pass(500);
  await settle();
  run.connections[2]?.send(frame('a'));
  await settle();
  expect(run.seen).toEqual(['a']);
  await end(run);
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
  await end(run);
});

test('a tab that slept for an hour connects again as soon as it is seen', async () => {
  const run = follow();
  await settle();
  run.clock.sleep(3_600_000);
  run.stream.wake();
  await settle();
  run.stream.wake();
  await settle();
  run.connections[1]?.send(frame('a'));
  await settle();
  expect(run.seen).toEqual(['a']);
  await end(run);
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
  await end(run);
});
