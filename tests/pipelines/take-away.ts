/** A finished session taken away: its archive unpacked, its scripts and its notebook run in it by a plain Python. */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
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

/**
 * Each argument in a process of its own with what it prints in a file beside it: a script as `PYTHONPATH=. python PATH`
 * runs it, a notebook with all its code cells in one namespace, as a kernel does. The packages are loaded once for all.
 */
const RUN_ALL = `
import contextlib, json, os, runpy, sys
import joblib, lightgbm, pandas, scipy.stats, sklearn.pipeline
import matplotlib.pyplot
def run(path):
    if path.endswith('.py'):
        sys.argv[:], sys.path[0] = [path], os.path.dirname(path)
        runpy.run_path(path, run_name='__main__')
        return
    space = {'__name__': '__main__'}
    for cell in json.load(open(path))['cells']:
        if cell['cell_type'] == 'code':
            exec(compile(''.join(cell['source']), cell['id'], 'exec'), space)
for path in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        with open(path + '.out', 'w') as out, contextlib.redirect_stdout(out):
            run(path)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(path + ' failed')
`;

/**
 * Unpacks and runs: each file is that of the run's folder, so that what runs here runs there; the first script of each
 * stage runs by hand, as README.txt says; the notebook makes the model anew after the archive's own was removed.
 */
export async function expectTakeAway(
  platform: TestPlatform,
  sessionId: string,
  runFolder: string,
): Promise<void> {
  const python = process.env.TEMPERA_PYTHON ?? 'python3';
  const folder = mkdtempSync(join(tmpdir(), 'tempera-take-away-'));
  const path = `${platform.rest.url}/api/sessions/${sessionId}`;
  const archive = await fetch(`${path}/archive.zip`);
  expect(archive.headers.get('content-type')).toBe('application/zip');
  writeFileSync(join(folder, 'session.zip'), Buffer.from(await archive.arrayBuffer()));
  await execute(python, ['-S', '-m', 'zipfile', '-e', 'session.zip', '.'], { cwd: folder });
  rmSync(join(folder, 'session.zip'));
  for (const name of [
    'README.txt',
    'requirements.txt',
    'dataset/penguins.csv',
    'tempera/__init__.py',
    'eda/report.md',
  ]) {
    expect([name, existsSync(join(folder, name))]).toEqual([name, true]);
  }
  expect(contentOf(folder)).toEqual(contentOf(runFolder));

  const notebook = NotebookSchema.parse(await (await fetch(`${path}/notebook.ipynb`)).json());
  expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(notebook.cells.length);
  const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []).map((output) => output.output_type);
  expect(outputs).toEqual(expect.arrayContaining(['stream', 'display_data']));
  writeFileSync(join(folder, 'session.ipynb'), JSON.stringify(notebook));

  const scripts = ['prep', 'train'].map((stage) => firstScript(folder, stage));
  const model = join(folder, 'train', 'models', 'model.pkl');
  rmSync(model);
  // nothing of the platform's environment: a person's Python has none of it
  const env = { PATH: process.env.PATH ?? '', HOME: folder, OMP_NUM_THREADS: '1', PYTHONPATH: '.' };
  // as a person types it; the others, whose imports take longer, as that would run them
  const { stdout } = await execute(python, [firstScript(folder, 'eda')], { cwd: folder, env });
  expect(stdout).toMatch(/\w/);
  await execute(python, ['-c', RUN_ALL, ...scripts, 'session.ipynb'], {
    cwd: folder,
    env,
    timeout: 5 * MINUTES,
  });
  for (const script of scripts) {
    expect([script, readFileSync(join(folder, `${script}.out`)).length > 0]).toEqual([script, true]);
  }
  expect(readFileSync(model).length).toBeGreaterThan(1_000);
  rmSync(folder, { recursive: true, force: true });
}

function firstScript(folder: string, stage: string): string {
  const scripts = readdirSync(join(folder, stage, 'scripts')).filter((name) => name.endsWith('.py'));
  const [script = ''] = scripts.sort();
  return join(stage, 'scripts', script);
}

/** Hashes of all files by path, without what says where they are from. */
function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const hashes = files.map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex')];
  });
  return Object.fromEntries(
    hashes.filter(([path]) => path !== 'README.txt' && path !== '.tempera-session').sort(),
  );
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
