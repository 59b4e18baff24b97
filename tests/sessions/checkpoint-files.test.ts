/**
 * No file is lost silently, from an agent's script to a person's disk: names of any bytes, files with holes, what
 * cannot
 * be kept; and what is kept is bounded: by a session's limit, and by its cancel.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '../../core/records.ts';
import { createDatabase } from '../../db/index.ts';
import { temperaHere } from '../pipelines/command-line.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';

const GIBIBYTE = 1024 * 1024 * 1024;
const LIMIT = 24_000_000;

/** The text of each odd file's name, and the name under which a zip or a disk has it. */
const ODD: Readonly<Record<string, string>> = {
  'eda/back\\\\slash': 'eda/back%5Cslash',
  'eda/two\\nlines': 'eda/two%0Alines',
  'eda/bell\\x07': 'eda/bell%07',
  'eda/no utf-8 \\xff': 'eda/no utf-8 %FF',
  'eda/turned \\u202e': 'eda/turned %E2%80%AE',
  'eda/C:drive %2e%2e': 'eda/C:drive %2e%2e',
  'eda/fold\\ner/in\\\\it': 'eda/fold%0Aer/in%5Cit',
};
const MAKE_ODD = `
import os
for name in [b'back\\\\slash', b'two\\nlines', b'bell\\x07', b'no utf-8 \\xff', 'turned \\u202e'.encode(),
             b'C:drive %2e%2e', b'fold\\ner/in\\\\it']:
    path = b'eda/' + name
    os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, 'wb').write(b'content')
os.mkfifo('eda/pipe')
print('made', flush=True)
`;
const MAKE_HOLES = `
with open('eda/holes.bin', 'wb') as file:
    file.truncate(${GIBIBYTE}); file.seek(${GIBIBYTE / 2}); file.write(b'value')
`;
const HUGE = (turn: number) => `
import os
open('eda/huge.bin', 'wb').write(os.urandom(8_000_000))
print(${turn})
`;
const LASTING = `
import time
open('eda/lasting.bin', 'wb').write(b'x' * 1000)
print('begun', flush=True)
time.sleep(600)
`;

describe('the files of a session', () => {
  let scripted: ScriptedPlatform;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tempera-kept-'));
    const eda = [
      [code('odd names', MAKE_ODD)],
      [code('holes', MAKE_HOLES)],
      ...[1, 2, 3, 4, 5].map((turn) => [code(`huge ${turn}`, HUGE(turn))]),
      [code('report', VALID_EDA)],
      [finish('done')],
    ];
    const environment = { MAX_CHECKPOINT_BYTES: String(LIMIT), CANCEL_UPLOAD_SECONDS: '0' };
    scripted = await startScripted({ eda, prep: [[code('lasting', LASTING)]] }, { environment });
    session = await startEda(scripted);
    await rest().waitFor(session, ['eda_done']);
  }, 300_000);
  afterAll(async () => {
    await scripted?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  let session = '';
  const rest = () => scripted.platform.rest;
  const home = () => scripted.platform.home;
  const url = () => rest().url;
  const listed = async (id: string) =>
    (
      await rest().get<{ entries: { path: string; kind: string }[] }>(`/api/sessions/${id}/files`)
    ).entries.map(({ path }) => path);
  const step = async (title: string) => (await rest().steps(session)).find((each) => each.title === title);

  test('are listed under names that show what they are, and each is read by its own', async () => {
    expect(await listed(session)).toEqual(expect.arrayContaining(Object.keys(ODD)));
    for (const path of Object.keys(ODD)) {
      const at = path.split('/').map(encodeURIComponent).join('/');
      const answer = await fetch(`${url()}/api/sessions/${session}/files/${at}`);
      expect([answer.status, await answer.text()]).toEqual([200, 'content']);
    }
    const folderOnly = await rest().get<{ entries: { path: string }[] }>(
      `/api/sessions/${session}/files?${new URLSearchParams({ path: 'eda/fold\\ner' })}`,
    );
    expect(folderOnly.entries.map(({ path }) => path)).toEqual(['eda/fold\\ner/in\\\\it']);
    const artifacts = await rest().get<{ items: { path: string; s3_path: string }[] }>(
      `/api/sessions/${session}/artifacts`,
    );
    const keys = new Map(artifacts.items.map((artifact) => [artifact.path, artifact.s3_path]));
    for (const path of Object.keys(ODD)) expect(keys.get(path)).toMatch(/^sessions\/[^\\\p{Cc}]+$/u);
  });

  test('are in the archive, which says which is which', async () => {
    const answer = await fetch(`${url()}/api/sessions/${session}/archive.zip`);
    const zip = join(folder, 'archive.zip');
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.length).toBeLessThan(64_000_000);
    writeFileSync(zip, bytes);
    const list = execFileSync('python3', ['-c', ZIP_NAMES, zip], { encoding: 'utf8' });
    const names: Record<string, number> = JSON.parse(list);
    for (const [text, name] of Object.entries(ODD)) expect([text, names[name]]).toEqual([text, 7]);
    expect(names['eda/holes.bin']).toBe(GIBIBYTE);
    const table = execFileSync('python3', ['-c', ZIP_TEXT, zip, 'file-names.tsv'], { encoding: 'utf8' });
    expect(table).toContain('eda/two%0Alines\teda/two\\nlines\n');
  }, 60_000);

  test('come by the command line, their holes as holes', async () => {
    const out = join(folder, 'out');
    const ended = await temperaHere(['files', session, '--out', out], { home: home() });
    expect(ended).toMatchObject({ code: 0 });
    for (const name of Object.values(ODD)) expect(readFileSync(join(out, name), 'utf8')).toBe('content');
    const holes = statSync(join(out, 'eda/holes.bin'));
    expect([holes.size, holes.blocks * 512 < 1_000_000]).toEqual([GIBIBYTE, true]);
  }, 60_000);

  test('take what they hold and not what they span', () => {
    expect(taken(home())).toBeLessThan(GIBIBYTE / 2);
  });

  test('that cannot be kept are told to the agent and to people', async () => {
    const events = await rest().events(session);
    const made = await step('odd names');
    const ended = events.find(({ type, data }) => type === 'tool_end' && data.step === made?.id);
    expect(String(ended?.data.output)).toMatch(/NOT KEPT.*eda\/pipe: a fifo cannot be kept/);
    const checkpoint = events.find(({ type, data }) => type === 'checkpoint' && data.step === made?.id);
    expect(checkpoint?.data.refused).toEqual(['eda/pipe: a fifo cannot be kept']);
  });

  test('are kept up to a limit: the oldest are given up, by name, and the last are there', async () => {
    const database = createDatabase({ url: scripted.platform.variables().DATABASE_URL ?? '' });
    const [stored] = await database.query<{ bytes: number }>(
      `select sum(size)::float8 as bytes from blobs where sha256 in
       (select sha256 from blob_references where session_id = $1)`,
      [session],
    );
    await database.close();
    expect(stored?.bytes).toBeLessThanOrEqual(LIMIT);
    const fork = async (title: string) =>
      rest().send<Session & { detail?: string }>('POST', `/api/sessions/${session}/fork`, {
        step: (await step(title))?.id,
      });
    const early = await fork('huge 1');
    expect([early.status, JSON.stringify(early.body)]).toEqual([
      409,
      expect.stringContaining('MAX_CHECKPOINT_BYTES'),
    ]);
    const late = await fork('report');
    expect(late.status).toBe(201);
    expect(await listed(late.body.id)).toEqual(expect.arrayContaining(Object.keys(ODD)));
  });

  test('are uploaded no longer than their session’s cancel allows, and that is said', async () => {
    await rest().send('POST', `/api/sessions/${session}/stages/prep/start`, {});
    await rest().waitForEvent(
      session,
      ({ type, data }) => type === 'code_output' && String(data.text).includes('begun'),
    );
    await rest().send('POST', `/api/sessions/${session}/cancel`, {});
    await rest().waitFor(session, ['cancelled']);
    const lasting = await step('lasting');
    expect(lasting).toMatchObject({ state: 'cancelled', checkpoint: null });
    const ended = (await rest().events(session)).find(
      ({ type, data }) => type === 'tool_end' && data.step === lasting?.id,
    );
    expect(String(ended?.data.output)).toMatch(/NOT KEPT.*CANCEL_UPLOAD_SECONDS/);
    expect(await listed(session)).not.toContain('eda/lasting.bin');
  }, 60_000);
});

const ZIP_NAMES = `
import json, sys, zipfile
print(json.dumps({entry.filename: entry.file_size for entry in zipfile.ZipFile(sys.argv[1]).infolist()}))
`;
const ZIP_TEXT = `
import sys, zipfile
print(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())
`;

/** Bytes that all below a folder takes on the disk. */
function taken(folder: string): number {
  return Number.parseInt(execFileSync('du', ['-s', '--block-size=1', folder], { encoding: 'utf8' }), 10);
}
