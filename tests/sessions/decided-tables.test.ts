/**
 * What is decided of a table, through the whole platform with the offline agent: told with reason, numbers and
 * alternatives and on what basis; a person's answers hold from the file to the model.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision } from '../../core/decisions.ts';
import type { DecideResult } from '../../workflows/contract/messages.ts';
import { documentOf, temperaHere } from '../pipelines/command-line.ts';
import type { TestPlatform } from '../platform/platform.ts';
import { takePlatform } from '../platform/shared.ts';

const ROWS = 240;
const TO_CONFIRM = ['column.stage.missing'];

/** Doses with a code for none, a label that may be a gap, a skewed income, a total below. */
function table(): string {
  const row = (at: number): string => {
    const dose = 10 + ((at * 37) % 83);
    const ill = (at * 29) % 100 < (dose > 60 ? 70 : 15) ? 'yes' : 'no';
    const stage = ['None', 'None', 'early', 'late', ''][at % 5];
    return [
      ill,
      at % 20 === 3 ? -999 : dose / 2,
      stage,
      Math.round(Math.exp(4 + ((at * 7) % 60) / 8)),
    ].join();
  };
  const rows = Array.from({ length: ROWS }, (_, at) => row(at));
  return `${['ill,dose,stage,income', ...rows, `Total,${ROWS},,90000`].join('\n')}\n`;
}

describe('decisions of a table', () => {
  let platform: TestPlatform;
  let folder: string;
  let session: string;
  beforeAll(async () => {
    platform = await takePlatform();
    folder = mkdtempSync(join(tmpdir(), 'tempera-decided-'));
    writeFileSync(join(folder, 'ills.csv'), table());
    const fields = { name: 'ills', target: 'ill', metric: 'accuracy' };
    const experiment = await rest().createExperiment(join(folder, 'ills.csv'), fields);
    session = (await rest().createSession(experiment.id, { mode: 'auto', model: 'autopilot/standard' })).id;
    await rest().waitFor(session, ['train_done']);
  }, 400_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await platform?.stop();
  }, 60_000);

  const rest = () => platform.rest;
  const file = <T>(id: string, path: string) => rest().get<T>(`/api/sessions/${id}/files/${path}`);
  const ledger = async (id: string) => {
    const { items } = await rest().get<{ items: Decision[] }>(`/api/sessions/${id}/decisions`);
    return new Map(items.map((decision) => [decision.key, decision]));
  };
  const decide = (changes: Record<string, unknown>) =>
    rest().send<DecideResult & { code: string; detail: string }>(
      'POST',
      `/api/sessions/${session}/decisions`,
      { changes: Object.entries(changes).map(([key, value]) => ({ key, value })), how: 'rerun' },
    );

  test('each is told with its alternatives, and on what basis it was chosen', async () => {
    const decided = await ledger(session);
    const keys = ['rows.left_out', 'column.dose.missing', 'column.stage.missing', 'threshold'];
    expect(keys.map((key) => [key, decided.get(key)?.value, decided.get(key)?.by])).toEqual([
      ['rows.left_out', ['total'], 'rule'],
      ['column.dose.missing', ['-999'], 'agent'],
      ['column.stage.missing', [], 'default'],
      ['threshold', expect.any(Number), expect.stringMatching(/agent|default/)],
    ]);
    for (const key of keys) {
      expect(decided.get(key)?.reason).not.toBe('');
      expect(decided.get(key)?.alternatives).not.toEqual([]);
      expect(Object.values(decided.get(key)?.evidence ?? {})).toContainEqual(expect.any(Number));
    }
    const unsure = [...decided.values()].filter(({ confidence }) => confidence === 0.5);
    expect(unsure.map(({ key }) => key)).toEqual(TO_CONFIRM);
  });

  test('a question is answered by the value that was taken: the person’s row, and nothing is made anew', async () => {
    const done = await decide({ 'column.stage.missing': [] });
    expect(done.body).toMatchObject({ how: 'here', stage: null, anew: [] });
    expect((await ledger(session)).get('column.stage.missing')).toMatchObject({
      ...{ by: 'person', value: [], reason: 'it was confirmed', stage: 'eda', run: null },
    });
  });

  test('what the table does not allow is refused with what is possible', async () => {
    for (const [change, possible] of [
      [{ 'rows.left_out': ['footnote'] }, '["total"]'],
      [{ 'column.height.missing': [] }, 'dose'],
      [{ 'column.income.features': 'words' }, '"log"'],
      [{ threshold: 2 }, 'between 0 and 1'],
    ] as const) {
      const refused = await decide(change);
      expect([refused.status, refused.body.code]).toEqual([422, 'INVALID_DECISION']);
      expect(refused.body.detail).toContain(possible);
    }
  });

  test('set on the command line, they hold from the file to the model', async () => {
    const set = Object.entries({
      ...{ 'rows.left_out': '[]', 'column.dose.missing': '[]', 'column.stage.missing': 'None' },
      ...{ 'column.income.features': 'log', threshold: '0.3' },
    }).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    const done = await temperaHere(['decisions', session, ...set, '--format', 'json'], platform);
    expect(documentOf(done).data).toMatchObject({ how: 'fork', stage: 'eda' });
    const fork = String(Object(documentOf(done).data).session);
    await rest().waitFor(fork, ['train_done']);
    const plan = await file<{ file: { rows_used: number; restored: string[] } }>(fork, 'eda/data/plan.json');
    expect(plan.file).toMatchObject({ rows_used: ROWS + 1, restored: ['total'] });
    const prepared = await file<{ features: object; missing_tokens: string[] }>(
      ...([fork, 'prep/data/metadata.json'] as const),
    );
    expect(prepared.features).toMatchObject({ income: 'log' });
    expect(prepared.missing_tokens).toContain('none');
    const trained = await file<{ threshold: object }>(fork, 'train/data/metadata.json');
    expect(trained.threshold).toMatchObject({ probability: 0.3 });
    const decided = await ledger(fork);
    expect(decided.get('column.stage.missing')).toMatchObject({ value: ['None'], by: 'person' });
    const { items } = await rest().get<{ items: Decision[] }>(`/api/sessions/${fork}/decisions?history=true`);
    const yielded = items.filter(({ standing }) => standing === 'yielded').map(({ key }) => key);
    expect(yielded).toEqual(expect.arrayContaining(['rows.left_out', 'column.dose.missing', 'threshold']));
  }, 400_000);
});
