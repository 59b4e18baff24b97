/** A finished session taken away: its archive unpacked, its notebook run in it by a plain Python. */

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { TestPlatform } from '../platform/platform.ts';

/** Not the blocking form: the loop must run, or a connection that the api has closed is taken for open. */
const execute = promisify(execFile);
const MINUTES = 60_000;
const NotebookSchema = z.object({
  nbformat: z.literal(4),
  nbformat_minor: z.literal(5),
  cells: z.array(
    z.looseObject({
      id: z.string(),
      cell_type: z.enum(['code', 'markdown']),
      source: z.array(z.string()),
      outputs: z.array(z.looseObject({ output_type: z.string() })).optional(),
    }),
  ),
});

/** Runs every code cell in one namespace, as a kernel does. */
const RUN_NOTEBOOK = `
import json, sys
space = {'__name__': '__main__'}
for cell in json.load(open(sys.argv[1]))['cells']:
    if cell['cell_type'] == 'code':
        exec(compile(''.join(cell['source']), cell['id'], 'exec'), space)
`;

/** Unpacks and runs; the model must be made anew, and be there after the archive's own was removed. */
export async function expectTakeAway(platform: TestPlatform, sessionId: string): Promise<void> {
  const python = process.env.TEMPERA_PYTHON ?? 'python3';
  const folder = mkdtempSync(join(tmpdir(), 'tempera-take-away-'));
  const path = `${platform.rest.url}/api/sessions/${sessionId}`;
  const archive = await fetch(`${path}/archive.zip`);
  expect(archive.headers.get('content-type')).toBe('application/zip');
  writeFileSync(join(folder, 'session.zip'), Buffer.from(await archive.arrayBuffer()));
  await execute(python, ['-m', 'zipfile', '-e', 'session.zip', '.'], { cwd: folder });
  for (const name of [
    'README.txt',
    'requirements.txt',
    'dataset/penguins.csv',
    'tempera/__init__.py',
    'eda/report.md',
  ]) {
    expect([name, existsSync(join(folder, name))]).toEqual([name, true]);
  }
  // nothing of the platform's environment: a person's Python has none of it
  const env = { PATH: process.env.PATH ?? '', HOME: folder, OMP_NUM_THREADS: '1' };
  await expectScriptsByHand(folder, python, env);
  const notebook = NotebookSchema.parse(await (await fetch(`${path}/notebook.ipynb`)).json());
  expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(notebook.cells.length);
  const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []).map((output) => output.output_type);
  expect(outputs).toEqual(expect.arrayContaining(['stream', 'display_data']));
  writeFileSync(join(folder, 'session.ipynb'), JSON.stringify(notebook));
  const model = join(folder, 'train', 'models', 'model.pkl');
  rmSync(model);
  await execute(python, ['-c', RUN_NOTEBOOK, 'session.ipynb'], { cwd: folder, env, timeout: 3 * MINUTES });
  expect(readFileSync(model).length).toBeGreaterThan(1_000);
  rmSync(folder, { recursive: true, force: true });
}

/** The first script of each stage runs by hand, as README.txt says, and prints what it found. */
export async function expectScriptsByHand(
  folder: string,
  python: string,
  env: Record<string, string>,
): Promise<void> {
  for (const stage of ['eda', 'prep', 'train']) {
    const scripts = readdirSync(join(folder, stage, 'scripts')).filter((name) => name.endsWith('.py'));
    const [script = ''] = scripts.sort();
    const { stdout } = await execute(python, [join(stage, 'scripts', script)], {
      cwd: folder,
      env: { ...env, PYTHONPATH: '.' },
      timeout: 2 * MINUTES,
    });
    expect([stage, stdout.length > 0]).toEqual([stage, true]);
  }
}

/** Every model leads back to the upload over steps. */
export async function expectLineage(platform: TestPlatform, sessionId: string): Promise<void> {
  const { nodes, edges } = await platform.rest.get<{
    nodes: { id: string; kind: string }[];
    edges: { from: string; to: string }[];
  }>(`/api/sessions/${sessionId}/lineage`);
  const known = new Set(nodes.map(({ id }) => id));
  expect(edges.filter(({ from, to }) => !known.has(from) || !known.has(to))).toEqual([]);
  const model = nodes.find(({ id }) => id === 'file:train/models/model.pkl');
  expect(model?.kind).toBe('model');
  const reached = new Set([model?.id]);
  for (let grown = true; grown; ) {
    const before = reached.size;
    for (const { from, to } of edges) if (reached.has(to)) reached.add(from);
    grown = reached.size > before;
  }
  expect([...reached]).toContain('dataset:penguins.csv');
}

/** The model is in the registry, says what it takes, and predicts rows and files. */
export async function expectPredictions(platform: TestPlatform, sessionId: string): Promise<void> {
  const { rest } = platform;
  const { items } = await rest.get<{
    items: { id: string; session_id: string; score: number; target: string }[];
  }>('/api/models');
  const model = items.find(({ session_id }) => session_id === sessionId);
  expect(model?.target).toBe('species');
  expect(model?.score).toBeGreaterThan(0.9);
  const path = `/api/models/${model?.id}`;
  const { description } = await rest.get<{ description: { features: { name: string; example: unknown }[] } }>(
    `${path}/description`,
  );
  const row = Object.fromEntries(description.features.map(({ name, example }) => [name, example]));
  const answer = await rest.send<{
    predictions: { prediction: string; probabilities: Record<string, number> }[];
  }>('POST', `${path}/predict`, { rows: [row] });
  expect(answer.status).toBe(200);
  const [first] = answer.body.predictions;
  expect(['Adelie', 'Chinstrap', 'Gentoo']).toContain(first?.prediction);
  expect(Object.keys(first?.probabilities ?? {}).sort()).toEqual(['Adelie', 'Chinstrap', 'Gentoo']);
  // another file than the one that was trained on: fewer rows under a name of its own
  const table = readFileSync('examples/penguins.csv', 'utf8').split('\n').slice(0, 101).join('\n');
  const file = await fetch(`${rest.url}${path}/predict-file?name=new_birds.csv`, {
    method: 'POST',
    body: table,
    headers: { 'content-type': 'application/octet-stream' },
  });
  const [head = '', ...lines] = (await file.text()).trim().split('\n');
  expect(head).toMatch(/^species,.*,predicted_species,probability_Adelie,/);
  const place = head.split(',').indexOf('predicted_species');
  const right = lines.filter((line) => line.split(',')[0] === line.split(',')[place]);
  expect(lines).toHaveLength(100);
  expect(right.length / lines.length).toBeGreaterThan(0.97);
}
