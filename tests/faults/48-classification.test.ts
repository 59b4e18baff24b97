/**
 * faults.md 48: kill -9 of the worker in states of a classification (`npm test`: in three), and of each server once:
 * the run ends with the same file as an undisturbed one, byte for byte, and what people have decided is there.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FINAL_STATES } from '../../core/classification/states.ts';
import { momentOptions, randomOf, shuffled } from '../platform/moments.ts';
import type { OwnPlatform, Part } from '../platform/platform.ts';
import { until } from '../platform/wait.ts';
import { takeFaultPlatform } from '../sandbox-hosts/taken.ts';
import { allWell } from '../soak/kill.ts';

/** In which the worker is killed, in their order. */
const STATES = [
  'LOADING_VOCAB',
  'DISCOVERING',
  'SAMPLING',
  'TRAINING',
  'CLASSIFYING',
  'FUSING',
  'EVALUATING',
];
const SERVERS: Part[] = ['api', 'postgres', 'temporal', 's3', 'sandbox'];
const { seed: first, long } = momentOptions();
const WORKER_STATES = long ? STATES : ['SAMPLING', 'TRAINING', 'FUSING'];
const seeds = Array.from({ length: long ? 5 : 1 }, (_, index) => first + index);

interface Run {
  state: string;
  error: unknown;
}

describe('kill -9 during a classification', () => {
  let platform: OwnPlatform;
  let source: string;
  let undisturbed: Buffer;
  beforeAll(async () => {
    ({ platform } = await takeFaultPlatform('local', {}));
    source = await addSource();
    const run = await start();
    await end(run);
    await accept(run);
    undisturbed = await fileOf(await ended());
  }, 240_000);
  afterAll(() => platform?.stop(), 60_000);

  const rest = () => platform.rest;

  /** A source of many tables in files, so that each state takes a while. */
  async function addSource(): Promise<string> {
    const uploads = await Promise.all(
      Array.from({ length: 12 }, async (_, table) => {
        const form = new FormData();
        form.append('file', new File([tableText(table)], `customers_${table}.csv`));
        const { body } = await rest().send<{ id: string }>('POST', '/api/uploads', form);
        return body.id;
      }),
    );
    const body = { display_name: 'killed', source_type: 'files', upload_ids: uploads };
    return (await rest().send<{ id: string }>('POST', '/api/data-sources', body)).body.id;
  }

  const start = async (): Promise<string> =>
    await until('it starts', async () => {
      const { status, body } = await rest().send<{ run_id: string }>('POST', '/api/fsm/start', {
        source_id: source,
      });
      return status === 202 ? body.run_id : null;
    });

  const runOf = (run: string): Promise<Run | null> =>
    rest()
      .get<Run>(`/api/fsm/runs/${run}`)
      .catch(() => null);

  const isOver = (run: Run | null): boolean => FINAL_STATES.some((final) => final === run?.state);

  async function end(run: string): Promise<void> {
    const last = await until(
      'the run ends',
      async () => {
        const found = await runOf(run);
        return isOver(found) ? found : null;
      },
      180,
    );
    expect([last.state, last.error]).toEqual([expect.stringMatching(/CONVERGED|STOPPED/), null]);
  }

  async function ended(): Promise<string> {
    const run = await start();
    await end(run);
    return run;
  }

  /** What a person decides before anything is killed: members learn from it in every later run. */
  async function accept(run: string): Promise<void> {
    const { items } = await rest().get<{ items: { id: string; predicted_code: string | null }[] }>(
      `/api/fsm/runs/${run}/results?limit=60`,
    );
    const known = items.filter(({ predicted_code }) => predicted_code !== null);
    const reviews = known.map(({ id }) => ({ column: id, decision: 'accept' }));
    const { status } = await rest().send('POST', `/api/fsm/runs/${run}/reviews`, { items: reviews });
    expect(status).toBe(201);
  }

  async function fileOf(run: string): Promise<Buffer> {
    const response = await fetch(`${rest().url}/api/datasets/${run}/data`);
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  }

  /** Kills as soon as the run is in the state, or behind it where that was too short to be seen. */
  async function killIn(run: string, state: string, part: Part): Promise<void> {
    const at = STATES.indexOf(state);
    await until(`${state} of ${run}`, async () => {
      const found = await runOf(run);
      return isOver(found) || STATES.indexOf(found?.state ?? '') >= at;
    });
    await platform.kill(part, { waits: part !== 'api' });
  }

  test.each(seeds)(
    'of the worker in one state after the other: the same file (seed %i)',
    async () => {
      const run = await start();
      for (const state of WORKER_STATES) {
        await killIn(run, state, 'worker');
        await allWell(platform);
      }
      await end(run);
      expect((await fileOf(run)).equals(undisturbed)).toBe(true);
    },
    300_000,
  );

  test.each(seeds)(
    'of each server once: the same file, and what was decided is there (seed %i)',
    async (seed) => {
      const random = randomOf(seed);
      const run = await start();
      for (const part of shuffled(SERVERS, random)) {
        await killIn(run, STATES[Math.floor(random() * STATES.length)] ?? 'SAMPLING', part);
        await allWell(platform);
      }
      await end(run);
      expect((await fileOf(run)).equals(undisturbed)).toBe(true);
      const { items } = await rest().get<{ items: unknown[] }>(
        `/api/data-sources/${source}/reviews?limit=100`,
      );
      expect(items.length).toBeGreaterThan(10);
    },
    300_000,
  );

  test('temporary files of killed workers are removed by the next one', async () => {
    const folders = await readdir(join(platform.home, 'tmp'));
    const files = await Promise.all(folders.map((folder) => readdir(join(platform.home, 'tmp', folder))));
    expect(files).toEqual([[]]);
  });
});

/** Sixty rows of columns that are called and filled in ways that the table's number varies. */
function tableText(table: number): string {
  const names = ['customer_id', 'email', 'first_name', 'city', 'country', 'created_at', `q${table}`];
  const rows = Array.from({ length: 60 }, (_, row) => [
    ...[
      `C-${1_000 * table + row}`,
      `user${row}@example${table}.com`,
      ['Ada', 'Robert', 'Mary', 'James'][row % 4],
    ],
    ...[['Berlin', 'Paris', 'Rome'][row % 3], ['Germany', 'France', 'Italy'][row % 3]],
    ...[`2024-01-${String((row % 28) + 1).padStart(2, '0')} 10:00:00`, `z${(row * 7) % 13}`],
  ]);
  return [names, ...rows].map((cells) => cells.join(',')).join('\n');
}
