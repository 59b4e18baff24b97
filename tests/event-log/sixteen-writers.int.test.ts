/**
 * Faults 5 and 20: sixteen processes append to one stream and are killed at seeded moments, Postgres is killed and
 * started again in between, readers hang on throughout or come back where they stopped. Each event arrives once,
 * in order, without a gap.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { StoredEvent } from '../../core/events.ts';
import type { Database } from '../../db/database.ts';
import { createEventHub, type EventHub } from '../../db/event-hub.ts';
import { createStream } from '../../db/event-log.ts';
import { startTestPostgres, type TestPostgres, until } from '../../db/testing/postgres.ts';
import { USER_A } from '../../db/testing/rows.ts';
import { LONG } from '../platform/lengths.ts';

const WRITERS = 16;
const EVENTS = LONG ? 150 : 75;
const BATCH = 5;
const KILLS = LONG ? 20 : 8;
const SEED = 20261121;

let postgres: TestPostgres;
let db: Database;
let folder: string;
let program: string;

beforeAll(async () => {
  postgres = await startTestPostgres();
  db = postgres.open();
  folder = await mkdtemp(join(tmpdir(), 'tempera-writer-'));
  program = join(folder, 'writer.mjs');
  await build({
    ...{ entryPoints: [join(__dirname, 'writer.ts')], outfile: program, bundle: true, platform: 'node' },
    ...{ format: 'esm', target: 'node20', logLevel: 'silent' },
    // pg is CommonJS and requires Node's modules.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
  });
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('sixteen writers under fire leave one gapless stream, and every reader sees all of it once', async () => {
  const streamId = 'session/sixteen';
  await db.transaction((tx) => createStream(tx, USER_A, streamId));
  const random = seeded(SEED);
  const hubs = [createEventHub(postgres.open()), createEventHub(postgres.open())];
  const readers = hubs.flatMap((hub) => [
    follow(hub, streamId),
    follow(hub, streamId),
    follow(hub, streamId, random),
  ]);
  const writers = Array.from(
    { length: WRITERS },
    (_, index) => new Writer(postgres.url, streamId, `w${index}`),
  );
  for (const writer of writers) writer.start();

  const start = performance.now();
  for (let kill = 0; kill < KILLS; kill += 1) {
    await grown(streamId, (EVENTS * WRITERS * (kill + 1)) / (KILLS + 2));
    if (kill === KILLS / 2) {
      await postgres.kill();
      await postgres.restart();
    }
    await writers[Math.floor(random() * WRITERS)]?.killAndRestart();
  }
  await Promise.all(writers.map((writer) => writer.done()));
  const seconds = (performance.now() - start) / 1_000;
  await until(() => readers.every((reader) => reader.events.length >= WRITERS * EVENTS));
  process.stdout.write(
    `16 writers: ${Math.round((WRITERS * EVENTS) / seconds)} events a second, kills included\n`,
  );

  const expected = Array.from({ length: WRITERS * EVENTS }, (_, index) => index + 1);
  for (const reader of readers) expect(reader.events.map((event) => event.seq)).toEqual(expected);
  const keys = (readers[0]?.events ?? []).map((event) => String(event.data.text));
  expect(new Set(keys).size).toBe(WRITERS * EVENTS);
  for (const writer of writers) {
    const own = keys.filter((key) => key.startsWith(`${writer.name}/`));
    expect(own).toEqual(Array.from({ length: EVENTS }, (_, index) => `${writer.name}/${index}`));
  }
  await Promise.all(hubs.map((hub) => hub.close()));
}, 120_000);

async function grown(streamId: string, size: number): Promise<void> {
  await until(async () => {
    const [stream] = await db.query<{ last_seq: number }>(
      'select last_seq from streams where stream_id = $1',
      [streamId],
    );
    return (stream?.last_seq ?? 0) >= size;
  });
}

/** Reads a stream to its end; with `random` it leaves now and then and comes back where it stopped. */
function follow(hub: EventHub, streamId: string, random?: () => number): { events: StoredEvent[] } {
  const events: StoredEvent[] = [];
  void (async () => {
    for (;;) {
      const after = events.at(-1)?.seq ?? 0;
      try {
        for await (const event of hub.subscribe(USER_A, streamId, {
          after,
          signal: new AbortController().signal,
        })) {
          if ('seq' in event) events.push(event);
          if (random && random() < 0.01) break;
        }
      } catch {
        // Coming back while Postgres is down is refused; a client tries again, as this one does.
      }
      if (events.length >= WRITERS * EVENTS) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return { events };
}

class Writer {
  readonly name: string;
  readonly #request: string;
  #process: ChildProcess | null = null;

  constructor(url: string, streamId: string, name: string) {
    this.name = name;
    this.#request = JSON.stringify({ url, streamId, name, events: EVENTS, batch: BATCH });
  }

  start(): void {
    this.#process = spawn(process.execPath, [program, this.#request], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }

  async killAndRestart(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#gone();
    this.start();
  }

  async done(): Promise<void> {
    await this.#gone();
    expect(this.#process?.exitCode).toBe(0);
  }

  async #gone(): Promise<void> {
    const child = this.#process;
    if (child !== null && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

/** Mulberry32: numbers from 0 to 1 that depend on the seed alone. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
