/**
 * What a session is taken away as, and how it is looked into: archive, notebook, lineage, steps, agents; abuse of
 * them.
 */

import { createHash, randomBytes } from 'node:crypto';
import { newId } from '../core/ids.ts';
import { LedgerFileSchema } from '../core/ledger-file.ts';
import type { Session } from '../core/records.ts';
import { insertDecisions } from '../db/index.ts';
import type { AgentRecord } from './services/agents.ts';
import type { Lineage } from './services/lineage.ts';
import { type TestApi, useTestApi } from './testing/api-server.ts';
import { call, json, newSession, raw, storeCheckpoint, storeStep } from './testing/client.ts';

const MEBIBYTE = 1024 * 1024;
const PICTURE = Buffer.from('picture of eda');

interface Notebook {
  cells: {
    cell_type: string;
    source: string[];
    outputs?: { output_type: string; data?: Record<string, string> }[];
  }[];
}

let api: TestApi;
useTestApi((started) => {
  api = started;
});

/** Names in a zip's central directory. */
function zipNames(zip: Buffer): string[] {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [name, extra, comment] = [28, 30, 32].map((place) => zip.readUInt16LE(at + place)) as [
      number,
      number,
      number,
    ];
    names.push(zip.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}

const download = async (path: string): Promise<Buffer> => {
  const answer = await call(api, path);
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
};

/** Pictures of a notebook, as the bytes that they are. */
const pictures = ({ cells }: Notebook): string[] =>
  cells
    .flatMap((cell) => cell.outputs ?? [])
    .flatMap(({ data }) =>
      data?.['image/png'] ? [Buffer.from(data['image/png'], 'base64').toString()] : [],
    );

describe('a session of which eda was run again after prep', () => {
  let session: Session;
  let path: string;
  let first: string;
  let second: string;
  beforeAll(async () => {
    session = await newSession(api, 'ann');
    path = `/api/sessions/${session.id}`;
    const prep = await storeCheckpoint(api, session, {
      'prep/figures/rows.png': 'picture of prep',
      'prep/report.md': '# Prep\n\n![rows](figures/rows.png)',
      'prep/data/train.parquet': 'rows',
    });
    await storeStep(api, session, {
      ...{ stage: 'prep', turn: 1, title: 'Split', checkpoint: prep },
      code: "pd.read_csv(paths.dataset / 'penguins.csv').to_parquet('prep/data/train.parquet')",
      changed: ['prep/figures/rows.png', 'prep/data/train.parquet'],
    });
    const drawn = await storeCheckpoint(api, session, {
      'eda/figures/size.png': 'first drawing',
      'eda/scripts/step_01_look.py': 'draw()',
    });
    first = await storeStep(api, session, {
      ...{ stage: 'eda', turn: 1, title: 'Look', run: 2, checkpoint: drawn, stdout: 'seen\n' },
      ...{ code: 'draw()', script: 'eda/scripts/step_01_look.py' },
      changed: ['eda/figures/size.png', 'eda/scripts/step_01_look.py'],
    });
    const files = {
      'eda/figures/size.png': PICTURE,
      'eda/scripts/step_01_look.py': 'draw()',
      'eda/a b.md': '#',
    };
    const redrawn = await storeCheckpoint(api, session, { ...files, out: { link: '/etc/passwd' } });
    second = await storeStep(api, session, {
      ...{ stage: 'eda', turn: 2, title: 'Draw again', run: 2, checkpoint: redrawn },
      code: "plt.imread('eda/figures/size.png'); draw()",
      changed: ['eda/figures/size.png'],
    });
  });

  const as = (owner: string) => ({ owner });

  test(
    'the notebook shows each script’s figures as it left them, also of a stage that is not ' +
      'there any more',
    async () => {
      const notebook = await json<Notebook>(call(api, `${path}/notebook.ipynb`, as('ann')));
      expect(pictures(notebook)).toEqual(['first drawing', 'picture of eda', 'picture of prep']);
      const text = notebook.cells.map(({ source }) => source.join('')).join('\n');
      expect(text).toContain('![rows](prep/figures/rows.png)');
      expect(text).toMatch(/## EDA[\s\S]*## Prep/);
    },
  );

  test('the notebook brings decisions.json in the form that another session begins with', async () => {
    const reason = "it's '''quoted''' \\ – 🐧";
    const row = {
      id: newId(),
      session_id: session.id,
      stage: 'prep' as const,
      run: null,
      by: 'agent' as const,
    };
    await api.db.transaction((tx) =>
      insertDecisions(tx, [{ ...row, key: 'split.by', value: 'größe', reason }]),
    );
    const notebook = await json<Notebook>(call(api, `${path}/notebook.ipynb`, as('ann')));
    const [source = ''] = notebook.cells
      .map((cell) => cell.source.join(''))
      .filter((each) => each.includes('decisions.json'));
    const [, written = ''] = /r'''(.*?)'''/s.exec(source) ?? [];
    expect(written).toMatch(/^[\n -~]+$/);
    const { decisions, ...file } = LedgerFileSchema.parse(JSON.parse(written));
    expect(file).toEqual({ version: 1, session: session.id });
    expect(decisions.map(({ key, value, by }) => [key, value, by])).toEqual([
      ['target', 'species', 'person'],
      ['split.by', 'größe', 'agent'],
    ]);
    expect(decisions[1]?.reason).toBe(reason);
  });

  test('lineage tells what was seen from what a script declares', async () => {
    const { edges, bases } = await json<Lineage>(call(api, `${path}/lineage`, as('ann')));
    expect(bases.declared).toBe('declared by path in the script');
    expect(edges).toContainEqual({
      ...{ from: 'file:eda/figures/size.png', to: `step:${second}`, kind: 'reads', basis: 'declared' },
    });
    expect(edges).toContainEqual({
      ...{ from: `step:${first}`, to: 'file:eda/figures/size.png', kind: 'writes', basis: 'observed' },
    });
    for (const { kind, basis } of edges) expect(basis).toBe(kind === 'writes' ? 'observed' : 'declared');
  });

  test('one step comes with its code, and with its files as far as they are still what it wrote', async () => {
    const step = await json(call(api, `${path}/steps/${first}`, as('ann')));
    expect(step).toMatchObject({
      ...{ id: first, stage: 'eda', run: 2, title: 'Look', code: 'draw()', output: { stdout: 'seen\n' } },
      script: { path: 'eda/scripts/step_01_look.py', href: `${path}/files/eda/scripts/step_01_look.py` },
      files: [{ path: 'eda/figures/size.png', size: 13, href: null }],
      output_href: `${path}/events`,
    });
    const other = await newSession(api, 'ann');
    for (const at of [
      `/api/sessions/${other.id}/steps/${first}`,
      `${path}/steps/${newId()}`,
      `${path}/steps/1`,
    ])
      expect((await call(api, at, as('ann'))).status).toBe(404);
  });

  test('what a script printed comes byte for byte, from the row or from beside it', async () => {
    const bytes = Buffer.from([0x0d, 0x31, 0x00, 0xff, 0x1b, 0x5b, 0x4b, 0x0a]);
    const blob = createHash('sha256').update(bytes).digest('hex');
    await api.dependencies.blobs.put(blob, bytes, { size: bytes.length });
    await api.db.query(`update steps set output = output || $2 where id = $1`, [
      second,
      { stderr_blob: blob },
    ]);
    const printed = (step: string, stream: string) =>
      call(api, `${path}/steps/${step}/output/${stream}`, as('ann'));
    const answer = await printed(second, 'stderr');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="Draw again.stderr.log"/,
    );
    expect(await (await printed(first, 'stdout')).text()).toBe('seen\n');
    const others = [printed(second, 'stdin'), printed(newId(), 'stdout')];
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([400, 404]);
    expect((await call(api, `${path}/steps/${first}/output/stdout`, as('bob'))).status).toBe(404);
  });

  test('the archive holds the files, the data and what scripts need; a link leads nowhere', async () => {
    const answer = await call(api, `${path}/archive.zip`, as('ann'));
    const { name } = await json<{ name: string }>(
      call(api, `/api/experiments/${session.experiment_id}`, as('ann')),
    );
    const named = answer.headers.get('content-disposition');
    expect(named).toMatch(/^attachment; /);
    expect(named).toContain(`filename="${name}-${session.id.slice(-6)}.zip"`);
    const names = zipNames(Buffer.from(await answer.arrayBuffer()));
    expect(names).toEqual(
      expect.arrayContaining([
        ...['README.txt', 'requirements.txt', 'tempera/__init__.py', 'trainable/__init__.py'],
        ...['dataset/penguins.csv', 'eda/a b.md', 'eda/figures/size.png'],
      ]),
    );
    expect(names).not.toContain('out');
    const part = await call(api, `${path}/archive.zip?path=eda/figures`, as('ann'));
    expect(zipNames(Buffer.from(await part.arrayBuffer()))).toEqual(['eda/figures/size.png']);
  });

  test.each(['archive.zip', 'notebook.ipynb', 'lineage', 'steps'])(
    'another owner’s %s is not there',
    async (what) => {
      const step = what === 'steps' ? `steps/${first}` : what;
      expect((await call(api, `${path}/${step}`, as('bob'))).status).toBe(404);
      expect((await call(api, `/api/sessions/..%2f${session.id}/${step}`, as('ann'))).status).toBe(404);
    },
  );

  test.each([
    ['..', 400],
    ['../..', 400],
    ['%2e%2e%2fx', 400],
    ['/etc', 400],
    ['eda%00', 400],
    ['eda/../../x', 400],
    ['out', 404],
    ['nothing', 404],
  ])('an archive of ?path=%s is refused with %i', async (folder, status) => {
    const headers = { 'x-test-owner': 'ann' };
    const answer = await raw(api, `${path}/archive.zip?path=${folder}`, { headers });
    expect([folder, answer.status]).toEqual([folder, status]);
    expect(answer.text).not.toMatch(/root:|PK/);
  });
});

test('a session without a file has no archive, and a notebook and a lineage of what there is', async () => {
  const { id } = await newSession(api);
  expect((await call(api, `/api/sessions/${id}/archive.zip`)).status).toBe(404);
  expect((await json<Notebook>(call(api, `/api/sessions/${id}/notebook.ipynb`))).cells.length).toBe(3);
  expect(await json(call(api, `/api/sessions/${id}/lineage`))).toMatchObject({
    nodes: [{ id: 'dataset:penguins.csv' }],
    edges: [],
  });
});

test('a huge session comes whole as an archive, and as a notebook without what is too large for one', async () => {
  const session = await newSession(api);
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, at) => [`eda/data/${at}.csv`, `${at % 7}`]),
  );
  const large = { 'train/models/model.pkl': randomBytes(2 * MEBIBYTE) };
  const figures = { 'eda/figures/huge.png': randomBytes(17 * MEBIBYTE), 'eda/figures/small.png': PICTURE };
  const report = { 'eda/report.md': `# Eda\n${'x'.repeat(MEBIBYTE)}` };
  const checkpoint = await storeCheckpoint(api, session, { ...many, ...large, ...figures, ...report });
  await storeStep(api, session, {
    ...{ stage: 'eda', turn: 1, title: 'All', code: '1', checkpoint, stdout: 'y'.repeat(MEBIBYTE) },
    changed: Object.keys(figures),
  });
  const zip = await download(`/api/sessions/${session.id}/archive.zip`);
  expect(zip.length).toBeGreaterThan(19 * MEBIBYTE);
  expect(zipNames(zip).filter((name) => /^eda\/data\//.test(name))).toHaveLength(300);
  const notebook: Notebook = JSON.parse(String(await download(`/api/sessions/${session.id}/notebook.ipynb`)));
  expect(pictures(notebook)).toEqual([PICTURE.toString()]);
  expect(JSON.stringify(notebook).length).toBeLessThan(2 * MEBIBYTE);
}, 60_000);

test('agents say what they are, and what of the caller’s they work on', async () => {
  const session = await newSession(api, 'eve');
  await api.db.query(
    `update sessions set state = 'prep_running', waiting = '{"reason":"slot"}' where id = $1`,
    [session.id],
  );
  const agents = async (owner: string) =>
    (await json<{ items: AgentRecord[] }>(call(api, '/api/agents', { owner }))).items;
  const [eda, prep, train] = await agents('eve');
  expect([eda?.id, prep?.id, train?.id]).toEqual(['eda', 'prep', 'train']);
  expect(eda).toMatchObject({
    name: 'Exploration',
    description: expect.stringMatching(/^Finds out .*\.$/),
    role: expect.stringContaining('report.md'),
    tool_ids: expect.arrayContaining(['execute_code', 'finish']),
    working: [],
  });
  expect(prep?.working).toMatchObject([
    { session_id: session.id, waiting: { reason: 'slot' }, follow_up: false },
  ]);
  expect((await agents('mallory')).flatMap(({ working }) => working)).toEqual([]);
});
