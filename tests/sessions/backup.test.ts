/**
 * A back-up restored on an empty home while a session waited: it takes its answer there and goes on, nothing is paid
 * twice, what was finished is there byte for byte. What cannot be restored is refused, and leaves nothing.
 */

import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Manifest, readManifest } from '../../platform/backup/manifest.ts';
import { tempera } from '../pipelines/command-line.ts';
import { readText } from '../pipelines/pipeline.ts';
import { expectSound, withDatabase } from '../platform/invariants.ts';
import { type OwnPlatform, startPlatform } from '../platform/platform.ts';
import {
  byStage,
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  tool,
  VALID_EDA,
} from '../platform/scripted.ts';

const SCRIPT = byStage({
  eda: [[code('a report', VALID_EDA)], [tool('ask_user', { question: 'Go on?' })], [finish('done')]],
});

let folder: string;
let scripted: ScriptedPlatform;
let other: OwnPlatform | undefined;
let waiting: string;
let question: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tempera-backup-'));
  scripted = await startScripted({});
  scripted.model.setScript(SCRIPT);
  waiting = await startEda(scripted);
  const asked = await scripted.platform.rest.waitForEvent(waiting, (event) => event.type === 'question');
  question = String(asked.data.id);
}, 240_000);
afterAll(async () => {
  await scripted?.stop();
  await other?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const backup = () => join(folder, 'first');
const restored = () => join(folder, 'home');
const restore = (from: string, home: string) => tempera(['restore', from], { home, folder });

test('a back-up of what runs is restored on an empty home, where a session that waited goes on', async () => {
  const { platform, model } = scripted;
  const made = await tempera(['backup', backup()], { home: platform.home, folder });
  expect([made.code, made.err]).toEqual([0, '']);
  const report = await readText(platform.rest.url, waiting, 'eda/report.md');
  const before = await platform.rest.usage(waiting);
  const events = await platform.rest.events(waiting);
  await platform.stop();

  const done = await restore(backup(), restored());
  expect([done.code, done.err]).toEqual([0, '']);
  const environment = { ANTHROPIC_API_KEY: 'test-key', ANTHROPIC_BASE_URL: model.url };
  other = await startPlatform({ home: restored(), environment });
  const { rest } = other;
  expect((await rest.events(waiting)).slice(0, events.length)).toEqual(events);
  expect(await readText(rest.url, waiting, 'eda/report.md')).toBe(report);
  const answered = await rest.send('POST', `/api/sessions/${waiting}/answers/${question}`, { text: 'yes' });
  expect(answered.status).toBeLessThan(300);
  await rest.waitFor(waiting, ['eda_done']);
  const after = await rest.usage(waiting);
  // one more turn, and none of those before it again
  expect(after.requests).toBe(before.requests + 1);
  await expectSound(other, waiting);
  const [sequence] = await withDatabase(other, (database) =>
    database.query<{ ok: boolean }>('select max(epoch) < nextval($1) as ok from steps', ['epochs']),
  );
  expect(sequence?.ok).toBe(true);
}, 240_000);

test('what cannot be restored is refused with its reason, and leaves nothing', async () => {
  const home = join(folder, 'unused');
  const copy = () => {
    const target = mkdtempSync(join(folder, 'copy-'));
    cpSync(backup(), target, { recursive: true });
    return target;
  };
  const rewritten = (change: (manifest: Manifest) => Manifest) => {
    const target = copy();
    writeFileSync(join(target, 'manifest.json'), JSON.stringify(change(readManifest(target))));
    return target;
  };
  const damaged = copy();
  appendFileSync(join(damaged, 'tables', 'events.jsonl.gz'), 'x');
  const content = copy();
  rmSync(join(content, 'objects'), { recursive: true });
  const unfinished = copy();
  rmSync(join(unfinished, 'manifest.json'));
  const refusals: [string, RegExp][] = [
    [rewritten((manifest) => ({ ...manifest, format: manifest.format + 1 })), /newer release/],
    [
      rewritten((manifest) => ({
        ...manifest,
        migrations: [...manifest.migrations, { name: '9999_later.sql', sha256: 'x' }],
      })),
      /9999_later.*Upgrade first/,
    ],
    [rewritten((manifest) => ({ ...manifest, bucket: 'another' })), /S3_BUCKET=another/],
    [damaged, /events\.jsonl\.gz is damaged/],
    [content, /content of .* is missing/],
    [unfinished, /not finished/],
    [join(folder, 'nowhere'), /not finished/],
  ];
  for (const [from, reason] of refusals) {
    const refused = await restore(from, home);
    expect([from, refused.code, refused.err]).toEqual([from, 4, expect.stringMatching(reason)]);
    expect([existsSync(home), existsSync(`${home}.restoring`)]).toEqual([false, false]);
  }
  expect(await restore(backup(), folder)).toMatchObject({
    code: 4,
    err: expect.stringContaining('is in use'),
  });
  expect(await tempera(['backup', backup()], { home: restored(), folder })).toMatchObject({
    ...{ code: 4, err: expect.stringContaining('not empty') },
  });
}, 240_000);
