/**
 * Fault 38: many readers of one session at once, while it runs and after its end: all answered, by a process that
 * lives; a value that its model cannot take is a 400 that names row and cell.
 */

import { finishedRun } from '../pipelines/finished-run.ts';
import { code, finish, type ScriptedPlatform, startEda, VALID_EDA } from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';

const READERS = 24;
/** Each step leaves a checkpoint, in which both tables say the same number. */
const step = (number: number) => `
import pathlib, time
pathlib.Path('eda/data').mkdir(parents=True, exist_ok=True)
for name in ('left', 'right'):
    pathlib.Path(f'eda/data/{name}.csv').write_text('n\\n${number}\\n')
time.sleep(1)
`;
const TURNS = [
  ...[1, 2].map((number) => [code(`step ${number}`, step(number))]),
  [code('report', VALID_EDA)],
  [finish('done')],
];
const BOTH = 'SELECT l.n AS left_n, r.n AS right_n FROM eda_left l, eda_right r';

describe('readers of one session', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await takeScripted({ eda: TURNS });
  }, 300_000);
  afterAll(() => scripted?.stop(), 60_000);

  const rest = () => scripted.platform.rest;
  const processes = () =>
    scripted.platform.run().processes.map(({ name, pid, restarts }) => [name, pid, restarts]);
  const sql = (session: string, statement: string) =>
    rest().send<{ rows?: unknown[][] }>('POST', `/api/sessions/${session}/sql`, { sql: statement });

  /** Questions of every kind at once. @returns their statuses, and the rows that SQL found */
  async function askAll(
    session: string,
    table: string,
    statement: string,
    more: (() => Promise<number>)[] = [],
  ) {
    const rows: unknown[][] = [];
    const kinds = [
      async () => (await rest().send('GET', `/api/sessions/${session}/tables`)).status,
      async () => (await rest().send('GET', `/api/sessions/${session}/columns/${table}`)).status,
      async () => {
        const { status, body } = await sql(session, statement);
        rows.push(...(body.rows ?? []));
        return status;
      },
      ...more,
    ];
    const asked = Array.from({ length: READERS }, (_, at) => kinds[at % kinds.length]?.());
    return { statuses: await Promise.all(asked), rows };
  }

  test('of one that runs are all answered, and each sees a whole state', async () => {
    const before = processes();
    const session = await startEda(scripted);
    await rest().waitForEvent(session, ({ type }) => type === 'checkpoint');
    let rounds = 0;
    for (let last = 0; (await rest().session(session)).state === 'eda_running'; rounds += 1) {
      const { statuses, rows } = await askAll(session, 'dataset', BOTH);
      expect(statuses).toEqual(Array(READERS).fill(200));
      for (const [left, right] of rows as [number, number][]) {
        expect(left).toBe(right);
        expect(left).toBeGreaterThanOrEqual(last);
      }
      last = Math.max(...(rows as number[][]).map(([left = 0]) => left));
    }
    expect(rounds).toBeGreaterThan(0);
    expect(processes()).toEqual(before);
  }, 180_000);

  test('of one that has ended are all answered, predictions too', async () => {
    const before = processes();
    const { session } = await finishedRun(scripted.platform);
    const { items } = await rest().get<{ items: { id: string; session_id: string }[] }>('/api/models');
    const model = items.find(({ session_id }) => session_id === session)?.id;
    const predict = async () =>
      (await rest().send('POST', `/api/models/${model}/predict`, { rows: [{ island: 'Biscoe' }] })).status;
    const describeModel = async () => (await rest().send('GET', `/api/models/${model}/description`)).status;
    const { statuses } = await askAll(session, 'train', 'SELECT count(*) FROM train', [
      predict,
      describeModel,
    ]);
    expect(statuses).toEqual(Array(READERS).fill(200));
    const infinite = await rest().send<{ detail: string }>('POST', `/api/models/${model}/predict`, {
      rows: [{ island: 'Biscoe' }, { bill_length_mm: 'inf' }],
    });
    expect([infinite.status, infinite.body.detail]).toEqual([
      400,
      expect.stringMatching(/^Row 2: bill_length_mm must be a finite number/),
    ]);
    expect(processes()).toEqual(before);
  }, 180_000);
});
