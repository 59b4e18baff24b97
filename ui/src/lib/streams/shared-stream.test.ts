/** Tabs and the connection that they share, over real channels; only the clock and the server are the test's. */

import { EventFeed } from './event-feed.ts';
import type { StreamStatus } from './event-stream.ts';
import { type Place, SharedStream } from './shared-stream.ts';
import { createServer, ManualClock, settle } from './testing/stream-server.ts';

const event = (session: string, seq: number): string =>
  'event: session_event\ndata: ' +
  `${JSON.stringify({ session, seq, type: 'agent_message', stage: 'eda', run: 1, created_at: '', data: {} })}\n\n`;
const delta = (session: string, offset: number): string =>
  'event: session_delta\ndata: ' +
  `${JSON.stringify({ session, type: 'agent_delta', message: 'm', epoch: 1, offset, text: 'x' })}\n\n`;

/** All channels of a test; one that is open keeps the process. */
let channels: MessageChannel[] = [];

beforeEach(() => {
  channels = [];
});
afterEach(() => {
  for (const { port1, port2 } of channels) {
    port1.close();
    port2.close();
  }
});

interface Tab {
  feed: EventFeed;
  seen: number[];
  deltas: number[];
  states: StreamStatus[];
  changes: unknown[];
  resets: number;
  crash: () => void;
}

function browser(statuses: number[] = []) {
  const server = createServer<Place>(statuses);
  const clock = new ManualClock();
  const locks = new Map<string, () => void>();
  const released = (lock: string) => new Promise<void>((resolve) => locks.set(lock, resolve));
  const stream = new SharedStream({ open: server.open, released, clock });
  const openTab = (session: string | null, after = 0): Tab => {
    const name = `tab ${channels.length}`;
    const openPort = () => {
      const channel = new MessageChannel();
      channels.push(channel);
      stream.connect(channel.port2);
      channel.port1.postMessage({ kind: 'alive', lock: name });
      return channel.port1;
    };
    const tab: Tab = {
      feed: new EventFeed({ openPort, now: clock.now }),
      ...{ seen: [], deltas: [], states: [], changes: [], resets: 0 },
      crash: () => locks.get(name)?.(),
    };
    tab.feed.watch(
      (change) => tab.changes.push(change),
      () => undefined,
    );
    if (session !== null) follow(tab, session, after);
    return tab;
  };
  const follow = (tab: Tab, session: string, after: number) =>
    tab.feed.follow(session, {
      after,
      onEvent: ({ seq }) => tab.seen.push(seq),
      onDelta: ({ offset }) => tab.deltas.push(offset),
      onStatus: (status) => tab.states.push(status),
      onReset: () => {
        tab.resets += 1;
      },
    });
  /** Lets tabs and connection talk until both are still. */
  const quiet = async (): Promise<void> => {
    await settle();
    clock.pass(30);
    await settle();
  };
  const open = () => server.connections.filter(({ isOpen }) => isOpen);
  return { ...server, clock, openTab, follow, quiet, open };
}

test('eight tabs of eight sessions share one connection, and each gets its own events', async () => {
  const run = browser();
  const tabs = Array.from({ length: 8 }, (_, at) => run.openTab(`s${at}`, at));
  await run.quiet();
  expect(run.connections).toHaveLength(1);
  expect(run.connections[0]?.place.follow).toBe(tabs.map((_, at) => `s${at}:${at}`).join(','));
  for (const [at] of tabs.entries()) run.connections[0]?.send(event(`s${at}`, at + 1) + delta(`s${at}`, at));
  await run.quiet();
  expect(tabs.map(({ seen }) => seen)).toEqual(tabs.map((_, at) => [at + 1]));
  expect(tabs.map(({ deltas }) => deltas)).toEqual(tabs.map((_, at) => [at]));
  expect(tabs.map(({ states }) => states.at(-1))).toEqual(tabs.map(() => 'live'));
});

test(
  'a tab that comes later changes over to a connection that has its session, and nobody ' + 'misses anything',
  async () => {
    const run = browser();
    const first = run.openTab('a');
    await run.quiet();
    run.connections[0]?.send(event('a', 1) + event('a', 2));
    await run.quiet();
    const second = run.openTab('b', 7);
    const same = run.openTab('a', 1);
    await run.quiet();
    expect(run.open()).toHaveLength(1);
    expect(run.connections[1]?.place.follow).toBe('a:1,b:7');
    run.connections[1]?.send(event('a', 2) + event('b', 8) + event('a', 3));
    await run.quiet();
    expect([first.seen, second.seen, same.seen]).toEqual([[1, 2, 3], [8], [2, 3]]);
  },
);

test('a gap and a broken connection are made good from the last event', async () => {
  const run = browser();
  const tab = run.openTab('a');
  await run.quiet();
  run.connections[0]?.send(event('a', 1) + event('a', 3));
  await run.quiet();
  expect(tab.seen).toEqual([1]);
  run.clock.pass(500);
  await run.quiet();
  expect(run.connections[1]?.place.follow).toBe('a:1');
  run.connections[1]?.send(event('a', 2));
  await run.quiet();
  run.connections[1]?.end();
  await run.quiet();
  expect(tab.states.at(-1)).toBe('reconnecting');
  run.clock.pass(500);
  await run.quiet();
  run.connections[2]?.send(event('a', 2) + event('a', 3));
  await run.quiet();
  expect([tab.seen, run.connections[2]?.place.follow]).toEqual([[1, 2, 3], 'a:2']);
});

test('a tab that is hidden lets go, and goes on from what it knows when it is seen', async () => {
  const run = browser();
  const tab = run.openTab('a');
  await run.quiet();
  run.connections[0]?.send(event('a', 1));
  await run.quiet();
  tab.feed.setSeen(false);
  await run.quiet();
  expect(run.open()).toHaveLength(0);
  tab.feed.setSeen(true);
  await run.quiet();
  run.connections[1]?.send(event('a', 2));
  await run.quiet();
  expect([tab.seen, run.connections[1]?.place.follow]).toEqual([[1, 2], 'a:1']);
});

test('a tab that crashes is forgotten; the others go on', async () => {
  const run = browser();
  const [first, second] = [run.openTab('a'), run.openTab('b')];
  await run.quiet();
  first.crash();
  await run.quiet();
  expect(run.open()).toHaveLength(1);
  expect(run.open()[0]?.place.follow).toBe('b:0');
  run.open()[0]?.send(event('b', 1));
  await run.quiet();
  expect(second.seen).toEqual([1]);
  second.crash();
  await run.quiet();
  expect(run.open()).toHaveLength(0);
});

test('a session that is refused ends alone; what changes elsewhere is told with its place', async () => {
  const run = browser();
  const [missing, there] = [run.openTab('gone'), run.openTab('a')];
  await run.quiet();
  run.connections[0]?.send(`event: session_refused\ndata: {"session":"gone","status":404}\n\n`);
  run.connections[0]?.send(`event: session\nid: 2026\ndata: {"id":"a"}\n\n${event('a', 1)}`);
  await run.quiet();
  expect([missing.states.at(-1), there.states.at(-1), there.seen]).toEqual(['refused', 'live', [1]]);
  expect(there.changes).toEqual([{ type: 'session', data: { id: 'a' } }]);
  run.openTab('b');
  await run.quiet();
  expect(run.connections.at(-1)?.place).toEqual({ follow: 'a:1,b:0', lastChange: '2026' });
});

test('a session whose events are fewer than a tab knows is told anew, the others go on', async () => {
  const run = browser();
  const [ahead, other] = [run.openTab('a', 50), run.openTab('b', 1)];
  await run.quiet();
  run.connections[0]?.send(`event: session_reset\ndata: {"session":"a","last_seq":2}\n\n`);
  run.connections[0]?.send(`${event('a', 1)}${event('a', 2)}${event('b', 2)}`);
  await run.quiet();
  expect([ahead.resets, ahead.seen]).toEqual([1, [1, 2]]);
  expect([other.resets, other.seen]).toEqual([0, [2]]);
  run.openTab('c');
  await run.quiet();
  expect(run.connections.at(-1)?.place.follow).toBe('a:2,b:2,c:0');
});

test('a stream that is refused is asked for again with the next wish', async () => {
  const run = browser([403]);
  const tab = run.openTab('a');
  await run.quiet();
  expect(tab.states.at(-1)).toBe('refused');
  tab.feed.setSeen(false);
  tab.feed.setSeen(true);
  await run.quiet();
  expect(tab.states.at(-1)).toBe('live');
});

test('a channel that says nothing for a minute is made anew', async () => {
  const run = browser();
  const tab = run.openTab('a');
  await run.quiet();
  run.connections[0]?.send(event('a', 1));
  await run.quiet();
  run.clock.sleep(60_000);
  tab.feed.check();
  await run.quiet();
  run.clock.pass(500);
  await run.quiet();
  run.open()[0]?.send(event('a', 2));
  await run.quiet();
  expect(tab.seen).toEqual([1, 2]);
});
