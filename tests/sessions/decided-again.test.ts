/**
 * A session's decisions in another session, through the whole platform with the offline agent: `run FILE --decisions`
 * with the archive's copy decides, splits and predicts exactly as the session that it came from; `again ID FILE` keeps
 * them on a new file, and takes the safe choice for a column that is called otherwise there.
 */

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Decision } from '../../core/decisions.ts';
import type { Artifact } from '../../core/records.ts';
import { documentOf, tempera, temperaHere } from '../pipelines/command-line.ts';
import { PENGUINS } from '../pipelines/finished-run.ts';
import type { TestPlatform } from '../platform/platform.ts';
import { takePlatform } from '../platform/shared.ts';

const execute = promisify(execFile);
const SEED = '7';

describe('a session’s decisions in another one', () => {
  let platform: TestPlatform;
  let folder: string;
  let session: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tempera-decided-'));
    platform = await takePlatform();
    const experiment = await rest().createExperiment(PENGUINS, { target: 'species', seed: SEED });
    const decisions = [
      { key: 'column.sex.use', value: 'out' },
      { key: 'rows.repeats', value: 'keep' },
      { key: 'metric', value: 'f1_macro' },
      { key: 'model.choice', value: 'linear' },
    ];
    const body = { mode: 'auto', model: 'autopilot/standard', decisions };
    session = (await rest().createSession(experiment.id, body)).id;
    await rest().waitFor(session, ['train_done']);
  }, 400_000);
  afterAll(async () => {
    await platform?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const rest = () => platform.rest;
  const ledger = async (id: string) => {
    const { items } = await rest().get<{ items: Decision[] }>(`/api/sessions/${id}/decisions`);
    return items;
  };
  const values = async (id: string) =>
    Object.fromEntries((await ledger(id)).map(({ key, value, by }) => [key, { value, by }]));
  const splits = async (id: string) => {
    const path = `/api/sessions/${id}/artifacts?stage=prep&type=dataset`;
    const { items } = await rest().get<{ items: Artifact[] }>(path);
    return Object.fromEntries(items.map(({ path: name, sha256 }) => [name, sha256]));
  };
  const predictions = async (id: string) => {
    const { items } = await rest().get<{ items: { id: string; session_id: string }[] }>('/api/models');
    const model = items.find(({ session_id }) => session_id === id)?.id ?? '';
    const answer = await fetch(`${rest().url}/api/models/${model}/predict-file?name=penguins.csv`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: readFileSync(PENGUINS),
    });
    expect([model, answer.status]).toEqual([model, 200]);
    return answer.text();
  };

  /** Before the first stage, too: what came from another session goes on, by whom and from where. */
  async function expectForkKeeps(id: string): Promise<void> {
    const changes = [{ key: 'target', value: 'island' }];
    const path = `/api/sessions/${id}/decisions`;
    const { body } = await rest().send<{ session: string; how: string }>('POST', path, {
      changes,
      how: 'fork',
    });
    expect(body).toMatchObject({ how: 'fork' });
    await rest().send('POST', `/api/sessions/${body.session}/cancel`, {});
    const forked = new Map((await ledger(body.session)).map((row) => [row.key, row]));
    expect(forked.get('target')).toMatchObject({ value: 'island', by: 'person', inherited_from: null });
    const others = (await ledger(id)).filter(
      ({ key, inherited_from }) => key !== 'target' && inherited_from !== null,
    );
    expect(others.map(({ by }) => by)).toContain('agent');
    for (const { key, value, by, inherited_from, to_confirm } of others)
      expect(forked.get(key)).toMatchObject({ value, by, inherited_from, to_confirm });
  }

  /** Out of the session's archive. */
  async function archivedDecisions(): Promise<string> {
    const archive = await fetch(`${rest().url}/api/sessions/${session}/archive.zip`);
    writeFileSync(join(folder, 'session.zip'), Buffer.from(await archive.arrayBuffer()));
    const python = process.env.TEMPERA_PYTHON ?? 'python3';
    await execute(python, ['-S', '-m', 'zipfile', '-e', 'session.zip', 'archive'], { cwd: folder });
    return join(folder, 'archive', 'decisions.json');
  }

  test('run FILE --decisions with the archive’s copy: decisions, splits and predictions are the same', async () => {
    const file = await archivedDecisions();
    const words = ['run', PENGUINS, '--decisions', file, '--seed', SEED, '--out', folder, '--format', 'json'];
    const ended = await tempera(words, { home: platform.home, folder });
    const { data } = documentOf(ended);
    expect([ended.code, data.state]).toEqual([0, 'train_done']);
    const again = String(data.session);
    expect(await values(again)).toEqual(await values(session));
    expect((await ledger(again)).map(({ inherited_from }) => inherited_from)).toEqual(
      (await ledger(again)).map(() => session),
    );
    const dealt = await splits(session);
    expect(Object.keys(dealt).filter((name) => name.endsWith('.parquet'))).toHaveLength(3);
    expect(await splits(again)).toEqual(dealt);
    expect(await predictions(again)).toBe(await predictions(session));
    const left = readFileSync(join(String(data.folder), 'decisions.json'), 'utf8');
    expect(JSON.parse(left).session).toBe(again);
  }, 400_000);

  test('again ID FILE: kept on a new file, the renamed column stays out and is to be confirmed', async () => {
    const file = join(folder, 'newer.csv');
    const [head = '', ...rows] = readFileSync(PENGUINS, 'utf8').trim().split(/\r?\n/);
    const table = [`${head.replace(/\bsex\b/, 'bird_sex')},colour`, ...rows.map((row) => `${row},grey`)];
    writeFileSync(file, `${table.join('\n')}\n`);
    const words = ['again', session, file, '--format', 'json'];
    const preview = documentOf(await temperaHere([...words, '--dry-run'], platform)).data;
    expect(preview).toMatchObject({
      questions: [{ id: 'column.sex', safe: 'bird_sex' }],
      ...{ missing_columns: ['sex'], new_columns: ['bird_sex', 'colour'], unfit: [] },
    });
    const ended = await tempera([...words, '--out', folder], { home: platform.home, folder });
    const { data } = documentOf(ended);
    expect([ended.code, data.state]).toEqual([0, 'train_done']);
    expect(ended.err).toContain('New columns: bird_sex, colour.');
    const newer = String(data.session);
    const [before, after] = [await values(session), await values(newer)];
    const { 'column.sex.use': out, ...others } = before;
    expect(after).toMatchObject({ ...others, 'column.bird_sex.use': out });
    const renamed = (await ledger(newer)).find(({ key }) => key === 'column.bird_sex.use');
    expect(renamed).toMatchObject({ by: 'person', inherited_from: session, to_confirm: true });
    const path = `/api/sessions/${newer}/files/prep/data/metadata.json`;
    const { feature_columns } = await rest().get<{ feature_columns: string[] }>(path);
    expect(feature_columns).not.toContain('bird_sex');
    expect(feature_columns).toContain('bill_length_mm');
    await expectForkKeeps(newer);
  }, 400_000);

  test('a file that decides about a column which is not there is refused before anything runs', async () => {
    const before = await rest().get<{ items: unknown[] }>('/api/sessions');
    const wrong = join(folder, 'wrong.json');
    const decisions = [{ key: 'column.wing_mm.use', value: 'out' }];
    writeFileSync(wrong, JSON.stringify({ version: 1, decisions }));
    const out = join(folder, 'refused');
    const ended = await temperaHere(['run', PENGUINS, '--decisions', wrong, '--out', out], platform);
    expect([ended.code, ended.out]).toEqual([4, '']);
    expect(ended.err).toMatch(/column\.wing_mm\.use names no column of the table.*bill_length_mm/);
    expect(await rest().get('/api/sessions')).toEqual(before);
    expect(existsSync(join(out, 'penguins'))).toBe(false);
  }, 60_000);
});
