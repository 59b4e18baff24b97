/** What of a table reaches a model that is elsewhere: the real provider against a server that keeps every request. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byStage, code, finish, type ScriptedPlatform, tool, VALID_EDA } from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';

const CELL = 'Plantedcell';
const NUMBER = '73914.25';

const looks = code(
  'look',
  `import pathlib
import pandas as pd
import tempera
table = pd.read_csv(next(tempera.paths.dataset.iterdir()))
print(table.head())
print('rows:', len(table))
pathlib.Path('eda').mkdir(exist_ok=True)
pathlib.Path('eda/note_' + str(table['name'][0]) + '.txt').write_text(str(table['name'][0]))
float(table['name'][0])`,
);
const turns = [
  [looks],
  [
    tool('read_file', { path: 'eda/scripts/step_01_look.py' }),
    tool('list_files', { path: '.' }),
    tool('query_sql', { sql: 'select * from dataset' }),
    tool('query_sql', { sql: 'select avg(amount) as a from dataset' }),
    tool('query_sql', { sql: 'select cast(name as integer) from dataset' }),
    tool('query_sql', { sql: 'describe dataset' }),
  ],
  [finish('not yet')],
  [code('report', VALID_EDA)],
  [finish('done')],
];

describe('what a model elsewhere is told of the data', () => {
  let scripted: ScriptedPlatform;
  let folder: string;
  beforeAll(async () => {
    scripted = await takeScripted({ eda: turns });
    folder = mkdtempSync(join(tmpdir(), 'tempera-planted-'));
    const rows = Array.from(
      { length: 40 },
      (_, at) => `${at === 0 ? CELL : `row${at}`},${at === 0 ? NUMBER : at},${at % 2}`,
    );
    writeFileSync(join(folder, 'planted.csv'), `name,amount,label\n${rows.join('\n')}\n`);
  }, 120_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await scripted?.stop();
  }, 60_000);

  /** Everything that the server was sent for a session with this sharing. */
  async function sentWith(data_sharing: string): Promise<string> {
    const { rest } = scripted.platform;
    scripted.model.setScript(byStage({ eda: turns }));
    const before = scripted.model.requests.length;
    const experiment = await rest.createExperiment(join(folder, 'planted.csv'), {
      target: 'label',
      data_sharing,
    });
    const model = { mode: 'manual', model: scripted.name };
    const session = await rest.createSession(experiment.id, model);
    await rest.send('POST', `/api/sessions/${session.id}/stages/eda/start`, {});
    await rest.waitFor(session.id, ['eda_done']);
    // the person sees what the model does not
    expect(JSON.stringify(await rest.events(session.id))).toContain(CELL);
    return JSON.stringify(scripted.model.requests.slice(before));
  }

  test('values: the table as it is printed', async () => {
    const sent = await sentWith('values');
    expect(sent).toContain(CELL);
    expect(sent).toContain(NUMBER);
  }, 120_000);

  test('aggregates: no cell, but counts, schemas and whole-table aggregates', async () => {
    const sent = await sentWith('aggregates');
    expect(sent).not.toContain(CELL);
    expect(sent).not.toContain(NUMBER);
    expect(sent).toContain('rows: 40');
    expect(sent).toContain('amount DOUBLE');
    expect(sent).toContain('error: ValueError at line');
    // avg(amount) over all rows
    expect(sent).toMatch(/1867\.35/);
  }, 120_000);

  test('none: no cell, no count, no name of a column that nobody has said', async () => {
    const sent = await sentWith('none');
    for (const withheld of [CELL, NUMBER, 'rows: 40', '1867.35', 'amount DOUBLE'])
      expect(sent).not.toContain(withheld);
    expect(sent).toContain('error: ValueError at line');
  }, 120_000);
});
